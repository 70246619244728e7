#include "core/base/ip_prefix.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

namespace sporvakt {
namespace {

using Words = std::array<std::uint64_t, 2>;

// In the machine's order: only for comparing.
Words words_of(Bytes bytes) {
    Words words{};
    if (bytes.size() == sizeof(words)) {
        std::memcpy(words.data(), bytes.data(), sizeof(words));
    } else {
        std::memcpy(words.data(), bytes.data(), sizeof(std::uint32_t));  // IPv4
    }
    return words;
}

Parsed<unsigned> parse_length(std::string_view text, unsigned length_max) {
    unsigned length = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), length);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() ||
        length > length_max) {
        return tl::unexpected(ParseError::Malformed);
    }
    return length;
}

}  // namespace

IpPrefix::IpPrefix(const IpAddress& address, unsigned length) : address_(address), length_(length) {
    for (unsigned bit = 0; bit < length; ++bit) {
        mask_.at(bit / 8) = static_cast<std::uint8_t>(mask_.at(bit / 8) | 0x80U >> bit % 8);
    }
}

Parsed<IpPrefix> IpPrefix::from_text(std::string_view text) {
    const std::size_t slash = text.find('/');
    const IpAddress address = SPORVAKT_TRY(IpAddress::from_text(text.substr(0, slash)));
    const Bytes bytes = address.bytes();
    const auto length_max = static_cast<unsigned>(bytes.size() * 8);
    if (slash == std::string_view::npos) {
        return IpPrefix(address, length_max);
    }
    const IpPrefix prefix(address, SPORVAKT_TRY(parse_length(text.substr(slash + 1), length_max)));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if ((bytes[at] & ~unsigned{prefix.mask_.at(at)} & 0xffU) != 0) {
            return tl::unexpected(ParseError::Malformed);
        }
    }
    return prefix;
}

IpPrefix IpPrefix::around(const IpAddress& address, unsigned length) {
    const Bytes bytes = address.bytes();
    IpPrefix prefix(address, std::min(length, static_cast<unsigned>(bytes.size() * 8)));
    std::array<std::uint8_t, 16> first{};
    std::transform(bytes.begin(), bytes.end(), prefix.mask_.begin(), first.begin(),
                   [](std::uint8_t byte, std::uint8_t mask) {
                       return static_cast<std::uint8_t>(byte & mask);
                   });
    prefix.address_ = *IpAddress::from_bytes(Bytes(first).first(bytes.size()));
    return prefix;
}

bool IpPrefix::contains(const IpAddress& address) const {
    if (address.family() != address_.family()) {
        return false;
    }
    // As words: every query goes by a dozen prefixes.
    const Words own = words_of(address_.bytes());
    const Words other = words_of(address.bytes());
    const Words mask = words_of(mask_);
    return (((own[0] ^ other[0]) & mask[0]) | ((own[1] ^ other[1]) & mask[1])) == 0;
}

std::string IpPrefix::text() const {
    return fmt::format("{}/{}", address_.text(), length_);
}

}  // namespace sporvakt
