#pragma once

#include "core/base/byte_reader.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sporvakt::dns {

/// RFC 1035 §4.1.1 and RFC 6891 §9.  Over 15 only with EDNS.
enum class Rcode : std::uint8_t {
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
    BadVers = 16,
    BadCookie = 23,  ///< RFC 7873 §8
};

/// Info-codes of RFC 8914 §4 that we send.
enum class ExtendedError : std::uint16_t {
    Other = 0,
    StaleAnswer = 3,
    DnssecBogus = 6,
    SignatureExpired = 7,
    SignatureNotYetValid = 8,
    DnskeyMissing = 9,
    RrsigsMissing = 10,
    NsecMissing = 12,
    Blocked = 15,
    Prohibited = 18,
    StaleNxDomain = 19,
    NoReachableAuthority = 22,
    NetworkError = 23,
};

constexpr std::size_t kHeaderLength = 12;
constexpr std::size_t kNameLengthMax = 255;  ///< On the wire (RFC 1035 §2.3.4).
constexpr std::size_t kQuestionLengthMax = kNameLengthMax + 4;
constexpr std::size_t kMessageLengthMax = 65535;

/// What fits every path without fragments (DNS flag day 2020), and what a client without EDNS
/// takes (RFC 1035 §4.2.1).
constexpr std::size_t kUdpSizeOurs = 1232;
constexpr std::size_t kUdpSizePlain = 512;

constexpr std::uint16_t kClassIn = 1;

// Second word of the header.
constexpr std::uint16_t kFlagReply = 0x8000;
constexpr std::uint16_t kOpcodeMask = 0x7800;
constexpr std::uint16_t kFlagTruncated = 0x0200;
constexpr std::uint16_t kFlagRecursionDesired = 0x0100;
constexpr std::uint16_t kFlagRecursionAvailable = 0x0080;
constexpr std::uint16_t kFlagAuthenticData = 0x0020;
constexpr std::uint16_t kFlagCheckingDisabled = 0x0010;
constexpr std::uint16_t kRcodeMask = 0x000f;

/// Where the name that begins at `at` ends, pointers not followed; empty when it is cut short or
/// breaks RFC 1035 §4.1.4.
std::optional<std::size_t> end_of_name(Bytes message, std::size_t at);

/// A name as on the wire, without compression.  A value; nothing is allocated.
class WireName {
public:
    /// `name` is in DomainName's form; empty is the root.
    explicit WireName(std::string_view name);

    [[nodiscard]] Bytes bytes() const { return Bytes(bytes_).first(length_); }

private:
    std::array<std::uint8_t, kNameLengthMax> bytes_{};
    std::size_t length_ = 0;
};

/// One resource record's fixed part, found in a message.
struct RecordPlace {
    std::uint16_t type = 0;
    std::uint16_t record_class = 0;
    std::size_t name_at = 0;
    std::size_t ttl_at = 0;
    std::size_t data_at = 0;
    std::size_t end = 0;
};

/// The record that begins at `at`; empty when the message ends before the record does.
std::optional<RecordPlace> record_at(Bytes message, std::size_t at);

}  // namespace sporvakt::dns
