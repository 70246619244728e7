#include "capture/sources/lasting_source.h"

#include <thread>
#include <utility>

namespace sporvakt::capture {
namespace {

// How long one call waits for a card; a request to stop is noticed so late.
constexpr std::chrono::milliseconds kNap{50};

// With packets without end the time is read once in so many.
constexpr std::uint32_t kPacketsBetween = 4096;

}  // namespace

LastingSource::LastingSource(Surroundings surroundings, const Clock& clock)
    : surroundings_(std::move(surroundings)), clock_(clock), clock_watch_(clock) {}

Result<Delivery> LastingSource::next() {
    if (source_ == nullptr || since_look_ == kPacketsBetween) {
        look(clock_.moment());
    }
    if (source_ == nullptr) {
        std::this_thread::sleep_for(kNap);
        return Delivery{};
    }
    auto delivery = source_->next();
    if (delivery && delivery->arrival == Arrival::Packet) {
        ++since_look_;
        delivery->clock_set_by = clock_watch_.at_packet(delivery->packet.at);
        return delivery;
    }
    if (delivery && delivery->arrival == Arrival::None) {
        look(clock_.moment());
    } else {
        close();
    }
    return Delivery{};
}

CaptureLoss LastingSource::loss() const {
    CaptureLoss sum = lost_before_;
    if (source_ != nullptr) {
        const CaptureLoss now = source_->loss();
        sum.received += now.received;
        sum.dropped += now.dropped;
    }
    return sum;
}

void LastingSource::look(Moment now) {
    since_look_ = 0;
    if (next_look_ && now < *next_look_) {
        return;
    }
    next_look_ = now + kLookInterval;
    const WatchNews news = follow(surroundings_.look());
    if (told_ != news) {
        told_ = news;
        surroundings_.tell(news);
    }
}

WatchNews LastingSource::follow(const std::optional<NetworkCard>& card) {
    if (source_ != nullptr && (!card || card->index != index_)) {
        close();
    }
    if (!card) {
        return {WatchState::Missing, std::nullopt, {}};
    }
    if (source_ == nullptr) {
        auto opened = surroundings_.open();
        if (!opened) {
            return {WatchState::Refused, card->mac, opened.error().message};
        }
        source_ = std::move(*opened);
        index_ = card->index;
    }
    return {card->is_up ? WatchState::Watched : WatchState::WithoutLink, card->mac, {}};
}

void LastingSource::close() {
    lost_before_ = loss();
    source_.reset();
}

}  // namespace sporvakt::capture
