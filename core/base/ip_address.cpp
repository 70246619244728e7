#include "core/base/ip_address.h"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/compile.h>
#include <fmt/format.h>

namespace sporvakt {
namespace {

constexpr std::size_t kV4Length = 4;
constexpr std::size_t kV6Length = 16;
constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_mapped(Bytes bytes) {
    return bytes.size() == kV6Length &&
           std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
}

Parsed<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
        return tl::unexpected(ParseError::Malformed);
    }
    return port;
}

}  // namespace

Parsed<IpAddress> IpAddress::from_bytes(Bytes bytes) {
    if (bytes.size() == kV4Length) {
        return from_v4(bytes.first<kV4Length>());
    }
    if (bytes.size() == kV6Length) {
        return from_v6(bytes.first<kV6Length>());
    }
    return tl::unexpected(ParseError::Malformed);
}

IpAddress IpAddress::from_v6(std::span<const std::uint8_t, 16> bytes) {
    if (is_mapped(bytes)) {
        return from_v4(bytes.subspan<kMappedPrefix.size(), kV4Length>());
    }
    IpAddress address;
    address.family_ = IpFamily::V6;
    std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
    return address;
}

Parsed<IpAddress> IpAddress::from_text(std::string_view text) {
    const std::string terminated(text);
    std::array<std::uint8_t, kV6Length> bytes{};
    if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) {
        return from_bytes(Bytes(bytes).first(kV4Length));
    }
    if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) {
        return from_bytes(bytes);
    }
    return tl::unexpected(ParseError::Malformed);
}

Bytes IpAddress::bytes() const {
    return Bytes(bytes_).first(family_ == IpFamily::V4 ? kV4Length : kV6Length);
}

std::string IpAddress::text() const {
    if (family_ == IpFamily::V4) {  // inet_ntop() would go through sprintf()
        return fmt::format(FMT_COMPILE("{}.{}.{}.{}"), bytes_[0], bytes_[1], bytes_[2], bytes_[3]);
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    return inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
}

bool IpAddress::is_unspecified() const {
    return std::all_of(bytes_.begin(), bytes_.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_loopback() const {
    if (family_ == IpFamily::V4) {
        return bytes_[0] == 127;
    }
    return bytes_.back() == 1 &&
           std::all_of(bytes_.begin(), bytes_.end() - 1, [](std::uint8_t b) { return b == 0; });
}

bool IpAddress::is_multicast() const {
    return family_ == IpFamily::V4 ? bytes_[0] >= 224 && (bytes_[0] < 240 || bytes_[0] == 255)
                                   : bytes_[0] == 0xff;
}

bool IpAddress::is_private() const {
    if (family_ == IpFamily::V6) {
        return (bytes_[0] & 0xfeU) == 0xfc || (bytes_[0] == 0xfe && (bytes_[1] & 0xc0U) == 0x80);
    }
    return bytes_[0] == 10 || (bytes_[0] == 172 && (bytes_[1] & 0xf0U) == 16) ||
           (bytes_[0] == 192 && bytes_[1] == 168) || (bytes_[0] == 169 && bytes_[1] == 254);
}

Parsed<Endpoint> Endpoint::from_text(std::string_view text) {
    const std::size_t split = text.find_last_of("@:");
    if (split == std::string_view::npos) {
        return tl::unexpected(ParseError::Malformed);
    }
    std::string_view host = text.substr(0, split);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) {
        host = host.substr(1, host.size() - 2);
    }
    const bool ambiguous = text[split] == ':' && host.find(':') != std::string_view::npos;
    if (ambiguous && !bracketed) {
        return tl::unexpected(ParseError::Malformed);  // "::1:53": where does the port begin?
    }
    Endpoint endpoint;
    endpoint.address = SPORVAKT_TRY(IpAddress::from_text(host));
    endpoint.port = SPORVAKT_TRY(parse_port(text.substr(split + 1)));
    return endpoint;
}

std::string Endpoint::text() const {
    return address.family() == IpFamily::V6 ? fmt::format("[{}]:{}", address.text(), port)
                                            : fmt::format("{}:{}", address.text(), port);
}

}  // namespace sporvakt
