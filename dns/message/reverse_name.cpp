#include "dns/message/reverse_name.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace sporvakt::dns {
namespace {

constexpr std::string_view kIpv4Tree = ".in-addr.arpa";
constexpr std::string_view kIpv6Tree = ".ip6.arpa";

std::optional<IpAddress> address_of(Bytes bytes) {
    const auto address = IpAddress::from_bytes(bytes);
    return address ? std::optional(*address) : std::nullopt;
}

/// "192", as no other text: an address has one name.
std::optional<std::uint8_t> octet_of(std::string_view label) {
    std::uint8_t octet = 0;
    const auto parsed = std::from_chars(label.data(), label.data() + label.size(), octet);
    const bool is_whole = parsed.ec == std::errc{} && parsed.ptr == label.data() + label.size();
    return is_whole && (label.size() == 1 || label.front() != '0') ? std::optional(octet)
                                                                   : std::nullopt;
}

std::optional<IpAddress> ipv4_of(std::string_view octets) {
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t at = bytes.size(); at > 0; --at) {  // the last one is written first
        const std::size_t dot = octets.find('.');
        const auto octet = octet_of(octets.substr(0, dot));
        const bool is_last = dot == std::string_view::npos;
        if (!octet || is_last != (at == 1)) {
            return std::nullopt;
        }
        bytes[at - 1] = *octet;
        octets.remove_prefix(is_last ? octets.size() : dot + 1);
    }
    return address_of(bytes);
}

std::optional<std::uint8_t> nibble_of(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<std::uint8_t>(c - '0');
    }
    return c >= 'a' && c <= 'f' ? std::optional(static_cast<std::uint8_t>(c - 'a' + 10))
                                : std::nullopt;
}

std::optional<IpAddress> ipv6_of(std::string_view nibbles) {
    std::array<std::uint8_t, 16> bytes{};
    constexpr std::size_t kNibbles = 32;
    if (nibbles.size() != 2 * kNibbles - 1) {  // one character each, a dot between them
        return std::nullopt;
    }
    for (std::size_t at = 0; at < kNibbles; ++at) {
        const auto nibble = nibble_of(nibbles[2 * at]);
        if (!nibble || (at > 0 && nibbles[2 * at - 1] != '.')) {
            return std::nullopt;
        }
        std::uint8_t& byte = bytes[bytes.size() - 1 - at / 2];
        byte = static_cast<std::uint8_t>(byte | (at % 2 == 0 ? *nibble : *nibble << 4U));
    }
    return address_of(bytes);
}

}  // namespace

std::optional<IpAddress> address_of_reverse_name(std::string_view name) {
    if (name.ends_with(kIpv4Tree)) {
        return ipv4_of(name.substr(0, name.size() - kIpv4Tree.size()));
    }
    if (name.ends_with(kIpv6Tree)) {
        return ipv6_of(name.substr(0, name.size() - kIpv6Tree.size()));
    }
    return std::nullopt;
}

}  // namespace sporvakt::dns
