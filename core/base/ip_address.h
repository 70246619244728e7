#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace sporvakt {

enum class IpFamily : std::uint8_t { V4 = 4, V6 = 6 };

/// An IPv4 or IPv6 address, without port or zone.  An IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2)
/// becomes the IPv4 address that it means, so that one device has one address on a dual socket.
class IpAddress {
public:
    constexpr IpAddress() = default;  ///< 0.0.0.0

    /// Four or sixteen bytes in network order.
    static Parsed<IpAddress> from_bytes(Bytes bytes);
    static Parsed<IpAddress> from_text(std::string_view text);

    /// The same of bytes that are known to be as many: for whoever reads a header.
    static IpAddress from_v4(std::span<const std::uint8_t, 4> bytes) {
        std::uint64_t word = 0;  // written at once: words() reads it before the bytes could settle
        std::memcpy(&word, bytes.data(), bytes.size());
        return from_words(IpFamily::V4, {word, 0});
    }
    static IpAddress from_v6(std::span<const std::uint8_t, 16> bytes);

    [[nodiscard]] IpFamily family() const { return family_; }
    [[nodiscard]] Bytes bytes() const;  ///< 4 or 16 bytes, owned by this object.
    [[nodiscard]] std::string text() const;

    /// All bytes as two words in this machine's order, zeros behind an IPv4 address: to hash and to
    /// compare.  With the family they tell the address.
    [[nodiscard]] std::array<std::uint64_t, 2> words() const {
        return std::bit_cast<std::array<std::uint64_t, 2>>(bytes_);
    }
    static IpAddress from_words(IpFamily family, const std::array<std::uint64_t, 2>& words) {
        IpAddress address;
        address.family_ = family;
        address.bytes_ = std::bit_cast<std::array<std::uint8_t, 16>>(words);
        return address;
    }

    [[nodiscard]] bool is_unspecified() const;
    [[nodiscard]] bool is_loopback() const;
    [[nodiscard]] bool is_multicast() const;  ///< IPv4 limited broadcast included.
    /// RFC 1918, 3927, 4193, 4291 link-local: addresses of a house, not of the Internet.
    [[nodiscard]] bool is_private() const;

    friend bool operator==(const IpAddress&, const IpAddress&) = default;
    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads the defaulted comparison.
    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

private:
    IpFamily family_ = IpFamily::V4;
    std::array<std::uint8_t, 16> bytes_{};
};

/// An address and a port, as written in configuration: "127.0.0.1:5300", "[::1]:53", and for
/// upstreams "192.0.2.1@53".
struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;

    static Parsed<Endpoint> from_text(std::string_view text);
    [[nodiscard]] std::string text() const;

    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

}  // namespace sporvakt

template <>
struct std::hash<sporvakt::IpAddress> {
    std::size_t operator()(const sporvakt::IpAddress& address) const noexcept {
        return std::hash<std::string_view>{}(sporvakt::as_text(address.bytes()));
    }
};
