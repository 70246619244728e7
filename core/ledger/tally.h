#pragma once

#include "core/ledger/sighting_sink.h"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace sporvakt::ledger {

/// The sender's side of the ledger: adds up what the faces see until somebody takes it, once a
/// second, to send it.  Thread-safe; never waits, and never holds more than its limits.
///
/// Sightings that differ only in time, attempts and bytes within one slot of ten minutes become
/// one; clues that say nothing new become one.  What has no room, and what no device or name can
/// be made of, is dropped and counted.
class Tally final : public SightingSink {
public:
    struct Limits {
        std::size_t sightings_max = 8192;
        std::size_t clues_max = 4096;
    };

    struct Content {
        std::vector<Sighting> sightings;  ///< In the order of their first arrival.
        std::vector<devices::DeviceClue> clues;
        std::uint64_t dropped = 0;  ///< Since the start of this object, not since the last call.

        [[nodiscard]] bool is_empty() const { return sightings.empty() && clues.empty(); }
    };

    Tally() : Tally(Limits{}) {}
    explicit Tally(Limits limits) : limits_(limits) {}

    void record(const SightingView& sighting) override;
    void note(devices::DeviceClue clue) override;

    /// What came in since the last call, and starts anew.
    [[nodiscard]] Content take();

    /// Sightings and clues dropped since the start.
    [[nodiscard]] std::uint64_t dropped() const;

private:
    void drop();
    [[nodiscard]] Sighting* find_same(std::uint64_t hash, const SightingView& sighting);

    const Limits limits_;
    mutable std::mutex mutex_;
    Content content_;
    std::unordered_multimap<std::uint64_t, std::size_t> sighting_places_;  ///< By hash.
    std::unordered_map<std::string, std::size_t> clue_places_;
};

}  // namespace sporvakt::ledger
