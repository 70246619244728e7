#include "capture/clock_shift.h"

#include "capture/sniffer.h"
#include "tests/support/conversation.h"
#include "tests/support/recording_sink.h"

#include <chrono>
#include <memory>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::policy;
using namespace sporvakt::test;
using sporvakt::Snapshot;
using sporvakt::Timestamp;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr hours kYear{24 * 365};

}  // namespace

TEST_GROUP(ClockShift) {
    Snapshot<Policy> policy{std::make_shared<const Policy>(
        std::vector<std::shared_ptr<const sporvakt::trackers::Catalogue>>{},
        HouseholdRules{{{"ads.example", HouseholdRule::Block}}})};
    RecordingSink sink;
    std::vector<FlowSummary> flows;
    std::vector<std::uint8_t> memory = std::vector<std::uint8_t>(FlowJournal::kBytes);
    FlowJournal journal{memory};
    std::unique_ptr<Sniffer> sniffer = start();
    Timestamp now{40 * kYear};
    Conversation talk;

    std::unique_ptr<Sniffer> start() {
        SnifferSettings settings;
        settings.journal = &journal;
        settings.on_flow_end = [this](const FlowSummary& flow) { flows.push_back(flow); };
        return std::make_unique<Sniffer>(std::move(settings), policy, sink);
    }
    void see(const Octets& bytes) {
        now += milliseconds(1);
        sniffer->see(packet(bytes, now));
    }
    void talk_over(hours clock_step) {
        see(talk.syn());
        see(talk.syn_ack());
        see(talk.say(tls_hello("ads.example")));
        see(talk.answer(octets("server hello")));
        now += clock_step;
        sniffer->clock_set_by(clock_step);
        see(talk.say(octets("what it knows")));
    }
    void check_flow_is_whole() {
        LONGS_EQUAL(1, flows.size());
        CHECK(flows[0].name == "ads.example");
        CHECK(flows[0].last_seen == now);
        CHECK(flows[0].last_seen - flows[0].first_seen == milliseconds(4));
        CHECK(sink.sightings().back().last == now);
    }
};

TEST(ClockShift, AFlowOutlivesAClockThatIsSetForward) {
    talk_over(kYear);
    sniffer->finish();
    check_flow_is_whole();
}

TEST(ClockShift, AFlowOutlivesAClockThatIsSetBack) {
    talk_over(-kYear);
    sniffer->finish();
    check_flow_is_whole();
}

TEST(ClockShift, AKilledSniffersFlowsGoOnAfterIt) {
    talk_over(kYear);
    sniffer->tick(now + seconds(2));
    const auto killed = memory;  // nothing that the old one does from now on counts
    sniffer.reset();
    memory = killed;
    flows.clear();

    sniffer = start();
    see(talk.say(octets("and more")));
    sniffer->finish();
    LONGS_EQUAL(1, flows.size());
    CHECK(flows[0].name == "ads.example");
}
