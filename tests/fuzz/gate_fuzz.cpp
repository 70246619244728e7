#include "capture/gate/gate.h"

#include "core/base/assert.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <unordered_set>

using namespace sporvakt;
using namespace sporvakt::capture;

namespace {

/// Packets that wait; each must be ruled upon once.
class Waiting final : public Rulings {
public:
    void arrive(std::uint32_t id) { ids_.insert(id); }
    void rule(const PacketTicket& packet, Ruling /*ruling*/) override {
        SPORVAKT_ASSERT(ids_.erase(packet.id) == 1);
    }
    [[nodiscard]] std::size_t count() const { return ids_.size(); }

private:
    std::unordered_set<std::uint32_t> ids_;
};

class SteppedClock final : public Clock {
public:
    void step(std::chrono::milliseconds by) { now_ += by; }
    [[nodiscard]] Timestamp now() const override { return Timestamp(now_); }
    [[nodiscard]] Moment moment() const override { return Moment(now_); }

private:
    std::chrono::milliseconds now_{1'000'000};
};

class NoSink final : public ledger::SightingSink {
public:
    void record(const ledger::SightingView& sighting) override {
        SPORVAKT_ASSERT(sighting.name == "ads.example");  // all that this household blocks
        SPORVAKT_ASSERT(sighting.outcome == ledger::Outcome::Prevented);
    }
    void note(devices::DeviceClue /*clue*/) override {}
};

}  // namespace

// The input: settings; then packets, each a byte of waiting, two of length, and its bytes.  However
// it goes, no packet waits longer than the gate may hold it, nor for ever.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteReader input(Bytes(data, size));
    const std::uint8_t wishes = input.u8().value_or(0);
    GateSettings settings;
    settings.mode = (wishes & 1U) != 0 ? GateMode::Log : GateMode::Cut;
    settings.on_failure = (wishes & 2U) != 0 ? OnFailure::Closed : OnFailure::Open;
    const Snapshot<policy::Policy> policy(std::make_shared<const policy::Policy>(
        std::vector<std::shared_ptr<const trackers::Catalogue>>{},
        policy::HouseholdRules{{{"ads.example", policy::HouseholdRule::Block}}}));
    NoSink sink;
    Waiting waiting;
    SteppedClock clock;
    Gate gate(settings, {policy, sink, waiting, clock});
    for (std::uint32_t id = 1; !input.at_end(); ++id) {
        clock.step(std::chrono::milliseconds(input.u8().value_or(0)));
        gate.tick();
        const std::size_t length = input.u16().value_or(0);
        waiting.arrive(id);
        gate.see({{id, 0}, std::nullopt, input.take(length).value_or(input.take_rest())});
    }
    SPORVAKT_ASSERT(settings.mode == GateMode::Cut || waiting.count() == 0);
    clock.step(Gate::kHoldTime);
    gate.tick();
    SPORVAKT_ASSERT(waiting.count() == 0);
    return 0;
}
