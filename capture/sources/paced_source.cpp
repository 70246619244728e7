#include "capture/sources/paced_source.h"

#include "core/base/assert.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace sporvakt::capture {
namespace {

constexpr std::chrono::milliseconds kLongestWait{50};

}  // namespace

PacedSource::PacedSource(std::unique_ptr<PacketSource> recording, double speed, PlayedTimes times,
                         const Clock& clock)
    : recording_(std::move(recording)), speed_(speed), times_(times), clock_(clock) {
    SPORVAKT_ASSERT(speed > 0);
}

Moment PacedSource::due(const Packet& packet) const {
    using Exact = std::chrono::duration<double, std::milli>;
    const Exact since_start = std::max(packet.at - *recording_start_, std::chrono::milliseconds(0));
    return start_ + std::chrono::duration_cast<Moment::duration>(since_start / speed_);
}

Result<Delivery> PacedSource::next() {
    if (!waiting_) {
        waiting_ = SPORVAKT_TRY(recording_->next());
    }
    if (waiting_->arrival == Arrival::Packet) {
        if (!recording_start_) {
            recording_start_ = waiting_->packet.at;
            played_start_ = clock_.now();
            start_ = clock_.moment();
        }
        const Moment when = due(waiting_->packet);
        if (const auto left = when - clock_.moment(); left > Moment::duration::zero()) {
            std::this_thread::sleep_for(std::min<Moment::duration>(left, kLongestWait));
            return Delivery{};
        }
        if (times_ == PlayedTimes::Now) {
            waiting_->packet.at =
                played_start_ + std::chrono::floor<std::chrono::milliseconds>(when - start_);
        }
    }
    return *std::exchange(waiting_, std::nullopt);
}

}  // namespace sporvakt::capture
