#include "core/devices/device_name.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace sporvakt::devices {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// What could move, hide or break the words around it on a page or in a terminal.
constexpr std::array kUnprintable{
    Range{0x0000, 0x001f}, Range{0x007f, 0x009f},    // C0, DEL, C1
    Range{0x00ad, 0x00ad}, Range{0x061c, 0x061c},    // soft hyphen, Arabic letter mark
    Range{0x200b, 0x200f}, Range{0x2028, 0x202e},    // zero width, separators, bidi embedding
    Range{0x2060, 0x206f}, Range{0xe000, 0xf8ff},    // invisible operators, isolates; private use
    Range{0xfe00, 0xfe0f}, Range{0xfeff, 0xfeff},    // variation selectors, byte order mark
    Range{0xfff0, 0xffff}, Range{0xe0000, 0x10ffff}  // specials, tags, private planes
};

bool is_printable(char32_t character) {
    return std::none_of(kUnprintable.begin(), kUnprintable.end(), [character](const Range& range) {
        return character >= range.first && character <= range.last;
    });
}

bool is_continuation(char byte) {
    return (static_cast<std::uint8_t>(byte) & 0xc0U) == 0x80;
}

/// How many bytes the character takes that begins with this byte; 0 for a byte that begins none.
std::size_t sequence_length(std::uint8_t first) {
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc2 || first > 0xf4) {
        return 0;  // a continuation, an overlong form or beyond U+10FFFF (RFC 3629 §4)
    }
    if (first < 0xe0) {
        return 2;
    }
    return first < 0xf0 ? 3 : 4;
}

/// Overlong forms, UTF-16 surrogates and what lies beyond Unicode (RFC 3629 §3).
bool is_scalar(char32_t value, std::size_t length) {
    constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    return value >= kSmallest.at(length) && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
}

/// The character that `text` begins with, if its bytes are well formed.
std::optional<char32_t> decode(std::string_view text, std::size_t length) {
    if (length == 0 || text.size() < length) {
        return std::nullopt;
    }
    const auto first = static_cast<std::uint8_t>(text[0]);
    char32_t value = length == 1 ? first : first & (0xffU >> (length + 1));
    for (const char byte : text.substr(1, length - 1)) {
        if (!is_continuation(byte)) {
            return std::nullopt;
        }
        value = value << 6U | (static_cast<std::uint8_t>(byte) & 0x3fU);
    }
    return is_scalar(value, length) ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string clean_name(std::string_view words, std::size_t bytes_max) {
    std::string clean;
    while (!words.empty()) {
        const std::size_t length = sequence_length(static_cast<std::uint8_t>(words[0]));
        const auto character = decode(words, length);
        if (!character) {
            words.remove_prefix(1);
            continue;
        }
        const bool leads_with_space = *character == U' ' && clean.empty();
        if (is_printable(*character) && !leads_with_space) {
            if (clean.size() + length > bytes_max) {
                break;
            }
            clean.append(words.substr(0, length));
        }
        words.remove_prefix(length);
    }
    clean.erase(clean.find_last_not_of(' ') + 1);
    return clean;
}

std::size_t character_count(std::string_view text) {
    return text.size() -
           static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

}  // namespace sporvakt::devices
