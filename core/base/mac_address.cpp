#include "core/base/mac_address.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace sporvakt {

Parsed<MacAddress> MacAddress::from_bytes(Bytes bytes) {
    if (bytes.size() != kLength) {
        return tl::unexpected(ParseError::Truncated);
    }
    MacAddress address;
    std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
    return address;
}

Parsed<MacAddress> MacAddress::from_text(std::string_view text) {
    constexpr std::size_t kStride = 3;  // two digits and a colon
    if (text.size() != kLength * kStride - 1) {
        return tl::unexpected(ParseError::Malformed);
    }
    MacAddress address;
    for (std::size_t i = 0; i < kLength; ++i) {
        const std::string_view digits = text.substr(i * kStride, 2);
        const auto parsed =
            std::from_chars(digits.data(), digits.data() + digits.size(), address.bytes_.at(i), 16);
        const bool ends_well = i + 1 == kLength || text[i * kStride + 2] == ':';
        if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size() || !ends_well) {
            return tl::unexpected(ParseError::Malformed);
        }
    }
    return address;
}

std::string MacAddress::text() const {
    return fmt::format("{:02x}", fmt::join(bytes_, ":"));
}

}  // namespace sporvakt
