#include "dns/answers/refusals.h"

#include "dns/message/answer_writer.h"

namespace sporvakt::dns {
namespace {

constexpr std::uint32_t kAnyTtl = 3789;  // RFC 8482 §4.2's example: long, for it never changes

// OPT itself, and the types that ask about the conversation instead of a name (RFC 6895 §3.1).
bool is_meta(RecordType type) {
    const auto number = static_cast<unsigned>(type);
    return type == RecordType::Opt || number == 0 || (number >= 128 && number < 255);
}

}  // namespace

Count count_of(QueryFault fault) {
    switch (fault) {
        case QueryFault::TooShort:
            return Count::TooShort;
        case QueryFault::IsReply:
            return Count::IsReply;
        case QueryFault::Opcode:
            return Count::Refused;
        case QueryFault::QuestionCount:
            return Count::QuestionCount;
        case QueryFault::ExtraRecords:
            return Count::ExtraRecords;
        case QueryFault::BadName:
            return Count::BadName;
        case QueryFault::CutShort:
            return Count::CutShort;
        case QueryFault::TrailingBytes:
            return Count::TrailingBytes;
        case QueryFault::BadEdns:
            return Count::BadEdns;
    }
    return Count::BadName;
}

std::size_t write_fault(std::span<std::uint8_t> out, Bytes message, QueryFault fault) {
    if (fault == QueryFault::TooShort || fault == QueryFault::IsReply) {
        return 0;
    }
    return write_bare_error(out, message,
                            fault == QueryFault::Opcode ? Rcode::NotImp : Rcode::FormErr);
}

std::size_t write_prohibited(std::span<std::uint8_t> out, const Query& query) {
    return AnswerWriter(out, query)
        .rcode(Rcode::Refused)
        .finish(ErrorReport{ExtendedError::Prohibited, "not a network that may ask here"});
}

std::size_t write_over_limit(std::span<std::uint8_t> out, const Query& query) {
    return AnswerWriter(out, query)
        .rcode(Rcode::Refused)
        .finish(ErrorReport{ExtendedError::Other, "over the limit of questions a second"});
}

std::size_t write_refusal(std::span<std::uint8_t> out, const Query& query) {
    if (query.has_edns() && query.edns_version() > 0) {
        return AnswerWriter(out, query).rcode(Rcode::BadVers).finish();  // RFC 6891 §6.1.3
    }
    if (query.question_class() != kClassIn || is_meta(query.type())) {
        return AnswerWriter(out, query).rcode(Rcode::Refused).finish();
    }
    if (query.type() == RecordType::Any) {
        // Serves amplifiers, not households.
        return AnswerWriter(out, query).host_info("RFC8482", kAnyTtl).finish();
    }
    return 0;
}

}  // namespace sporvakt::dns
