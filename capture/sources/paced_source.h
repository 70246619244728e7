#pragma once

#include "capture/sources/packet_source.h"
#include "core/base/clock.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace sporvakt::capture {

/// What time the packets of a recording claim.
enum class PlayedTimes : std::uint8_t {
    AsRecorded,
    Now,  ///< As if it happened while it is played: for the demonstration.
};

/// Plays a recording at `speed` times the pace at which it was recorded.  Never waits more than
/// 50 ms inside one call.  Not thread-safe.
class PacedSource final : public PacketSource {
public:
    /// `speed` is above zero; `clock` outlives the source.
    PacedSource(std::unique_ptr<PacketSource> recording, double speed, PlayedTimes times,
                const Clock& clock);

    Result<Delivery> next() override;
    [[nodiscard]] CaptureLoss loss() const override { return recording_->loss(); }

private:
    [[nodiscard]] Moment due(const Packet& packet) const;

    std::unique_ptr<PacketSource> recording_;
    double speed_;
    PlayedTimes times_;
    const Clock& clock_;
    std::optional<Delivery> waiting_;  ///< Read, but its time has not come.
    std::optional<Timestamp> recording_start_;
    Timestamp played_start_;
    Moment start_;
};

}  // namespace sporvakt::capture
