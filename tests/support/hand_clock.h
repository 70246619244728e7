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

    /// Somebody sets the clock; no time passes.
    void set_by(std::chrono::milliseconds step) { set_by_ += step.count(); }

    [[nodiscard]] Timestamp now() const override {
        return Timestamp(std::chrono::milliseconds(milliseconds_.load() + set_by_.load()));
    }
    [[nodiscard]] Moment moment() const override {
        return Moment(std::chrono::milliseconds(milliseconds_.load()));
    }

private:
    std::atomic<std::chrono::milliseconds::rep> milliseconds_;
    std::atomic<std::chrono::milliseconds::rep> set_by_{0};
};

}  // namespace sporvakt::test
