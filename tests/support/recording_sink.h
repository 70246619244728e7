#pragma once

#include "core/ledger/sighting_sink.h"

#include <mutex>
#include <utility>
#include <vector>

namespace sporvakt::test {

/// Keeps what the faces report, for a test to look at.  Thread-safe.
class RecordingSink final : public ledger::SightingSink {
public:
    void record(const ledger::SightingView& sighting) override {
        const std::lock_guard lock(mutex_);
        sightings_.push_back(sighting.with_texts_as<std::string>());
    }
    void note(devices::DeviceClue clue) override {
        const std::lock_guard lock(mutex_);
        clues_.push_back(std::move(clue));
    }

    [[nodiscard]] std::vector<ledger::Sighting> sightings() const {
        const std::lock_guard lock(mutex_);
        return sightings_;
    }
    [[nodiscard]] std::vector<devices::DeviceClue> clues() const {
        const std::lock_guard lock(mutex_);
        return clues_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<ledger::Sighting> sightings_;
    std::vector<devices::DeviceClue> clues_;
};

}  // namespace sporvakt::test
