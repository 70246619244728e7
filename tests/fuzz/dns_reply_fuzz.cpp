#include "core/base/domain_name.h"
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
    dns::store16(query, 2, 0);
    dns::store16(query, 4, 1);
    for (const std::size_t count_at : {6U, 8U, 10U}) {
        dns::store16(query, count_at, 0);
    }
    return query;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto type = static_cast<RecordType>(size > 0 && data[0] % 2 == 1 ? 65 : 1);
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
        const std::size_t length =
            dns::write_stored_answer(room, *query, *answer, answer->received);
        require(length <= room.size());
    }
    return 0;
}
