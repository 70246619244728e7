#include "core/ledger/fields.h"

#include "core/base/domain_name.h"

#include <limits>

namespace sporvakt::ledger {
namespace {

template <class Enum>
Parsed<Enum> read_enumeration(ByteReader& in, Enum last) {
    const std::uint8_t number = SPORVAKT_TRY(in.u8());
    if (number > static_cast<std::uint8_t>(last)) {
        return tl::unexpected(ParseError::Malformed);
    }
    return Enum{number};
}

bool continues_a_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;  // RFC 3629 §3
}

}  // namespace

bool is_time(Timestamp at) {
    return at >= Timestamp{} && at < kTimeMax;
}

bool is_name(std::string_view name) {
    const auto parsed = DomainName::from_text(name);
    return parsed && parsed->text() == name;
}

std::string_view cut_text(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) {
        return text;
    }
    std::size_t end = bytes_max;
    while (end > 0 && continues_a_character(text[end])) {
        --end;
    }
    return text.substr(0, end);
}

Parsed<std::string> read_text(ByteReader& in, std::size_t bytes_max) {
    const Bytes bytes = SPORVAKT_TRY(in.take_vector16());
    if (bytes.size() > bytes_max) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    return std::string(as_text(bytes));
}

Parsed<std::string> read_name(ByteReader& in) {
    std::string name = SPORVAKT_TRY(read_text(in, DomainName::kMaxLength));
    if (!is_name(name)) {
        return tl::unexpected(ParseError::Malformed);
    }
    return name;
}

Parsed<Timestamp> read_time(ByteReader& in) {
    const std::uint64_t milliseconds = SPORVAKT_TRY(in.u64());
    if (milliseconds >= milliseconds_of(kTimeMax)) {
        return tl::unexpected(ParseError::Malformed);
    }
    return Timestamp(std::chrono::milliseconds(milliseconds));
}

Parsed<devices::DeviceId> read_device(ByteReader& in) {
    return devices::DeviceId::from_stored(SPORVAKT_TRY(in.take(devices::DeviceId::kStoredLength)));
}

Parsed<trackers::Purpose> read_purpose(ByteReader& in) {
    return read_enumeration(in, trackers::kLastPurpose);
}

Parsed<Outcome> read_outcome(ByteReader& in) {
    return read_enumeration(in, Outcome::Leaked);
}

Parsed<NameSource> read_source(ByteReader& in) {
    return read_enumeration(in, NameSource::Inferred);
}

Parsed<Cause> read_cause(ByteReader& in) {
    return read_enumeration(in, Cause::Bypassed);
}

std::uint64_t milliseconds_of(Timestamp at) {
    return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

std::uint64_t saturating_sum(std::uint64_t left, std::uint64_t right) {
    const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - left;
    return left + (right < room ? right : room);
}

}  // namespace sporvakt::ledger
