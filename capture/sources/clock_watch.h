#pragma once

#include "core/base/clock.h"

#include <chrono>
#include <optional>

namespace sporvakt::capture {

/// Notices that the machine's clock was set: a board without a clock of its own learns at its
/// start, from NTP, that it is not the year in which it was switched off.
///
/// The kernel stamps packets with the clock that may be set, so a leap in their times is either
/// silence or a clock that was set; which, the steady clock tells.  It is asked only then.  Less
/// than kLeap is neither.  Not thread-safe.
class ClockWatch {
public:
    static constexpr std::chrono::milliseconds kLeap{1000};

    /// `clock` outlives the watch.
    explicit ClockWatch(const Clock& clock) : clock_(clock), ahead_(ahead()) {}

    /// How far the clock was set since the packet before; zero for nearly all.
    std::chrono::milliseconds at_packet(Timestamp at) {
        const bool leaps = last_ && (at - *last_ > kLeap || *last_ - at > kLeap);
        last_ = at;
        return leaps ? look() : std::chrono::milliseconds{0};
    }

private:
    [[nodiscard]] std::chrono::milliseconds ahead() const;
    std::chrono::milliseconds look();

    const Clock& clock_;
    std::chrono::milliseconds ahead_;  ///< By how much the clock's number is over the steady one's.
    std::optional<Timestamp> last_;
};

}  // namespace sporvakt::capture
