#pragma once

#include <string_view>

namespace sporvakt::log {

// One line to standard error each, with journald's priority prefix (sd-daemon(3)) where that is the
// journal, else with the time.  Thread-safe.  Never log a name that somebody looked up.

void error(std::string_view message);
void warning(std::string_view message);
void info(std::string_view message);

/// Put in front of each line of this process, e.g. "resolver" (default: "sporvakt").
/// Call before threads exist.
void set_role(std::string_view role);

}  // namespace sporvakt::log
