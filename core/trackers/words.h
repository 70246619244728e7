#pragma once

#include <string>
#include <string_view>

namespace sporvakt::trackers {

// Cutting lines of lists into words.  All views are of the text given.

constexpr std::string_view kBlanks = " \t\r\n\f\v";

std::string_view trimmed(std::string_view text);

/// Up to the first blank; takes it, and the blanks around it, off the front of `rest`.
std::string_view take_word(std::string_view& rest);

/// Up to the first `separator`, which goes with it; all of `rest` without one.
std::string_view take_until(std::string_view& rest, char separator);

/// Without what follows a '#' that stands at the start or after a blank.
std::string_view without_comment(std::string_view text);

}  // namespace sporvakt::trackers
