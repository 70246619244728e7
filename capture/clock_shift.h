#pragma once

#include "core/base/clock.h"
#include "core/ledger/sighting_sink.h"

#include <chrono>
#include <utility>

namespace sporvakt::capture {

/// Between the two times of a sniffer: inside, as if nobody ever set the machine's clock, so that
/// flows and answers keep their ages; outside, what the clock says now.  One thread.
class ClockShift {
public:
    void set_by(std::chrono::milliseconds step) { shift_ += step; }

    [[nodiscard]] Timestamp inside(Timestamp outside) const { return outside - shift_; }
    [[nodiscard]] Timestamp outside(Timestamp inside) const { return inside + shift_; }

private:
    std::chrono::milliseconds shift_{0};
};

/// Hands on, with the times that the clock says now, what is told with times of inside.
class ShiftedSink final : public ledger::SightingSink {
public:
    /// Both outlive the sink.
    ShiftedSink(ledger::SightingSink& sink, const ClockShift& shift) : sink_(sink), shift_(shift) {}

    void record(const ledger::SightingView& sighting) override {
        ledger::SightingView told = sighting;
        told.at = shift_.outside(sighting.at);
        told.last = shift_.outside(sighting.last);
        sink_.record(told);
    }

    void note(devices::DeviceClue clue) override {
        clue.at = shift_.outside(clue.at);
        sink_.note(std::move(clue));
    }

private:
    ledger::SightingSink& sink_;
    const ClockShift& shift_;
};

}  // namespace sporvakt::capture
