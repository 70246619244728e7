#include "core/base/utf8.h"

#include "core/base/byte_reader.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sporvakt {
namespace {

/// One row of the table of well-formed byte sequences (RFC 3629 §4).
struct Utf8Form {
    std::uint8_t lead_first;
    std::uint8_t lead_last;
    std::uint8_t length;
    std::uint8_t second_first;
    std::uint8_t second_last;
};

constexpr std::array<Utf8Form, 8> kUtf8Forms{{{0x00, 0x7f, 1, 0, 0},
                                              {0xc2, 0xdf, 2, 0x80, 0xbf},
                                              {0xe0, 0xe0, 3, 0xa0, 0xbf},
                                              {0xe1, 0xec, 3, 0x80, 0xbf},
                                              {0xed, 0xed, 3, 0x80, 0x9f},
                                              {0xee, 0xef, 3, 0x80, 0xbf},
                                              {0xf0, 0xf0, 4, 0x90, 0xbf},
                                              {0xf1, 0xf4, 4, 0x80, 0xbf}}};

/// How many bytes the first character has; 0 when it is none.
std::size_t character_length(Bytes rest) {
    const auto* const form = std::find_if(
        kUtf8Forms.begin(), kUtf8Forms.end(),
        [&](const Utf8Form& one) { return rest[0] >= one.lead_first && rest[0] <= one.lead_last; });
    if (form == kUtf8Forms.end() || rest.size() < form->length) {
        return 0;
    }
    const Bytes more = rest.subspan(1, form->length - std::size_t{1});
    const bool is_continued = std::all_of(more.begin(), more.end(),
                                          [](std::uint8_t byte) { return (byte & 0xc0U) == 0x80; });
    const bool is_shortest =
        more.empty() || (more[0] >= form->second_first && more[0] <= form->second_last);
    const bool is_in_range = rest[0] != 0xf4 || more[0] <= 0x8f;
    return is_continued && is_shortest && is_in_range ? form->length : 0;
}

std::optional<std::size_t> characters_in(std::string_view text) {
    Bytes rest = as_bytes(text);
    std::size_t count = 0;
    for (; !rest.empty(); ++count) {
        const std::size_t length = character_length(rest);
        if (length == 0) {
            return std::nullopt;
        }
        rest = rest.subspan(length);
    }
    return count;
}

}  // namespace

bool is_utf8(std::string_view text) {
    return characters_in(text).has_value();
}

std::optional<std::size_t> printable_characters(std::string_view text) {
    const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    return has_control ? std::nullopt : characters_in(text);
}

}  // namespace sporvakt
