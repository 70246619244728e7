#pragma once

#include "core/base/ip_address.h"
#include "core/base/mac_address.h"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sporvakt::devices {

/// Names a device: by its MAC address, or by its IP address where no MAC can be seen (behind
/// another router, or on this machine itself).  A small value; compares and hashes by its bytes.
class DeviceId {
public:
    static constexpr std::size_t kStoredLength = 17;

    DeviceId() = default;  ///< Nobody; never stored.
    explicit DeviceId(const MacAddress& mac);
    explicit DeviceId(const IpAddress& address);

    /// "3c:22:fb:12:34:01", "192.168.1.20" or "fd00::20": in URLs, the API and reports.
    [[nodiscard]] std::string text() const;
    static Parsed<DeviceId> from_text(std::string_view text);

    /// One byte of kind (1 MAC, 4 IPv4, 6 IPv6), then the address, then zeros.
    [[nodiscard]] const std::array<std::uint8_t, kStoredLength>& stored() const { return bytes_; }
    static Parsed<DeviceId> from_stored(Bytes bytes);

    [[nodiscard]] std::optional<MacAddress> mac() const;
    [[nodiscard]] std::optional<IpAddress> address() const;

    friend bool operator==(const DeviceId&, const DeviceId&) = default;
    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads the defaulted comparison.
    friend auto operator<=>(const DeviceId&, const DeviceId&) = default;

private:
    std::array<std::uint8_t, kStoredLength> bytes_{};
};

}  // namespace sporvakt::devices

template <>
struct std::hash<sporvakt::devices::DeviceId> {
    std::size_t operator()(const sporvakt::devices::DeviceId& id) const noexcept {
        return std::hash<std::string_view>{}(sporvakt::as_text(id.stored()));
    }
};
