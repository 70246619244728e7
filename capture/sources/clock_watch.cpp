#include "capture/sources/clock_watch.h"

namespace sporvakt::capture {

std::chrono::milliseconds ClockWatch::ahead() const {
    return clock_.now().time_since_epoch() -
           std::chrono::floor<std::chrono::milliseconds>(clock_.moment().time_since_epoch());
}

std::chrono::milliseconds ClockWatch::look() {
    const auto now = ahead();
    const auto set_by = now - ahead_;
    if (std::chrono::abs(set_by) <= kLeap) {
        return std::chrono::milliseconds{0};
    }
    ahead_ = now;
    return set_by;
}

}  // namespace sporvakt::capture
