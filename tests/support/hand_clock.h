#pragma once

#include "core/base/clock.h"

#include <atomic>
#include <chrono>

namespace sporvakt::test {

/// A clock whose hand the test turns.  Thread-safe.
class HandClock final : public Clock {
public:
    explicit HandClock(Timestamp now = Timestamp(std::chrono::hours(24 * 365 * 50)))
        : milliseconds_(now.time_since_epoch().count()) {}

    void turn(std::chrono::milliseconds by) { milliseconds_ += by.count(); }

    [[nodiscard]] Timestamp now() const override {
        return Timestamp(std::chrono::milliseconds(milliseconds_.load()));
    }
    [[nodiscard]] Moment moment() const override { return Moment(now().time_since_epoch()); }

private:
    std::atomic<std::chrono::milliseconds::rep> milliseconds_;
};

}  // namespace sporvakt::test
