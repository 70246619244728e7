#pragma once

#include "core/devices/device.h"
#include "core/ledger/sighting.h"

namespace sporvakt::ledger {

/// Where the faces put what they see.  Implementations are thread-safe, never wait for disk or
/// network, and count what they have to drop.
class SightingSink {
public:
    SightingSink() = default;
    SightingSink(const SightingSink&) = delete;
    SightingSink& operator=(const SightingSink&) = delete;
    SightingSink(SightingSink&&) = delete;
    SightingSink& operator=(SightingSink&&) = delete;
    virtual ~SightingSink() = default;

    virtual void record(const SightingView& sighting) = 0;
    virtual void note(devices::DeviceClue clue) = 0;
};

}  // namespace sporvakt::ledger
