#include "webui/server/query.h"

#include <algorithm>

namespace sporvakt::webui {
namespace {

std::optional<unsigned> hex_digit(char digit) {
    if (digit >= '0' && digit <= '9') {
        return static_cast<unsigned>(digit - '0');
    }
    if (digit >= 'a' && digit <= 'f') {
        return static_cast<unsigned>(digit - 'a') + 10;
    }
    if (digit >= 'A' && digit <= 'F') {
        return static_cast<unsigned>(digit - 'A') + 10;
    }
    return std::nullopt;
}

constexpr std::size_t kEscapeLength = 3;  // "%C3"

/// The byte that the escape at the front means.
Parsed<char> escaped_byte(std::string_view text) {
    const auto high = text.size() >= kEscapeLength ? hex_digit(text[1]) : std::nullopt;
    const auto low = text.size() >= kEscapeLength ? hex_digit(text[2]) : std::nullopt;
    if (!high || !low) {
        return tl::unexpected(ParseError::Malformed);
    }
    return static_cast<char>(*high * 16 + *low);
}

bool is_control(char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x20 || byte == 0x7f;
}

/// What the first byte of a UTF-8 sequence says about the second and about its length.
struct SequenceStart {
    std::size_t length = 0;  ///< 0: no sequence starts so.
    unsigned second_min = 0x80;
    unsigned second_max = 0xbf;
};

SequenceStart sequence_start(unsigned char first) {
    if (first < 0x80) {
        return {.length = 1};
    }
    if (first >= 0xc2 && first <= 0xdf) {
        return {.length = 2};
    }
    if (first >= 0xe0 && first <= 0xef) {
        return {.length = 3,
                .second_min = first == 0xe0 ? 0xa0U : 0x80U,   // no longer form than needed
                .second_max = first == 0xed ? 0x9fU : 0xbfU};  // no surrogates
    }
    if (first >= 0xf0 && first <= 0xf4) {
        return {.length = 4,
                .second_min = first == 0xf0 ? 0x90U : 0x80U,
                .second_max = first == 0xf4 ? 0x8fU : 0xbfU};  // nothing above U+10FFFF
    }
    return {};
}

/// The length of the sequence at the front; 0 when it is none.
std::size_t sequence_length(std::string_view text) {
    const auto start = sequence_start(static_cast<unsigned char>(text.front()));
    if (start.length == 0 || start.length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < start.length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const unsigned least = i == 1 ? start.second_min : 0x80U;
        const unsigned most = i == 1 ? start.second_max : 0xbfU;
        if (byte < least || byte > most) {
            return 0;
        }
    }
    return start.length;
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

Parsed<std::string> percent_decode(std::string_view text, PlusSign plus) {
    std::string decoded;
    decoded.reserve(text.size());
    while (!text.empty()) {
        char character = text.front();
        std::size_t length = 1;
        if (character == '%') {
            character = SPORVAKT_TRY(escaped_byte(text));
            length = kEscapeLength;
        } else if (character == '+' && plus == PlusSign::Space) {
            character = ' ';
        }
        decoded.push_back(character);
        text.remove_prefix(length);
    }
    if (!is_utf8(decoded) || std::any_of(decoded.begin(), decoded.end(), is_control)) {
        return tl::unexpected(ParseError::Malformed);
    }
    return decoded;
}

Parsed<Query> Query::from_text(std::string_view text) {
    if (text.size() > kLengthMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    Query query;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) {
            continue;
        }
        if (query.pairs_.size() == kPairCountMax) {
            return tl::unexpected(ParseError::LimitExceeded);
        }
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = SPORVAKT_TRY(percent_decode(pair.substr(0, equals), PlusSign::Space));
        auto value = SPORVAKT_TRY(
            percent_decode(pair.substr(std::min(equals + 1, pair.size())), PlusSign::Space));
        query.pairs_.emplace_back(std::move(name), std::move(value));
    }
    return query;
}

std::optional<std::string_view> Query::find(std::string_view name) const {
    const auto found = std::find_if(pairs_.begin(), pairs_.end(),
                                    [name](const auto& pair) { return pair.first == name; });
    if (found == pairs_.end()) {
        return std::nullopt;
    }
    return found->second;
}

std::optional<std::string> Query::first_unexpected(std::span<const std::string_view> known) const {
    for (auto pair = pairs_.begin(); pair != pairs_.end(); ++pair) {
        const bool is_known = std::find(known.begin(), known.end(), pair->first) != known.end();
        const bool came_before = std::any_of(pairs_.begin(), pair, [pair](const auto& earlier) {
            return earlier.first == pair->first;
        });
        if (!is_known || came_before) {
            return pair->first;
        }
    }
    return std::nullopt;
}

}  // namespace sporvakt::webui
