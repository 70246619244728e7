#pragma once

#include "core/base/clock.h"
#include "core/policy/household.h"

#include <span>

namespace sporvakt::policy {

/// Whether `at` lies in one of the windows, by the clocks on the wall: in the machine's time zone
/// (localtime(3)), with its summer time.  In the hour that a clock is put back over, a window holds
/// both times; in the one that it is put forward over, not at all.
bool is_within(std::span<const WeeklyWindow> windows, Timestamp at);

/// When that may change next: the next full minute in which a window begins or ends, at most eight
/// days away.  Timestamp::max() without windows.
Timestamp next_change(std::span<const WeeklyWindow> windows, Timestamp at);

}  // namespace sporvakt::policy
