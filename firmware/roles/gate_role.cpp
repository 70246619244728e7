#include "firmware/roles/gate_role.h"

#include "capture/gate/gate.h"
#include "capture/gate/packet_queue.h"
#include "core/base/log.h"
#include "firmware/sender.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <fmt/core.h>
#include <unistd.h>

namespace sporvakt::firmware {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatienceMax{100};  // so soon is a wish to stop noticed

/// Tells in the log what would be cut, without flooding it.
class WouldCutLog {
public:
    explicit WouldCutLog(const Clock& clock) : clock_(clock) {}

    void tell(const devices::DeviceId& device, std::string_view name,
              const policy::Verdict& verdict) {
        const Moment now = clock_.moment();
        if (now - began_ >= kInterval) {
            if (untold_ > 0) {
                log::info(fmt::format("would have cut {} more", untold_));
            }
            began_ = now;
            told_ = 0;
            untold_ = 0;
        }
        if (told_ == kLinesMax) {
            ++untold_;
            return;
        }
        ++told_;
        log::info(fmt::format("would cut {} -> {} ({})", device.text(), name,
                              verdict.is_by_household()
                                  ? std::string("the household's own rule")
                                  : fmt::format("{} in {}", verdict.rule, verdict.list)));
    }

private:
    static constexpr std::chrono::seconds kInterval{10};
    static constexpr unsigned kLinesMax = 20;

    const Clock& clock_;
    Moment began_;
    unsigned told_ = 0;
    std::uint64_t untold_ = 0;
};

/// Shows the others, once a second, what the kernel had to drop.
class DropCount {
public:
    DropCount(const capture::PacketQueue& queue, RoleState& state) : queue_(queue), state_(state) {}

    void update(Moment now) {
        if (now - updated_ < kInterval) {
            return;
        }
        updated_ = now;
        const std::uint64_t dropped = queue_.dropped();
        state_.packets_dropped += dropped - counted_;
        counted_ = dropped;
    }

private:
    static constexpr std::chrono::seconds kInterval{1};

    const capture::PacketQueue& queue_;
    RoleState& state_;
    Moment updated_;
    std::uint64_t counted_ = 0;
};

milliseconds patience_until(std::optional<Moment> due, Moment now) {
    if (!due) {
        return kPatienceMax;
    }
    return std::clamp(std::chrono::ceil<milliseconds>(*due - now), milliseconds(0), kPatienceMax);
}

void say_what_was_done(const capture::GateCounters& counters, std::uint64_t failures) {
    log::info(fmt::format("of {} packets' flows {} passed and {} were cut; {} could not be judged",
                          counters.packets, counters.passed, counters.cut, counters.unjudged));
    if (failures > 0) {
        log::warning(fmt::format("the kernel would not take {} rulings", failures));
    }
}

Result<void> watch_gate(const GateRole& role, const HouseholdView& view, Sender& sender,
                        const std::stop_token& stop) {
    const RoleGround& ground = role.ground;
    const Configuration::Gate& wanted = ground.configuration.gate;
    const auto queue =
        SPORVAKT_TRY(capture::PacketQueue::open(capture::kGateQueue, wanted.on_failure));
    WouldCutLog would_cut(ground.clock);
    capture::GateSettings settings;
    settings.mode = wanted.mode;
    settings.on_failure = wanted.on_failure;
    settings.on_would_cut = [&](const auto& device, std::string_view name, const auto& verdict) {
        would_cut.tell(device, name, verdict);
    };
    if (wanted.reject_doh) {
        settings.is_refused = [&view](std::string_view name) {
            return view.policy().get()->evasion_of(name) == trackers::Evasion::DnsOverHttps;
        };
    }
    capture::Gate gate(settings, {view.policy(), sender, *queue, ground.clock});
    log::info(wanted.mode == capture::GateMode::Cut ? "ready: cuts flows to what is blocked"
                                                    : "ready: tells which flows it would cut");
    DropCount drops(*queue, ground.shared.of(Role::Gate));
    Result<void> received;
    while (received && !stop.stop_requested()) {
        received =
            queue->receive(patience_until(gate.tick(), ground.clock.moment()),
                           [&gate](const capture::QueuedPacket& packet) { gate.see(packet); });
        drops.update(ground.clock.moment());
    }
    gate.finish();
    say_what_was_done(gate.counters(), queue->failures());
    return received;
}

}  // namespace

int run_gate_role(GateRole role, const std::stop_token& stop) {
    const RoleGround& ground = role.ground;
    HouseholdReader household(ground.configuration.storage_dir);
    HouseholdView view(Role::Gate, ground.shared, sources_of(ground, household));
    Sender sender(std::move(role.keeper), ground.shared.of(Role::Gate), random_number());
    // Stopped in reverse: what sends goes on until nothing more is seen.
    const std::jthread following([&view](const std::stop_token& token) { view.watch(token); });
    const std::jthread sending([&sender](const std::stop_token& token) { sender.run(token); });
    const auto watched = watch_gate(role, view, sender, stop);
    if (!watched) {
        log::error(watched.error().message);
    }
    if (role.clear_rules && ::getppid() != role.supervisor) {
        role.clear_rules();
    }
    return watched ? 0 : 1;
}

}  // namespace sporvakt::firmware
