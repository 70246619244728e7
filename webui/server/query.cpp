#include "webui/server/query.h"

#include "core/base/utf8.h"

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

}  // namespace

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
    if (!printable_characters(decoded)) {
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
