#include "core/devices/device_id.h"

#include <algorithm>

namespace sporvakt::devices {
namespace {

// Stored: never renumber.
constexpr std::uint8_t kKindMac = 1;
constexpr std::uint8_t kKindV4 = 4;
constexpr std::uint8_t kKindV6 = 6;

constexpr std::size_t kV4Length = 4;
constexpr std::size_t kV6Length = 16;

/// How many bytes of address follow the kind; nothing for kinds that do not exist.
std::optional<std::size_t> address_length(std::uint8_t kind) {
    switch (kind) {
        case kKindMac:
            return MacAddress::kLength;
        case kKindV4:
            return kV4Length;
        case kKindV6:
            return kV6Length;
        default:
            return std::nullopt;
    }
}

}  // namespace

DeviceId::DeviceId(const MacAddress& mac) {
    bytes_[0] = kKindMac;
    std::copy(mac.bytes().begin(), mac.bytes().end(), bytes_.begin() + 1);
}

DeviceId::DeviceId(const IpAddress& address) {
    const Bytes bytes = address.bytes();
    bytes_[0] = address.family() == IpFamily::V4 ? kKindV4 : kKindV6;
    std::copy(bytes.begin(), bytes.end(), bytes_.begin() + 1);
}

std::string DeviceId::text() const {
    if (const auto its_mac = mac()) {
        return its_mac->text();
    }
    const auto its_address = address();
    return its_address ? its_address->text() : std::string();
}

Parsed<DeviceId> DeviceId::from_text(std::string_view text) {
    if (const auto mac = MacAddress::from_text(text)) {
        return DeviceId(*mac);
    }
    return DeviceId(SPORVAKT_TRY(IpAddress::from_text(text)));
}

Parsed<DeviceId> DeviceId::from_stored(Bytes bytes) {
    if (bytes.size() != kStoredLength) {
        return tl::unexpected(ParseError::Truncated);
    }
    const auto length = address_length(bytes[0]);
    const auto is_zero = [](std::uint8_t byte) { return byte == 0; };
    if (!length || !std::all_of(bytes.begin() + 1 + static_cast<std::ptrdiff_t>(*length),
                                bytes.end(), is_zero)) {
        return tl::unexpected(ParseError::Malformed);
    }
    DeviceId id;
    std::copy(bytes.begin(), bytes.end(), id.bytes_.begin());
    return id;
}

std::optional<MacAddress> DeviceId::mac() const {
    if (bytes_[0] != kKindMac) {
        return std::nullopt;
    }
    return *MacAddress::from_bytes(Bytes(bytes_).subspan(1, MacAddress::kLength));
}

std::optional<IpAddress> DeviceId::address() const {
    if (bytes_[0] != kKindV4 && bytes_[0] != kKindV6) {
        return std::nullopt;
    }
    return *IpAddress::from_bytes(Bytes(bytes_).subspan(1, *address_length(bytes_[0])));
}

}  // namespace sporvakt::devices
