#include "core/ledger/record_level.h"

#include "core/ledger/ledger.h"
#include "tests/support/sighting_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::ledger;
using sporvakt::test::SightingBuilder;
using sporvakt::trackers::Purpose;

TEST_GROUP(RecordLevels){static Sighting stored(Sighting sighting, RecordLevel level){
    return reduced(sporvakt::test::batch(1, {std::move(sighting)}), level).sightings.at(0);
}
/// A website that is no tracker, and that the household itself stops.
static Sighting visit() {
    Sighting sighting = SightingBuilder().name("church.example").build();
    sighting.cause = Cause::Household;
    sighting.purpose = Purpose::Unknown;
    sighting.rule = "church.example";
    sighting.context = "church.example";
    return sighting;
}
}
;

TEST(RecordLevels, HaveWords) {
    CHECK_TRUE(record_level_from_text("full") == RecordLevel::Full);
    CHECK_TRUE(record_level_from_text("trackers") == RecordLevel::Trackers);
    CHECK_TRUE(record_level_from_text("counts") == RecordLevel::Counts);
    CHECK_FALSE(record_level_from_text("all").has_value());
}

TEST(RecordLevels, FullStoresAllThatWasSeen) {
    CHECK_TRUE(stored(visit(), RecordLevel::Full) == visit());
}

TEST(RecordLevels, TrackersNameTrackersAlone) {
    const Sighting tracker = SightingBuilder().build();
    CHECK_TRUE(stored(tracker, RecordLevel::Trackers) == tracker);
    const Sighting kept = stored(visit(), RecordLevel::Trackers);
    CHECK_TRUE(kept.name == Ledger::kOtherNames);
    CHECK_TRUE(kept.rule.empty() && kept.context.empty() && kept.detail.empty());
    CHECK_TRUE(kept.device == visit().device && kept.attempts == visit().attempts);
    // What the household says of a tracker names nobody's visit.
    Sighting known = visit();
    known.purpose = Purpose::Social;
    CHECK_TRUE(stored(known, RecordLevel::Trackers) == known);
}

TEST(RecordLevels, CountsNameNothing) {
    const Sighting tracker = SightingBuilder().build();
    const Sighting kept = stored(tracker, RecordLevel::Counts);
    CHECK_TRUE(kept.name == Ledger::kOtherNames);
    CHECK_TRUE(kept.rule.empty());
    CHECK_TRUE(kept.company == tracker.company && kept.purpose == tracker.purpose);
    CHECK_TRUE(kept.list == tracker.list);
}
