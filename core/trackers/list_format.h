#pragma once

#include "core/trackers/list_line.h"

#include <string_view>

namespace sporvakt::trackers {

/// What most lines at the beginning of a file are; Domains when nothing there is a rule.  A last
/// line that is cut short does no harm.
ListFormat guess_format(std::string_view beginning);

}  // namespace sporvakt::trackers
