#include "capture/http_head.h"

#include "core/base/ascii.h"

#include <algorithm>

namespace sporvakt::capture {
namespace {

constexpr std::string_view kBlanks = " \t\r";

}  // namespace

Parsed<std::string_view> take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) {
        return tl::unexpected(ParseError::Truncated);
    }
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

std::optional<HeaderField> field_in(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    return HeaderField{line.substr(0, colon), trimmed(line.substr(colon + 1), kBlanks)};
}

}  // namespace sporvakt::capture
