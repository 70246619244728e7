#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sporvakt {

/// How many characters the text has; nothing when it is not well-formed UTF-8 (RFC 3629 §4), or has
/// a control character in it.
std::optional<std::size_t> printable_characters(std::string_view text);

}  // namespace sporvakt
