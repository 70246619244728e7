#include "capture/flow_reporter.h"

#include "tests/support/catalogue_builder.h"
#include "tests/support/recording_sink.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::ledger;
using namespace sporvakt::policy;
using sporvakt::Endpoint;
using sporvakt::Snapshot;
using sporvakt::Timestamp;
using sporvakt::devices::DeviceId;
using sporvakt::test::CatalogueBuilder;
using sporvakt::test::RecordingSink;
using sporvakt::trackers::Purpose;
using std::chrono::seconds;

namespace {

std::shared_ptr<const Policy> household(HouseholdRules rules) {
    return std::make_shared<const Policy>(
        std::vector<std::shared_ptr<const sporvakt::trackers::Catalogue>>{}, std::move(rules));
}

}  // namespace

TEST_GROUP(FlowReporter) {
    Snapshot<Policy> policy{household({{{"ads.example", HouseholdRule::Block}}})};
    RecordingSink sink;
    std::vector<std::uint8_t> memory = std::vector<std::uint8_t>(FlowJournal::kBytes);
    FlowJournal journal{memory};
    ClockShift shift;
    FlowReporter reporter{policy, sink, &journal, shift};
    NamePool names;
    FlowTable flows{[](Flow&) {}};
    Endpoint client = *Endpoint::from_text("192.168.1.20:40000");
    Endpoint server = *Endpoint::from_text("203.0.113.80:443");

    Flow& named(const std::string& name) {
        Flow& flow = *flows.begin(6, {client, server, DeviceId(client.address)});
        flow.is_countable = true;
        flow.naming = Naming::Done;
        flow.origin = NameOrigin::Tls;
        flow.attribute().claimed = names.take(name);
        flow.first_seen = Timestamp(seconds(100));
        flow.last_seen = Timestamp(seconds(101));
        flow.has_sent = true;
        flow.is_answered = true;
        flow.bytes_up = 10;
        flow.bytes_down = 20;
        return flow;
    }
    std::size_t journal_entries() {
        std::size_t count = 0;
        journal.load([&](FlowJournal::Slot, const JournalEntry&) { ++count; });
        return count;
    }
};

TEST(FlowReporter, RecordsABlockedNameThatWasReachedAsBypassed) {
    reporter.name_settled(named("ads.example"));

    const auto sighting = sink.sightings().at(0);
    CHECK(sighting.outcome == Outcome::Leaked);
    CHECK(sighting.cause == Cause::Bypassed);
    CHECK(sighting.source == NameSource::Tls);
    CHECK(sighting.at == Timestamp(seconds(100)));
    CHECK(sighting.last == Timestamp(seconds(101)));
    STRCMP_EQUAL("192.168.1.20", sighting.device.text().c_str());
    LONGS_EQUAL(1, sighting.attempts);
    LONGS_EQUAL(10, sighting.bytes_up);
    LONGS_EQUAL(20, sighting.bytes_down);
}

TEST(FlowReporter, AddsOnlyWhatIsNewAfterTheFirstSighting) {
    Flow& flow = named("ads.example");
    reporter.name_settled(flow);
    flow.bytes_down += 5;
    flow.last_seen = Timestamp(seconds(103));
    reporter.note(flow);
    reporter.report_news();
    reporter.report_news();
    reporter.ended(flow);

    LONGS_EQUAL(2, sink.sightings().size());
    LONGS_EQUAL(0, sink.sightings()[1].attempts);
    LONGS_EQUAL(0, sink.sightings()[1].bytes_up);
    LONGS_EQUAL(5, sink.sightings()[1].bytes_down);
    CHECK(sink.sightings()[1].at == Timestamp(seconds(103)));
}

TEST(FlowReporter, RecordsNothingOfOtherNames) {
    Flow& flow = named("shop.example");
    reporter.name_settled(flow);
    reporter.ended(flow);

    CHECK_TRUE(sink.sightings().empty());
    LONGS_EQUAL(0, journal_entries());
}

TEST(FlowReporter, WaitsUntilTheServerConfirmsTheName) {
    Flow& flow = named("ads.example");
    flow.is_answered = false;
    reporter.name_settled(flow);
    CHECK_TRUE(sink.sightings().empty());

    flow.is_answered = true;
    reporter.note(flow);
    reporter.report_news();
    LONGS_EQUAL(1, sink.sightings().size());
}

TEST(FlowReporter, RecordsNoContactWithoutPayload) {
    Flow& flow = named("ads.example");
    flow.has_sent = false;
    reporter.name_settled(flow);
    reporter.ended(flow);

    CHECK_TRUE(sink.sightings().empty());
}

TEST(FlowReporter, RecordsNothingBetweenDevicesOrOfTheGateway) {
    Flow& flow = named("ads.example");
    flow.is_countable = false;
    reporter.name_settled(flow);
    reporter.ended(flow);

    CHECK_TRUE(sink.sightings().empty());
}

TEST(FlowReporter, JudgesByTheResolvedNameBehindAFront) {
    Flow& flow = named("cloudflare-ech.com");
    flow.has_encrypted_hello = true;
    flow.is_name_front = true;
    flow.attribute().inferred = names.take("ads.example");
    reporter.name_settled(flow);

    STRCMP_EQUAL("ads.example", sink.sightings().at(0).name.c_str());
    CHECK(sink.sightings()[0].source == NameSource::Inferred);
}

TEST(FlowReporter, TellsATrackerThatIsOnlyReportedAndWhatTheOwnerAllowed) {
    auto catalogue = CatalogueBuilder()
                         .company("counter", "Counter")
                         .domain("counter.example", "counter", Purpose::Analytics)
                         .open();
    policy.publish(std::make_shared<const Policy>(std::vector{catalogue}, HouseholdRules{}));
    Flow& flow = named("counter.example");
    reporter.note(flow);
    reporter.report_news();
    CHECK(sink.sightings().at(0).cause == Cause::Reported);
    CHECK(sink.sightings()[0].purpose == Purpose::Analytics);

    policy.publish(std::make_shared<const Policy>(
        std::vector{catalogue}, HouseholdRules{{{"counter.example", HouseholdRule::Allow}}}));
    flow.bytes_up += 1;
    reporter.note(flow);
    reporter.report_news();
    CHECK(sink.sightings().at(1).cause == Cause::AllowedByYou);
}

TEST(FlowReporter, JudgesAgainWhenThePolicyChanges) {
    Flow& flow = named("later.example");
    reporter.name_settled(flow);
    policy.publish(household({{{"later.example", HouseholdRule::Block}}}));
    reporter.report_news();
    flow.bytes_up += 7;
    reporter.note(flow);
    reporter.report_news();

    LONGS_EQUAL(1, sink.sightings().size());
    LONGS_EQUAL(7, sink.sightings()[0].bytes_up);  // not what passed before the rule
}

TEST(FlowReporter, GoesOnWithTheFlowsOfASnifferThatWasKilled) {
    reporter.name_settled(named("ads.example"));
    FlowTable later([](Flow&) {});
    RecordingSink later_sink;
    FlowJournal later_journal(memory);
    FlowReporter restarted(policy, later_sink, &later_journal, shift);
    restarted.restore(later, names);

    Flow* flow = later.find(FlowKey::of(6, client, server));
    CHECK(flow != nullptr);
    flow->bytes_up += 30;
    restarted.note(*flow);
    restarted.report_news();
    LONGS_EQUAL(1, later_sink.sightings().size());
    LONGS_EQUAL(0, later_sink.sightings()[0].attempts);
    LONGS_EQUAL(30, later_sink.sightings()[0].bytes_up);
    STRCMP_EQUAL("ads.example", later_sink.sightings()[0].name.c_str());
}

TEST(FlowReporter, CountsARestoredFlowThatHadNotBeenCounted) {
    Flow& flow = named("ads.example");
    flow.is_answered = false;
    reporter.name_settled(flow);
    FlowTable later([](Flow&) {});
    RecordingSink later_sink;
    FlowReporter restarted(policy, later_sink, &journal, shift);
    restarted.restore(later, names);

    Flow* restored = later.find(FlowKey::of(6, client, server));
    restored->is_answered = true;
    restarted.note(*restored);
    restarted.report_news();
    LONGS_EQUAL(1, later_sink.sightings().at(0).attempts);
}

TEST(FlowReporter, TakesAFlowThatEndedOutOfTheJournal) {
    Flow& flow = named("ads.example");
    reporter.name_settled(flow);
    LONGS_EQUAL(1, journal_entries());
    reporter.ended(flow);

    LONGS_EQUAL(0, journal_entries());
}

TEST(FlowReporter, CountsARefusedNameAsPreventedIfThePolicyBlocksIt) {
    const DeviceId device(client.address);
    reporter.refused(device, "pixel.ads.example", Timestamp(seconds(7)));
    reporter.refused(device, "no-such-name.example", Timestamp(seconds(7)));

    LONGS_EQUAL(1, sink.sightings().size());
    CHECK(sink.sightings()[0].outcome == Outcome::Prevented);
    CHECK(sink.sightings()[0].cause == Cause::Household);
    CHECK(sink.sightings()[0].source == NameSource::Query);
    LONGS_EQUAL(1, sink.sightings()[0].attempts);
}

TEST(FlowReporter, CountsANameThatRodeOnAnothersFlowOnceAndWithoutBytes) {
    const DeviceId device(client.address);
    const Timestamp at(seconds(100));
    reporter.coalesced({device, "ads.example", at, at + seconds(60)});
    reporter.coalesced({device, "ads.example", at + seconds(20), at + seconds(80)});
    reporter.coalesced({device, "shop.example", at, at + seconds(60)});

    LONGS_EQUAL(1, sink.sightings().size());
    const auto sighting = sink.sightings()[0];
    STRCMP_EQUAL("ads.example", sighting.name.c_str());
    CHECK(sighting.outcome == Outcome::Leaked);
    CHECK(sighting.cause == Cause::Bypassed);
    CHECK(sighting.source == NameSource::Inferred);
    CHECK(sighting.at == at);
    LONGS_EQUAL(1, sighting.attempts);
    LONGS_EQUAL(0, sighting.bytes_up + sighting.bytes_down);
}

TEST(FlowReporter, CountsAFlowOfTheNamesOwnAfterItRodeAsTheSameContact) {
    const Timestamp ride(seconds(599));  // the flow begins in the ledger's next slot
    reporter.coalesced({DeviceId(client.address), "ads.example", ride, ride + seconds(60)});
    Flow& flow = named("ads.example");
    flow.first_seen = Timestamp(seconds(601));
    reporter.name_settled(flow);

    const auto own = sink.sightings().at(1);
    LONGS_EQUAL(0, own.attempts);
    LONGS_EQUAL(20, own.bytes_down);
    CHECK(own.source == NameSource::Tls);
    CHECK(own.at == ride);
}

TEST(FlowReporter, CountsNoRideOfANameThatHadAFlowOfItsOwn) {
    reporter.name_settled(named("ads.example"));
    const Timestamp at(seconds(130));
    reporter.coalesced({DeviceId(client.address), "ads.example", at, at + seconds(60)});

    LONGS_EQUAL(1, sink.sightings().size());
}

TEST(FlowReporter, KeepsOnlySoMuchNewsWhateverASecondBrings) {
    Flow& lasting = named("ads.example");
    reporter.note(lasting);
    for (std::size_t i = 1; i < FlowReporter::kNewsMax; ++i) {
        const Endpoint other{server.address, static_cast<std::uint16_t>(i)};
        Flow& brief = *flows.begin(17, {client, other, DeviceId(client.address)});
        brief.is_countable = true;
        brief.naming = Naming::Done;
        brief.attribute().claimed = names.take("news.example");
        reporter.note(brief);
        flows.end(brief);
    }
    CHECK_TRUE(sink.sightings().empty());

    Flow& last = *flows.begin(17, {server, client, DeviceId(client.address)});
    last.is_countable = true;
    last.naming = Naming::Done;
    last.attribute().claimed = names.take("news.example");
    reporter.note(last);

    LONGS_EQUAL(1, sink.sightings().size());
    STRCMP_EQUAL("ads.example", sink.sightings()[0].name.c_str());
}
