#include "capture/sources/lasting_source.h"

#include "capture/sniffer.h"
#include "capture/sources/live_source.h"
#include "tests/support/conversation.h"
#include "tests/support/hand_clock.h"
#include "tests/support/own_network.h"
#include "tests/support/packets/raw_wire.h"
#include "tests/support/recording_sink.h"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::Errc;
using sporvakt::MacAddress;
using sporvakt::Result;
using namespace sporvakt::test;

namespace {

/// What a test's card has in store; outlives the sources that read from it.
struct Wire {
    std::deque<Arrival> packets;
    bool is_cut = false;
    bool is_endless = false;
    CaptureLoss loss;
    int opened = 0;
    int open = 0;
};

class WireSource final : public PacketSource {
public:
    explicit WireSource(Wire& wire) : wire_(wire) {
        ++wire_.opened;
        ++wire_.open;
    }
    WireSource(const WireSource&) = delete;
    WireSource& operator=(const WireSource&) = delete;
    WireSource(WireSource&&) = delete;
    WireSource& operator=(WireSource&&) = delete;
    ~WireSource() override { --wire_.open; }

    Result<Delivery> next() override {
        if (wire_.is_cut) {
            return sporvakt::fail(Errc::Unavailable, "cut");
        }
        if (wire_.packets.empty()) {
            return Delivery{wire_.is_endless ? Arrival::Packet : Arrival::None, {}};
        }
        const Arrival arrival = wire_.packets.front();
        wire_.packets.pop_front();
        return Delivery{arrival, {}};
    }
    [[nodiscard]] CaptureLoss loss() const override { return wire_.loss; }

private:
    Wire& wire_;
};

/// A sniffer in a thread that watches lan0, one end of a wire in a network of the test's own.
class Watcher {
public:
    Watcher() {
        SnifferSettings settings;
        settings.on_flow_end = [this](const FlowSummary& flow) { flows_.push_back(flow); };
        sniffer_ = std::make_unique<Sniffer>(settings, policy_, sink_);
        thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
    }

    /// Within what the owner was promised, with as much again for a busy machine.
    [[nodiscard]] bool is_watching_soon() const {
        const auto is_watching = [this] {
            const auto card = find_card("lan0");
            return card && opened_ == card->index && state_ == WatchState::Watched;
        };
        return comes_true(is_watching, std::chrono::seconds(4));
    }
    [[nodiscard]] bool is_without_link_soon() const {
        return comes_true([this] { return state_ == WatchState::WithoutLink; },
                          std::chrono::seconds(4));
    }
    [[nodiscard]] bool has_recorded_soon() const {
        return comes_true([this] { return !sink_.sightings().empty(); }, std::chrono::seconds(10));
    }

    std::vector<FlowSummary> stop() {
        thread_.request_stop();
        thread_.join();
        return flows_;
    }

private:
    void watch(const std::stop_token& stop) {
        const auto open = [this] {
            auto source = open_interface({.interface = "lan0"});
            opened_ = find_card("lan0").value_or(NetworkCard{}).index;
            return source;
        };
        LastingSource source({[] { return find_card("lan0"); }, open,
                              [this](const WatchNews& news) { state_ = news.state; }},
                             clock_);
        static_cast<void>(run_sniffer(source, *sniffer_, stop));
    }
    static bool comes_true(const std::function<bool()>& question, std::chrono::seconds patience) {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (!question()) {
            if (std::chrono::steady_clock::now() > end) {
                return false;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return true;
    }

    sporvakt::SystemClock clock_;
    sporvakt::Snapshot<sporvakt::policy::Policy> policy_{
        std::make_shared<const sporvakt::policy::Policy>(
            std::vector<std::shared_ptr<const sporvakt::trackers::Catalogue>>{},
            sporvakt::policy::HouseholdRules{
                {{"ads.example", sporvakt::policy::HouseholdRule::Block}}})};
    RecordingSink sink_;
    std::atomic<WatchState> state_ = WatchState::Missing;
    std::atomic<unsigned> opened_ = 0;  ///< Index of the card.
    std::vector<FlowSummary> flows_;
    std::unique_ptr<Sniffer> sniffer_;
    std::jthread thread_;
};

/// Runs it where there is such a wire; says so where that cannot be.
void with_wire(const std::function<int()>& body) {
    const int code = in_own_network([&] { return succeeds(kMakeWire) ? body() : kNoOwnNetwork; });
    if (code == kNoOwnNetwork) {
        UT_PRINT("SKIPPED: needs root and veth");
        return;
    }
    LONGS_EQUAL(0, code);
}

void talk_to_a_tracker() {
    Conversation talk;
    RawWire wire("wire0");
    for (const Octets& packet :
         {talk.syn(), talk.say(tls_hello("ads.example")), talk.answer(octets("hello"))}) {
        wire.send(packet);
    }
}

/// A device says where it goes, `incident` happens, and the server answers: the flow must have its
/// name and the bytes of both sides, so it was one sniffer that saw both.
int keeps_a_flow_over(const char* incident) {
    Watcher watcher;
    Conversation talk;
    if (!watcher.is_watching_soon()) {
        return 1;
    }
    RawWire before("wire0");
    if (!before.send(talk.syn()) || !before.send(talk.say(tls_hello("ads.example")))) {
        return 2;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // what is under way arrives
    if (!succeeds(incident)) {
        return 3;
    }
    if (!watcher.is_watching_soon()) {
        return 4;
    }
    RawWire after("wire0");
    if (!after.send(talk.answer(octets("server hello"))) || !watcher.has_recorded_soon()) {
        return 5;
    }
    const auto flows = watcher.stop();
    const bool is_whole = flows.size() == 1 && flows.front().name == "ads.example" &&
                          flows.front().bytes_up > 80 && flows.front().bytes_down == 52;
    return is_whole ? 0 : 6;
}

}  // namespace

TEST_GROUP(LastingSource) {
    static constexpr auto kWait = LastingSource::kLookInterval;

    HandClock clock;
    Wire wire;
    std::optional<NetworkCard> card;
    bool may_open = true;
    std::vector<WatchNews> news;
    LastingSource source{{[this] { return card; },
                          [this]() -> Result<std::unique_ptr<PacketSource>> {
                              if (!may_open) {
                                  return sporvakt::fail(Errc::Unavailable, "not allowed");
                              }
                              return std::make_unique<WireSource>(wire);
                          },
                          [this](const WatchNews& what) { news.push_back(what); }},
                         clock};

    static NetworkCard a_card(unsigned index) {
        return {index, true, *MacAddress::from_text("02:00:00:00:00:01")};
    }
    Arrival next() {
        return source.next()->arrival;
    }
    Arrival next_later() {
        clock.turn(kWait);
        return next();
    }
    [[nodiscard]] WatchState state() const {
        return news.back().state;
    }
};

TEST(LastingSource, WaitsForACardThatIsNotThereYet) {
    wire.packets = {Arrival::Packet};
    CHECK(next() == Arrival::None);
    CHECK(state() == WatchState::Missing);
    card = a_card(5);

    CHECK(next() == Arrival::None);  // not looked at again so soon
    CHECK(next_later() == Arrival::Packet);

    CHECK(state() == WatchState::Watched);
    CHECK(news.back().mac == card->mac);
    LONGS_EQUAL(2, news.size());
}

TEST(LastingSource, TellsOnceWhyACardIsNotWatchedAndTriesAgain) {
    card = a_card(5);
    may_open = false;
    next();
    next_later();
    CHECK(state() == WatchState::Refused);
    STRCMP_EQUAL("not allowed", news.back().reason.c_str());
    LONGS_EQUAL(1, news.size());
    may_open = true;

    next_later();

    CHECK(state() == WatchState::Watched);
}

TEST(LastingSource, ReadsOnWhenTheLinkComesBack) {
    card = a_card(5);
    next();
    card->is_up = false;
    next_later();
    CHECK(state() == WatchState::WithoutLink);
    card->is_up = true;
    next_later();

    CHECK(state() == WatchState::Watched);
    LONGS_EQUAL(1, wire.opened);
}

TEST(LastingSource, OpensAnotherCardOfTheSameNameThoughTheOldCaptureOnlyKeepsSilent) {
    card = a_card(5);
    next();
    card = a_card(6);
    wire.loss = {10, 3};

    next_later();

    LONGS_EQUAL(2, wire.opened);
    LONGS_EQUAL(1, wire.open);
}

TEST(LastingSource, LeavesACardThatIsGoneOrRenamedThoughItsPacketsGoOn) {
    card = a_card(5);
    wire.is_endless = true;
    next();
    card.reset();
    clock.turn(kWait);

    for (int packet = 0; packet < 5'000 && wire.open > 0; ++packet) {
        next();
    }

    LONGS_EQUAL(0, wire.open);
    CHECK(state() == WatchState::Missing);
}

TEST(LastingSource, SurvivesThatACaptureFailsOrEnds) {
    card = a_card(5);
    next();
    wire.is_cut = true;
    CHECK(next() == Arrival::None);
    wire.is_cut = false;
    wire.packets = {Arrival::End, Arrival::Packet};

    CHECK(next_later() == Arrival::None);
    CHECK(next_later() == Arrival::Packet);
    LONGS_EQUAL(3, wire.opened);
}

TEST(LastingSource, AddsUpTheLossOfAllOpenings) {
    card = a_card(5);
    next();
    wire.loss = {10, 3};
    CHECK(source.loss().dropped == 3);
    card = a_card(6);
    clock.turn(kWait);
    next();
    wire.loss = {4, 1};

    LONGS_EQUAL(14, source.loss().received);
    LONGS_EQUAL(4, source.loss().dropped);
}

TEST(LastingSource, KeepsFlowsAndNamesWhenTheCardIsReplacedByAnotherOfItsName) {
    with_wire([] {
        const std::string replaced = std::string("ip link delete lan0 && ") + kMakeWire;
        return keeps_a_flow_over(replaced.c_str());
    });
}

TEST(LastingSource, KeepsFlowsAndNamesWhenTheCardIsAwayForAWhile) {
    with_wire([] {
        const std::string away = std::string("ip link delete lan0 && sleep 1 && ") + kMakeWire;
        return keeps_a_flow_over(away.c_str());
    });
}

TEST(LastingSource, KeepsFlowsAndNamesWhenTheLinkGoesDownAndUp) {
    with_wire([] {
        return keeps_a_flow_over("ip link set lan0 down && sleep 1 && ip link set lan0 up");
    });
}

TEST(LastingSource, SaysThatTheLinkIsDown) {
    with_wire([] {
        const Watcher watcher;
        if (!watcher.is_watching_soon() || !succeeds("ip link set wire0 down")) {
            return 1;
        }
        return watcher.is_without_link_soon() ? 0 : 2;
    });
}

TEST(LastingSource, WatchesACardThatComesLater) {
    with_wire([] {
        succeeds("ip link delete lan0");
        Watcher watcher;
        std::this_thread::sleep_for(LastingSource::kLookInterval);
        if (!succeeds(kMakeWire) || !watcher.is_watching_soon()) {
            return 1;
        }
        talk_to_a_tracker();
        return watcher.has_recorded_soon() ? 0 : 2;
    });
}
