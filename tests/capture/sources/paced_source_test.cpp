#include "capture/sources/paced_source.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::Moment;
using sporvakt::Result;
using sporvakt::Timestamp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

class Recording final : public PacketSource {
public:
    explicit Recording(std::vector<Timestamp> times) : times_(std::move(times)) {}

    Result<Delivery> next() override {
        if (at_ == times_.size()) {
            return Delivery{Arrival::End, {}};
        }
        Packet packet;
        packet.at = times_[at_++];
        return Delivery{Arrival::Packet, packet};
    }

private:
    std::vector<Timestamp> times_;
    std::size_t at_ = 0;
};

class TurnedClock final : public sporvakt::Clock {
public:
    [[nodiscard]] Timestamp now() const override { return Timestamp(seconds(5000)) + passed; }
    [[nodiscard]] Moment moment() const override { return Moment(seconds(100)) + passed; }

    milliseconds passed{0};
};

}  // namespace

TEST_GROUP(PacedSource) {
    TurnedClock clock;

    PacedSource play(double speed, PlayedTimes times) {
        return {std::make_unique<Recording>(
                    std::vector{Timestamp(seconds(10)), Timestamp(seconds(12))}),
                speed, times, clock};
    }
};

TEST(PacedSource, HoldsAPacketBackUntilItsTime) {
    auto source = play(2, PlayedTimes::AsRecorded);

    CHECK(source.next()->arrival == Arrival::Packet);
    CHECK(source.next()->arrival == Arrival::None);
    clock.passed = milliseconds(999);
    CHECK(source.next()->arrival == Arrival::None);
    clock.passed = milliseconds(1000);
    const auto second = source.next();
    CHECK(second->arrival == Arrival::Packet);
    CHECK(second->packet.at == Timestamp(seconds(12)));
    CHECK(source.next()->arrival == Arrival::End);
}

TEST(PacedSource, MayPretendThatItHappensNow) {
    auto source = play(2, PlayedTimes::Now);

    CHECK(source.next()->packet.at == Timestamp(seconds(5000)));
    clock.passed = milliseconds(1500);
    CHECK(source.next()->packet.at == Timestamp(seconds(5001)));
}
