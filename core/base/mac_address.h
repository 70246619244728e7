#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace sporvakt {

/// A 48-bit IEEE 802 address.
class MacAddress {
public:
    static constexpr std::size_t kLength = 6;

    constexpr MacAddress() = default;
    explicit constexpr MacAddress(const std::array<std::uint8_t, kLength>& bytes) : bytes_(bytes) {}

    /// Exactly six bytes.
    static Parsed<MacAddress> from_bytes(Bytes bytes);

    /// "3c:22:fb:12:34:01", any letter case.
    static Parsed<MacAddress> from_text(std::string_view text);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::array<std::uint8_t, kLength>& bytes() const { return bytes_; }

    /// Group addresses (broadcast, multicast) are nobody's device (IEEE 802, I/G bit).
    [[nodiscard]] bool is_group() const { return (bytes_[0] & 1U) != 0; }

    /// Made up by the device for its privacy; names no vendor (IEEE 802, U/L bit).
    [[nodiscard]] bool is_local() const { return (bytes_[0] & 2U) != 0; }

    friend bool operator==(const MacAddress&, const MacAddress&) = default;
    friend auto operator<=>(const MacAddress&, const MacAddress&) = default;

private:
    std::array<std::uint8_t, kLength> bytes_{};
};

}  // namespace sporvakt
