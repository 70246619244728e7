#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sporvakt {

/// Whether the bytes are UTF-8 in its shortest form, without surrogates (RFC 3629 §3).
bool is_utf8(std::string_view text);

/// How many characters the text has; nothing when it is not UTF-8, or has a control character of
/// ASCII in it.
std::optional<std::size_t> printable_characters(std::string_view text);

}  // namespace sporvakt
