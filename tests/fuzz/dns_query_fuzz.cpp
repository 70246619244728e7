#include "core/base/big_endian.h"
#include "core/base/domain_name.h"
#include "dns/answers/local_names.h"
#include "dns/answers/refusals.h"
#include "dns/answers/special_names.h"
#include "dns/message/answer_writer.h"
#include "dns/message/query.h"
#include "dns/message/reverse_name.h"
#include "dns/message/server_cookie.h"
#include "dns/serving/client.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

using namespace sporvakt;

namespace {

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

// An answer repeats the question to the letter, fits every client, and adds up.
void check_answer(const dns::Query& query, Bytes answer) {
    require(answer.size() <= dns::kUdpSizePlain);
    require(load16(answer, 0) == query.id());
    const Bytes repeated = answer.subspan(dns::kHeaderLength, query.question().size());
    require(std::equal(repeated.begin(), repeated.end(), query.question().begin()));
    const unsigned records = unsigned{load16(answer, 6)} + load16(answer, 8) + load16(answer, 10);
    std::size_t at = dns::kHeaderLength + query.question().size();
    for (unsigned read = 0; read < records; ++read) {
        const auto place = dns::record_at(answer, at);
        require(place.has_value());
        at = place->end;
    }
    require(at == answer.size());
}

// Whatever was asked for by options, an answer that says all we can say fits and adds up; and a
// cookie of ours is known again.
void check_options(dns::Query& query) {
    const dns::ServerCookies cookies(dns::CookieSecret{1, 2, 3});
    const IpAddress client = *IpAddress::from_text("192.168.1.9");
    const Timestamp now = Timestamp(std::chrono::seconds(1'800'000'000));
    const std::size_t length = query.options().cookie().size();
    require(length == 0 || length == dns::kClientCookieLength ||
            (length >= 16 && length <= dns::kCookieLengthMax));
    dns::EdnsReply reply;
    reply.keepalive = dns::kConnectionIdleMax;
    reply.padding_block = dns::kPaddingBlock;
    if (length > 0) {
        reply.cookie = cookies.answer_to(query.options().cookie(), client, now);
        require(cookies.is_valid(*reply.cookie, client, now));
        require(!cookies.is_valid(query.options().cookie(), client, now));
    }
    query.reply_with(reply);
    std::array<std::uint8_t, dns::kOwnAnswerLengthMax> out{};
    const dns::ErrorReport report{dns::ExtendedError::Blocked, "a reason"};
    check_answer(query,
                 Bytes(out).first(dns::AnswerWriter(out, query).negative(10).finish(report)));
}

// The question alone, asked again, is the same question.
void check_asked_again(const dns::Query& query) {
    std::array<std::uint8_t, dns::kHeaderLength + dns::kQuestionLengthMax> bytes{};
    store16(bytes, 0, query.id());
    store16(bytes, 2, query.checking_disabled() ? dns::kFlagCheckingDisabled : 0);
    store16(bytes, 4, 1);
    const Bytes question = query.question();
    std::copy(question.begin(), question.end(), bytes.begin() + dns::kHeaderLength);
    const auto again = dns::Query::parse(Bytes(bytes).first(dns::kHeaderLength + question.size()));
    require(again.has_value());
    require(again->name() == query.name() && again->key().text() == query.key().text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes message(data, size);
    std::array<std::uint8_t, dns::kOwnAnswerLengthMax> out{};
    auto query = dns::Query::parse(message);
    if (!query) {
        require(dns::write_fault(out, message, query.error()) <= dns::kHeaderLength);
        return 0;
    }
    // What rules are matched against is always in the one form that rules are in.
    const auto name = DomainName::from_text(query->name());
    require(query->name().empty() || (name && name->text() == query->name()));
    require(!query->escaped_name().empty());

    const dns::ErrorReport report{dns::ExtendedError::Blocked, "a reason"};
    check_answer(*query,
                 Bytes(out).first(dns::AnswerWriter(out, *query).negative(10).finish(report)));
    if (const auto special = dns::special_answer(query->name(), query->type(), {})) {
        check_answer(*query, Bytes(out).first(dns::write_special_answer(out, *query, *special)));
    }
    if (const auto local = dns::LocalNames().find(*query)) {
        check_answer(*query, Bytes(out).first(dns::write_local_answer(out, *query, *local)));
    }
    static_cast<void>(dns::address_of_reverse_name(query->name()));
    const auto renamed = query->about(dns::WireName(query->name()));
    require(renamed.name() == query->name() && renamed.type() == query->type());
    if (const std::size_t length = dns::write_refusal(out, *query); length > 0) {
        check_answer(*query, Bytes(out).first(length));
    }
    check_asked_again(*query);
    check_options(*query);
    return 0;
}
