#include "dns/message/answer_writer.h"

#include "core/base/assert.h"
#include "core/base/big_endian.h"

#include <algorithm>
#include <array>

namespace sporvakt::dns {
namespace {

constexpr std::size_t kAnswerCountAt = 6;
constexpr std::size_t kAuthorityCountAt = 8;
constexpr std::size_t kAdditionalCountAt = 10;
constexpr std::uint16_t kPointer = 0xc000;  // RFC 1035 §4.1.4
constexpr std::uint16_t kPointerToQuestion = kPointer | kHeaderLength;
constexpr std::size_t kOptLength = 11;
constexpr std::uint32_t kDnssecOk = 0x8000;

std::size_t kept_text(const ErrorReport& report) {
    std::size_t kept = std::min(report.text.size(), kErrorTextMax);
    // Never inside a UTF-8 sequence: the text must be valid UTF-8 (RFC 8914 §2).
    while (kept > 0 && kept < report.text.size() &&
           (static_cast<unsigned char>(report.text[kept]) & 0xc0U) == 0x80U) {
        --kept;
    }
    return kept;
}

std::size_t report_length(const ErrorReport* report) {
    return report == nullptr ? 0 : kOptionHeaderLength + 2 + kept_text(*report);
}

}  // namespace

std::size_t write_question(std::span<std::uint8_t> out, const Query& query) {
    std::uint16_t flags = kFlagReply | kFlagRecursionAvailable;
    if (query.recursion_desired()) {
        flags |= kFlagRecursionDesired;
    }
    if (query.checking_disabled()) {
        flags |= kFlagCheckingDisabled;  // RFC 4035 §3.2.2
    }
    store16(out, 0, query.id());
    store16(out, 2, flags);
    store16(out, 4, 1);
    store16(out, kAnswerCountAt, 0);
    store16(out, kAuthorityCountAt, 0);
    store16(out, kAdditionalCountAt, 0);
    const Bytes question = query.question();
    std::copy(question.begin(), question.end(), out.begin() + kHeaderLength);
    return kHeaderLength + question.size();
}

std::size_t edns_length(const Query& query, const ErrorReport* report) {
    return query.has_edns() ? kOptLength + report_length(report) + length_of(query.edns_reply())
                            : 0;
}

std::size_t finish_edns(std::span<std::uint8_t> out, std::size_t length, const Query& query,
                        const ErrorReport* report) {
    if (!query.has_edns()) {
        return length;
    }
    SPORVAKT_ASSERT(length + edns_length(query, report) <= out.size());
    out[length] = 0;  // the root
    store16(out, length + 1, static_cast<std::uint16_t>(RecordType::Opt));
    store16(out, length + 3, kUdpSizeOurs);
    store32(out, length + 5, query.dnssec_ok() ? kDnssecOk : 0);
    std::size_t added = 0;
    if (report != nullptr) {
        const std::size_t at = length + kOptLength;
        const std::size_t kept = kept_text(*report);
        store16(out, at, static_cast<std::uint16_t>(EdnsOption::ExtendedError));
        store16(out, at + 2, static_cast<std::uint16_t>(kept + 2));
        store16(out, at + 4, static_cast<std::uint16_t>(report->code));
        std::copy_n(report->text.begin(), kept, out.begin() + static_cast<std::ptrdiff_t>(at + 6));
        added = report_length(report);
    }
    added += write_edns_reply(out, length + kOptLength + added, query.edns_reply());
    store16(out, length + 9, static_cast<std::uint16_t>(added));
    store16(out, kAdditionalCountAt,
            static_cast<std::uint16_t>(load16(out, kAdditionalCountAt) + 1));
    return length + kOptLength + added;
}

std::size_t write_bare_error(std::span<std::uint8_t> out, Bytes message, Rcode rcode) {
    std::fill_n(out.begin(), kHeaderLength, std::uint8_t{0});
    const std::uint16_t asked = load16(message, 2);
    store16(out, 0, load16(message, 0));
    store16(out, 2,
            static_cast<std::uint16_t>(kFlagReply | (asked & kOpcodeMask) |
                                       (asked & kFlagRecursionDesired) |
                                       static_cast<std::uint16_t>(rcode)));
    return kHeaderLength;
}

std::size_t write_truncated(std::span<std::uint8_t> out, const Query& query) {
    const std::size_t length = write_question(out, query);
    store16(out, 2, static_cast<std::uint16_t>(load16(out, 2) | kFlagTruncated));
    return finish_edns(out, length, query, nullptr);
}

AnswerWriter::AnswerWriter(std::span<std::uint8_t> out, const Query& query)
    : out_(out), query_(query), owner_(kPointerToQuestion) {
    SPORVAKT_ASSERT(out.size() >= kOwnAnswerLengthMax);
    length_ = write_question(out_, query_);
}

AnswerWriter& AnswerWriter::rcode(Rcode rcode) {
    rcode_ = rcode;
    return *this;
}

AnswerWriter& AnswerWriter::record(RecordType type, std::uint32_t ttl, Bytes data) {
    SPORVAKT_ASSERT(length_ + 12 + data.size() <= out_.size());
    store16(out_, length_, owner_);
    store16(out_, length_ + 2, static_cast<std::uint16_t>(type));
    store16(out_, length_ + 4, kClassIn);
    store32(out_, length_ + 6, ttl);
    store16(out_, length_ + 10, static_cast<std::uint16_t>(data.size()));
    std::copy(data.begin(), data.end(), out_.begin() + static_cast<std::ptrdiff_t>(length_ + 12));
    length_ += 12 + data.size();
    return *this;
}

void AnswerWriter::count_up(std::size_t at) {
    store16(out_, at, static_cast<std::uint16_t>(load16(out_, at) + 1));
}

AnswerWriter& AnswerWriter::address(const IpAddress& address, std::uint32_t ttl) {
    count_up(kAnswerCountAt);
    return record(address.family() == IpFamily::V4 ? RecordType::A : RecordType::Aaaa, ttl,
                  address.bytes());
}

AnswerWriter& AnswerWriter::alias(Bytes target, std::uint32_t ttl) {
    count_up(kAnswerCountAt);
    record(RecordType::Cname, ttl, target);
    owner_ = static_cast<std::uint16_t>(kPointer | (length_ - target.size()));
    return *this;
}

AnswerWriter& AnswerWriter::host_info(std::string_view cpu, std::uint32_t ttl) {
    std::array<std::uint8_t, 32> data{};
    SPORVAKT_ASSERT(cpu.size() + 2 <= data.size());
    data[0] = static_cast<std::uint8_t>(cpu.size());
    std::copy(cpu.begin(), cpu.end(), data.begin() + 1);
    count_up(kAnswerCountAt);
    constexpr auto kHostInfo = static_cast<RecordType>(13);
    return record(kHostInfo, ttl, Bytes(data).first(cpu.size() + 2));
}

AnswerWriter& AnswerWriter::pointer(Bytes target, std::uint32_t ttl) {
    count_up(kAnswerCountAt);
    return record(RecordType::Ptr, ttl, target);
}

AnswerWriter& AnswerWriter::service(Bytes data, std::uint32_t ttl) {
    count_up(kAnswerCountAt);
    return record(RecordType::Svcb, ttl, data);
}

AnswerWriter& AnswerWriter::negative(std::uint32_t ttl) {
    // Two root names, then serial, refresh, retry, expire and minimum.
    std::array<std::uint8_t, 2 + 5 * 4> data{};
    store32(data, 2, 1);
    store32(data, 6, 3600);
    store32(data, 10, 1200);
    store32(data, 14, 604800);
    store32(data, 18, ttl);
    count_up(kAuthorityCountAt);
    return record(RecordType::Soa, ttl, data);
}

std::size_t AnswerWriter::finish() {
    const auto low = static_cast<std::uint16_t>(static_cast<std::uint16_t>(rcode_) & kRcodeMask);
    store16(out_, 2, static_cast<std::uint16_t>(load16(out_, 2) | low));
    const std::size_t opt_at = length_;
    length_ = finish_edns(out_, length_, query_, nullptr);
    if (query_.has_edns()) {
        out_[opt_at + 5] = static_cast<std::uint8_t>(static_cast<unsigned>(rcode_) >> 4U);
    }
    return length_;
}

std::size_t AnswerWriter::finish(const ErrorReport& report) {
    SPORVAKT_ASSERT(rcode_ != Rcode::BadVers);
    store16(out_, 2,
            static_cast<std::uint16_t>(load16(out_, 2) | static_cast<std::uint16_t>(rcode_)));
    return finish_edns(out_, length_, query_, &report);
}

}  // namespace sporvakt::dns
