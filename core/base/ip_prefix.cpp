#include "core/base/ip_prefix.h"

#include <charconv>

#include <fmt/format.h>

namespace sporvakt {
namespace {

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

bool IpPrefix::contains(const IpAddress& address) const {
    if (address.family() != address_.family()) {
        return false;
    }
    const Bytes own = address_.bytes();
    const Bytes other = address.bytes();
    for (std::size_t at = 0; at < own.size(); ++at) {
        if (((own[at] ^ other[at]) & mask_[at]) != 0) {
            return false;
        }
    }
    return true;
}

std::string IpPrefix::text() const {
    return fmt::format("{}/{}", address_.text(), length_);
}

}  // namespace sporvakt
