#pragma once

#include "core/base/result.h"

#include <optional>
#include <string_view>

namespace sporvakt::capture {

/// The next line of a head, without its end, taken off `rest`; Truncated when none ends.  RFC 9112
/// §2.2 lets a recipient take a bare LF.
Parsed<std::string_view> take_line(std::string_view& rest);

/// A header field (RFC 9112 §5), blanks around its value left out.
struct HeaderField {
    std::string_view name;
    std::string_view value;
};

/// Empty when the line has no colon.  The name's letters may be of any case (RFC 9110 §5.1).
std::optional<HeaderField> field_in(std::string_view line);

}  // namespace sporvakt::capture
