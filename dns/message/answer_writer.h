#pragma once

#include "core/base/ip_address.h"
#include "dns/message/query.h"
#include "dns/message/wire.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sporvakt::dns {

/// Room that every answer of our own fits into, so that it fits every client.
constexpr std::size_t kOwnAnswerLengthMax = kUdpSizePlain;

/// What an answer says besides its records (RFC 8914).  Text over kErrorTextMax bytes is cut.
struct ErrorReport {
    ExtendedError code = ExtendedError::NetworkError;
    std::string_view text;
};

constexpr std::size_t kErrorTextMax = 120;

/// Writes one answer of our own into bytes that it does not own: header, the question as it was
/// asked, records that all belong to the name asked for or to what it is an alias of, and EDNS when
/// the client used it.
///
/// Call records first (answers, then authority), finish() last.  Not thread-safe.
class AnswerWriter {
public:
    /// `out` has at least kOwnAnswerLengthMax bytes.
    AnswerWriter(std::span<std::uint8_t> out, const Query& query);

    AnswerWriter& rcode(Rcode rcode);
    AnswerWriter& address(const IpAddress& address, std::uint32_t ttl);
    /// CNAME; what follows belongs to `target`, given as wire bytes without compression.
    AnswerWriter& alias(Bytes target, std::uint32_t ttl);
    /// HINFO with an empty OS (RFC 8482 §4.2).
    AnswerWriter& host_info(std::string_view cpu, std::uint32_t ttl);
    /// A name without compression, given as wire bytes.
    AnswerWriter& pointer(Bytes target, std::uint32_t ttl);
    /// SVCB, its data given as wire bytes (RFC 9460 §2.2).
    AnswerWriter& service(Bytes data, std::uint32_t ttl);
    /// The SOA that lets a client remember "there is none" for `ttl` seconds (RFC 2308 §3).
    AnswerWriter& negative(std::uint32_t ttl);

    std::size_t finish();
    std::size_t finish(const ErrorReport& report);

private:
    AnswerWriter& record(RecordType type, std::uint32_t ttl, Bytes data);
    void count_up(std::size_t at);

    std::span<std::uint8_t> out_;
    const Query& query_;
    std::size_t length_ = 0;
    std::uint16_t owner_;  ///< A pointer to the name that records belong to.
    Rcode rcode_ = Rcode::NoError;
};

/// The header of an answer to `query`, all counts but the question's 0, and the question.
/// Returns where the next record goes.
std::size_t write_question(std::span<std::uint8_t> out, const Query& query);

/// What finish_edns() will add at most, padding excepted: that takes what room is left.
std::size_t edns_length(const Query& query, const ErrorReport* report);

/// Appends our OPT record when the client used EDNS (RFC 6891 §6.1.1), with the report and
/// Query::edns_reply(), and counts it in the header.
/// Returns the new length.
std::size_t finish_edns(std::span<std::uint8_t> out, std::size_t length, const Query& query,
                        const ErrorReport* report);

/// An answer to a message that is no readable question: its id and opcode, nothing else.
/// `message` and `out` have at least a header.
std::size_t write_bare_error(std::span<std::uint8_t> out, Bytes message, Rcode rcode);

/// "Too long for UDP, ask again by TCP" (RFC 2181 §9).
std::size_t write_truncated(std::span<std::uint8_t> out, const Query& query);

}  // namespace sporvakt::dns
