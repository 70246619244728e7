#include "firmware/roles/sniffer_role.h"

#include "capture/flow_journal.h"
#include "capture/sniffer.h"
#include "capture/sources/live_source.h"
#include "capture/sources/paced_source.h"
#include "capture/sources/packet_source.h"
#include "core/base/log.h"
#include "core/base/stop_wait.h"
#include "firmware/sender.h"

#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

// Between the end of a played capture and its next beginning, and after a failure.
constexpr std::chrono::seconds kPause{2};

/// Shows the others what the kernel had to drop.
class CountedSource final : public capture::PacketSource {
public:
    CountedSource(std::unique_ptr<capture::PacketSource> source, RoleState& state)
        : source_(std::move(source)), state_(state) {}
    CountedSource(const CountedSource&) = delete;
    CountedSource& operator=(const CountedSource&) = delete;
    CountedSource(CountedSource&&) = delete;
    CountedSource& operator=(CountedSource&&) = delete;
    ~CountedSource() override { count(); }

    Result<capture::Delivery> next() override {
        auto delivery = source_->next();
        constexpr std::uint32_t kPacketsBetween = 4096;
        if (++since_counted_ >= kPacketsBetween ||
            (delivery && delivery->arrival == capture::Arrival::None)) {
            count();
        }
        return delivery;
    }

    [[nodiscard]] capture::CaptureLoss loss() const override { return source_->loss(); }

private:
    void count() {
        since_counted_ = 0;
        const std::uint64_t dropped = source_->loss().dropped;
        state_.packets_dropped += dropped - counted_;
        counted_ = dropped;
    }

    std::unique_ptr<capture::PacketSource> source_;
    RoleState& state_;
    std::uint64_t counted_ = 0;
    std::uint32_t since_counted_ = 0;
};

/// One source of packets and what is made of them, in a thread of its own.
class Watch {
public:
    Watch(const RoleGround& ground, const HouseholdView& view, Sender& sender)
        : ground_(ground), view_(view), sender_(sender) {}

    void interface(const std::string& name, std::span<std::uint8_t> journal_memory,
                   const std::stop_token& stop) const {
        std::optional<capture::FlowJournal> journal;
        if (!journal_memory.empty()) {
            journal.emplace(journal_memory);
        }
        capture::SnifferSettings settings;
        settings.journal = journal ? &*journal : nullptr;
        std::string said;
        while (!stop.stop_requested()) {
            if (const auto mac = capture::interface_mac(name)) {
                settings.gateway_macs = {*mac};
            }
            auto source = capture::open_interface({name});
            const auto watched = source ? see_all(std::move(*source), settings, stop)
                                        : Result<void>(tl::unexpected(source.error()));
            complain_once(watched, said);
            wait_for_stop(stop, kPause);
        }
    }

    void file(const std::string& path, const std::stop_token& stop) const {
        capture::SnifferSettings settings;
        // Nobody asks our resolver in a capture; it holds the answers that one would have given.
        settings.refused_queries = capture::RefusedQueries::Counted;
        std::string said;
        while (!stop.stop_requested()) {
            auto recording = capture::open_capture_file(path);
            const auto played = recording ? play(std::move(*recording), settings, stop)
                                          : Result<void>(tl::unexpected(recording.error()));
            complain_once(played, said);
            wait_for_stop(stop, kPause);
        }
    }

private:
    [[nodiscard]] Result<void> play(std::unique_ptr<capture::PacketSource> recording,
                                    const capture::SnifferSettings& settings,
                                    const std::stop_token& stop) const {
        return see_all(std::make_unique<capture::PacedSource>(
                           std::move(recording), ground_.configuration.capture.speed,
                           capture::PlayedTimes::Now, ground_.clock),
                       settings, stop);
    }

    [[nodiscard]] Result<void> see_all(std::unique_ptr<capture::PacketSource> source,
                                       const capture::SnifferSettings& settings,
                                       const std::stop_token& stop) const {
        CountedSource counted(std::move(source), ground_.shared.of(Role::Sniffer));
        capture::Sniffer sniffer(settings, view_.policy(), sender_);
        return capture::run_sniffer(counted, sniffer, stop);
    }

    // What fails every few seconds is said when it begins to.
    static void complain_once(const Result<void>& watched, std::string& said) {
        const std::string now = watched ? "" : watched.error().message;
        if (!now.empty() && now != said) {
            log::error(now);
        }
        said = now;
    }

    const RoleGround& ground_;
    const HouseholdView& view_;
    Sender& sender_;
};

std::string what_is_watched(const Configuration::Capture& capture) {
    if (!capture.file.empty()) {
        return "plays " + capture.file;
    }
    std::string names;
    for (const std::string& name : capture.interfaces) {
        names += (names.empty() ? "watches " : ", ") + name;
    }
    return names.empty() ? "watches nothing; name interfaces in [capture]" : names;
}

std::vector<std::jthread> start_watching(const Watch& watch, const SnifferRole& role) {
    const Configuration::Capture& capture = role.ground.configuration.capture;
    std::vector<std::jthread> threads;
    if (!capture.file.empty()) {
        threads.emplace_back([&](const std::stop_token& stop) { watch.file(capture.file, stop); });
    }
    for (std::size_t index = 0; index < capture.interfaces.size(); ++index) {
        const auto journal =
            index < role.journals.size() ? role.journals[index] : std::span<std::uint8_t>{};
        threads.emplace_back([&, index, journal](const std::stop_token& stop) {
            watch.interface(capture.interfaces[index], journal, stop);
        });
    }
    return threads;
}

}  // namespace

int run_sniffer_role(SnifferRole role, const std::stop_token& stop) {
    const RoleGround& ground = role.ground;
    HouseholdReader household(ground.configuration.storage_dir);
    HouseholdView view(Role::Sniffer, ground.shared, sources_of(ground, household));
    Sender sender(std::move(role.keeper), ground.shared.of(Role::Sniffer), random_number());
    const Watch watch(ground, view, sender);

    // Stopped in reverse: what sends goes on until nothing more is seen.
    const std::jthread following([&view](const std::stop_token& token) { view.watch(token); });
    const std::jthread sending([&sender](const std::stop_token& token) { sender.run(token); });
    const std::vector<std::jthread> watching = start_watching(watch, role);
    log::info("ready: " + what_is_watched(ground.configuration.capture));
    wait_for_stop(stop);
    return 0;
}

}  // namespace sporvakt::firmware
