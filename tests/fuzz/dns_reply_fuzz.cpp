#include "core/base/big_endian.h"
#include "core/base/domain_name.h"
#include "dns/message/common_reply.h"
#include "dns/message/inspection.h"
#include "dns/message/stored_answer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

using namespace sporvakt;

namespace {

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

// The client that asked just this.
std::vector<std::uint8_t> query_for(Bytes stored) {
    const std::size_t end = *dns::end_of_name(stored, dns::kHeaderLength) + 4;
    std::vector<std::uint8_t> query(stored.begin(),
                                    stored.begin() + static_cast<std::ptrdiff_t>(end));
    store16(query, 2, 0);
    store16(query, 4, 1);
    for (const std::size_t count_at : {6U, 8U, 10U}) {
        store16(query, count_at, 0);
    }
    return query;
}

// The reader of common replies must read as the general one does.
void require_agreement(Bytes reply, RecordType type) {
    const auto common = dns::read_common_reply(reply, type);
    if (!common) {
        return;
    }
    const auto any = dns::inspect_any_reply(reply, type);
    require(any.has_value() && common->targets == any->targets &&
            common->lifetime == any->lifetime && common->leads_inside == any->leads_inside &&
            common->plain.ttls_at.size() == any->plain.ttls_at.size());
    const auto reread = dns::inspect_any_reply(common->plain.bytes, type);
    require(reread.has_value() && reread->plain.bytes == any->plain.bytes);
}

/// What a client is given later on leads to the same places still: no name of it has changed with
/// the id, the flags and the aged TTLs.
void require_same_targets(Bytes given, RecordType type, const dns::StoredAnswer& answer) {
    if ((load16(given, 2) & dns::kFlagTruncated) == 0) {
        const auto read = dns::inspect_any_reply(given, type);
        require(read.has_value() && read->targets == answer.targets);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto type = static_cast<RecordType>(size > 0 && data[0] % 2 == 1 ? 65 : 1);
    require_agreement({data, size}, type);
    const auto answer = dns::inspect_reply({data, size}, type);
    if (!answer) {
        return 0;
    }
    require(answer->targets.size() <= dns::kTargetsMax);
    for (const auto& target : answer->targets) {
        const auto name = DomainName::from_text(target);
        require(name && name->text() == target);
    }
    require(answer->lifetime >= std::chrono::seconds(0) &&
            answer->lifetime <= dns::kPositiveLifetimeMax);
    // What we made of it leads to the same places.
    const auto again = dns::inspect_reply(answer->plain.bytes, type);
    require(again.has_value() && again->targets == answer->targets);

    const auto query = dns::Query::parse(query_for(answer->plain.bytes));
    if (query) {
        std::array<std::uint8_t, dns::kUdpSizeOurs> out{};
        const auto room = std::span(out).first(query->udp_answer_max());
        const std::size_t length = dns::write_stored_answer(
            room, *query, *answer, answer->received + std::chrono::seconds(7));
        require(length <= room.size());
        require_same_targets(Bytes(room).first(length), type, *answer);
    }
    return 0;
}
