#include "firmware/roles/sniffer_role.h"

#include "capture/flow_claims.h"
#include "capture/flow_journal.h"
#include "capture/sniffer.h"
#include "capture/sources/lasting_source.h"
#include "capture/sources/live_source.h"
#include "capture/sources/network_card.h"
#include "capture/sources/paced_source.h"
#include "capture/sources/packet_source.h"
#include "core/base/log.h"
#include "core/base/stop_wait.h"
#include "firmware/capture_state.h"
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

/// Shows the others, once a second, what came, what the kernel had to drop and what the sniffer
/// made of it.
class ShownSource final : public capture::PacketSource {
public:
    ShownSource(capture::PacketSource& source, const capture::Sniffer& sniffer, CaptureTally tally,
                const Clock& clock)
        : source_(source), sniffer_(sniffer), tally_(tally), clock_(clock) {}
    ShownSource(const ShownSource&) = delete;
    ShownSource& operator=(const ShownSource&) = delete;
    ShownSource(ShownSource&&) = delete;
    ShownSource& operator=(ShownSource&&) = delete;
    ~ShownSource() override { show(); }

    Result<capture::Delivery> next() override {
        auto delivery = source_.next();
        constexpr std::uint32_t kPacketsBetween = 4096;
        if (++since_looked_ == kPacketsBetween ||
            (delivery && delivery->arrival == capture::Arrival::None)) {
            since_looked_ = 0;
            show_in_time();
        }
        return delivery;
    }

    [[nodiscard]] capture::CaptureLoss loss() const override { return source_.loss(); }

private:
    void show_in_time() {
        const Moment now = clock_.moment();
        if (now - shown_ >= kInterval) {
            shown_ = now;
            show();
        }
    }
    void show() { tally_.add(sniffer_.counters(), source_.loss()); }

    static constexpr std::chrono::seconds kInterval{1};

    capture::PacketSource& source_;
    const capture::Sniffer& sniffer_;
    CaptureTally tally_;
    const Clock& clock_;
    Moment shown_;
    std::uint32_t since_looked_ = 0;
};

std::string_view reach_text(capture::Reach reach) {
    return reach == capture::Reach::Everything
               ? "every frame, also those for others (promiscuous)"
               : "frames of this machine alone, for it forwards the house's";
}

void log_news(const capture::LiveSettings& card, const capture::WatchNews& news) {
    const std::string& name = card.interface;
    switch (news.state) {
        case capture::WatchState::Watched:
            log::info(fmt::format("{} is watched: {}", name, reach_text(card.reach)));
            break;
        case capture::WatchState::WithoutLink:
            log::warning(fmt::format("{} is switched off or has no link; it is watched", name));
            break;
        case capture::WatchState::Missing:
            log::warning(fmt::format("there is no {}; it will be watched when it comes", name));
            break;
        case capture::WatchState::Refused:
            log::error(news.reason);
            break;
    }
}

/// One interface: what it journals and what is made of its packets.
struct Watched {
    std::string name;
    std::optional<capture::FlowJournal> journal;
    InterfaceState& shown;
    std::unique_ptr<capture::Sniffer> sniffer;
};

/// Sources of packets, each read in a thread of its own.
class Watch {
public:
    Watch(const RoleGround& ground, const HouseholdView& view, Sender& sender)
        : ground_(ground), view_(view), sender_(sender) {}

    /// The interface's sniffer, with the flows of an earlier one.  All of them before any sees a
    /// packet: so each goes on counting what it counted.
    [[nodiscard]] std::unique_ptr<Watched> prepare(std::size_t index,
                                                   std::span<std::uint8_t> journal_memory) {
        const auto& names = ground_.configuration.capture.interfaces;
        auto watched = std::make_unique<Watched>(Watched{
            names.at(index), std::nullopt, ground_.shared.capture.interfaces.at(index), nullptr});
        capture::SnifferSettings settings;
        if (!journal_memory.empty()) {
            settings.journal = &watched->journal.emplace(journal_memory);
        }
        settings.plain_dns = ground_.configuration.gate.redirect_dns ? capture::PlainDns::ComesToUs
                                                                     : capture::PlainDns::GoesOut;
        if (names.size() > 1) {
            settings.claims = &claims_;
            settings.party = static_cast<capture::FlowClaims::Party>(index);
        }
        watched->sniffer = std::make_unique<capture::Sniffer>(settings, view_.policy(), sender_);
        return watched;
    }

    /// One sniffer, whatever becomes of the interface: running flows, names and devices are known
    /// again when it comes back.
    void interface(Watched& watched, const std::stop_token& stop) const {
        capture::LiveSettings card = card_settings(watched.name);
        const auto open = [&] {
            card = card_settings(watched.name);  // it may be another, with another task
            return capture::open_interface(card);
        };
        const auto tell = [&](const capture::WatchNews& news) {
            watched.shown.state(news.state);
            log_news(card, news);
            if (news.mac) {
                watched.sniffer->add_own_card(*news.mac, card.reach == capture::Reach::OwnFrames
                                                             ? capture::OwnCard::Gateway
                                                             : capture::OwnCard::Onlooker);
            }
        };
        capture::LastingSource source(
            {[&] { return capture::find_card(watched.name); }, open, tell}, ground_.clock);
        complain(see_all(source, *watched.sniffer, &watched.shown, stop));
    }

    void file(const std::string& path, const std::stop_token& stop) const {
        capture::SnifferSettings settings;
        // Nobody asks our resolver in a capture; it holds the answers that one would have given.
        settings.refused_queries = capture::RefusedQueries::Counted;
        std::string said;
        while (!stop.stop_requested()) {
            const auto played = play(path, settings, stop);
            const std::string now = played ? "" : played.error().message;
            if (now != said) {
                complain(played);  // what fails every few seconds is said when it begins to
            }
            said = now;
            wait_for_stop(stop, kPause);
        }
    }

private:
    [[nodiscard]] capture::LiveSettings card_settings(const std::string& name) const {
        const Configuration::Capture& wanted = ground_.configuration.capture;
        capture::LiveSettings card;
        card.interface = name;
        card.reach =
            wanted.reach.value_or(capture::is_gateway_card(name) ? capture::Reach::OwnFrames
                                                                 : capture::Reach::Everything);
        card.ring_bytes = wanted.ring_bytes.value_or(card.ring_bytes);
        card.wanted = wanted.wanted;
        return card;
    }

    [[nodiscard]] Result<void> play(const std::string& path,
                                    const capture::SnifferSettings& settings,
                                    const std::stop_token& stop) const {
        auto recording = SPORVAKT_TRY(capture::open_capture_file(path));
        capture::PacedSource source(std::move(recording), ground_.configuration.capture.speed,
                                    capture::PlayedTimes::Now, ground_.clock);
        capture::Sniffer sniffer(settings, view_.policy(), sender_);
        return see_all(source, sniffer, nullptr, stop);
    }

    [[nodiscard]] Result<void> see_all(capture::PacketSource& source, capture::Sniffer& sniffer,
                                       InterfaceState* interface,
                                       const std::stop_token& stop) const {
        const CaptureTally tally(ground_.shared.capture,
                                 ground_.shared.of(Role::Sniffer).packets_dropped, interface);
        ShownSource shown(source, sniffer, tally, ground_.clock);
        return capture::run_sniffer(shown, sniffer, stop);
    }

    static void complain(const Result<void>& watched) {
        if (!watched) {
            log::error(watched.error().message);
        }
    }

    const RoleGround& ground_;
    const HouseholdView& view_;
    Sender& sender_;
    capture::FlowClaims claims_;
};

/// From the first on: an earlier sniffer may have had others.
void name_interfaces(CaptureState& state, const std::vector<std::string>& names) {
    for (std::size_t index = 0; index < state.interfaces.size(); ++index) {
        state.interfaces.at(index).name(index < names.size() ? names[index] : "");
    }
}

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

std::vector<std::unique_ptr<Watched>> prepare_interfaces(Watch& watch, const SnifferRole& role) {
    std::vector<std::unique_ptr<Watched>> prepared;
    const std::size_t count = role.ground.configuration.capture.interfaces.size();
    for (std::size_t index = 0; index < count; ++index) {
        const auto journal =
            index < role.journals.size() ? role.journals[index] : std::span<std::uint8_t>{};
        prepared.push_back(watch.prepare(index, journal));
    }
    return prepared;
}

std::vector<std::jthread> start_watching(const Watch& watch, const std::string& file,
                                         const std::vector<std::unique_ptr<Watched>>& interfaces) {
    std::vector<std::jthread> threads;
    if (!file.empty()) {
        threads.emplace_back([&](const std::stop_token& stop) { watch.file(file, stop); });
    }
    for (const auto& watched : interfaces) {
        threads.emplace_back(
            [&watch, &watched](const std::stop_token& stop) { watch.interface(*watched, stop); });
    }
    return threads;
}

}  // namespace

int run_sniffer_role(SnifferRole role, const std::stop_token& stop) {
    const RoleGround& ground = role.ground;
    HouseholdReader household(ground.configuration.storage_dir);
    HouseholdView view(Role::Sniffer, ground.shared, sources_of(ground, household));
    Sender sender(std::move(role.keeper), ground.shared.of(Role::Sniffer), random_number());
    Watch watch(ground, view, sender);
    const auto interfaces = prepare_interfaces(watch, role);

    // Stopped in reverse: what sends goes on until nothing more is seen.
    const std::jthread following([&view](const std::stop_token& token) { view.watch(token); });
    const std::jthread sending([&sender](const std::stop_token& token) { sender.run(token); });
    name_interfaces(ground.shared.capture, ground.configuration.capture.interfaces);
    const std::vector<std::jthread> watching =
        start_watching(watch, ground.configuration.capture.file, interfaces);
    log::info("ready: " + what_is_watched(ground.configuration.capture));
    wait_for_stop(stop);
    return 0;
}

}  // namespace sporvakt::firmware
