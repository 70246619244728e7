#pragma once

#include "capture/sources/clock_watch.h"
#include "capture/sources/network_card.h"
#include "capture/sources/packet_source.h"
#include "core/base/clock.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sporvakt::capture {

/// Whether an interface's packets come.
enum class WatchState : std::uint8_t {
    Missing,      ///< There is no card of that name.
    Refused,      ///< There is, but it cannot be captured.
    WithoutLink,  ///< It is captured, but switched off or unplugged.
    Watched,
};

/// What became of an interface, each time that it changes.
struct WatchNews {
    WatchState state = WatchState::Missing;
    std::optional<MacAddress> mac;  ///< The card's, where there is one.
    std::string reason;             ///< Of Refused: a sentence.

    friend bool operator==(const WatchNews&, const WatchNews&) = default;
};

/// The packets of an interface for as long as somebody wants them, whatever becomes of its card: it
/// may come later, lose its link, go, and come again as another card of the same name.  Never
/// fails and never ends; while there is no card, nothing comes.  The loss is that of all openings.
///
/// The card is looked at twice a second, also when packets come: a capture of a card that is gone,
/// or that now has another name, may stay silent for ever.  Not thread-safe.
class LastingSource final : public PacketSource {
public:
    struct Surroundings {
        std::function<std::optional<NetworkCard>()> look;
        std::function<Result<std::unique_ptr<PacketSource>>()> open;
        std::function<void(const WatchNews&)> tell;
    };

    static constexpr std::chrono::milliseconds kLookInterval{500};

    /// `clock` outlives the source.
    LastingSource(Surroundings surroundings, const Clock& clock);

    Result<Delivery> next() override;
    [[nodiscard]] CaptureLoss loss() const override;

private:
    void look(Moment now);
    WatchNews follow(const std::optional<NetworkCard>& card);
    void close();

    Surroundings surroundings_;
    const Clock& clock_;
    ClockWatch clock_watch_;
    std::unique_ptr<PacketSource> source_;  ///< Null while there is no card.
    unsigned index_ = 0;                    ///< Of the card that source_ reads.
    CaptureLoss lost_before_;               ///< By sources that are closed.
    std::optional<Moment> next_look_;
    std::optional<WatchNews> told_;
    std::uint32_t since_look_ = 0;  ///< Packets.
};

}  // namespace sporvakt::capture
