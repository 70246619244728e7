#include "core/ledger/tally.h"

#include "core/ledger/fields.h"
#include "tests/support/sighting_builder.h"

#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;
using test::minute;
using test::SightingBuilder;

TEST_GROUP(Tally) {
    Tally tally;

    static devices::DeviceClue clue(Timestamp at, const char* host_name) {
        devices::DeviceClue made;
        made.at = at;
        made.device = test::device(1);
        made.host_name = host_name;
        return made;
    }
};

TEST(Tally, AddsUpWhatDiffersOnlyInTimeAttemptsAndBytes) {
    tally.record(SightingBuilder().at(minute(2)).leaked(10, 100).build());
    tally.record(SightingBuilder().at(minute(1)).leaked(1, 2).build());

    const auto content = tally.take();
    LONGS_EQUAL(1, content.sightings.size());
    const Sighting& sum = content.sightings[0];
    CHECK(sum.at == minute(1));
    CHECK(sum.last == minute(2));
    LONGS_EQUAL(2, sum.attempts);
    LONGS_EQUAL(11, sum.bytes_up);
    LONGS_EQUAL(102, sum.bytes_down);
}

TEST(Tally, KeepsApartWhatDiffersInAnythingElse) {
    tally.record(SightingBuilder().build());
    tally.record(SightingBuilder().by(2).build());
    tally.record(SightingBuilder().name("other.example").build());
    tally.record(SightingBuilder().company(8).build());
    tally.record(SightingBuilder().purpose(trackers::Purpose::Analytics).build());
    tally.record(SightingBuilder().leaked(0, 0).build());
    tally.record(SightingBuilder().source(NameSource::Http).build());
    tally.record(SightingBuilder().cause(Cause::Household).build());
    tally.record(SightingBuilder().rule("||x^").build());
    tally.record(SightingBuilder().detail("x.example").build());
    tally.record(SightingBuilder().at(minute(10)).build());

    LONGS_EQUAL(11, tally.take().sightings.size());
}

TEST(Tally, StartsAnewAfterBeingTaken) {
    tally.record(SightingBuilder().build());
    LONGS_EQUAL(1, tally.take().sightings.size());

    CHECK_TRUE(tally.take().is_empty());
    tally.record(SightingBuilder().build());
    LONGS_EQUAL(1, tally.take().sightings.front().attempts);
}

TEST(Tally, DropsAndCountsWhatHasNoRoomButStillAddsToWhatIsThere) {
    Tally small(Tally::Limits{1, 1});
    small.record(SightingBuilder().build());
    small.record(SightingBuilder().by(2).build());
    small.record(SightingBuilder().build());
    small.note(clue(minute(0), "a"));
    small.note(clue(minute(0), "b"));

    const auto content = small.take();
    LONGS_EQUAL(1, content.sightings.size());
    LONGS_EQUAL(2, content.sightings[0].attempts);
    LONGS_EQUAL(2, content.dropped);
    LONGS_EQUAL(2, small.dropped());
    LONGS_EQUAL(2, small.take().dropped);
}

TEST(Tally, DropsWhatNoRowCanBeMadeOf) {
    tally.record(SightingBuilder().name("").build());
    tally.record(SightingBuilder().name("Upper.example").build());
    tally.record(SightingBuilder().at(Timestamp(std::chrono::milliseconds(-1))).build());
    tally.record(SightingBuilder().at(kTimeMax).build());
    Sighting nobody = SightingBuilder().build();
    nobody.device = {};
    tally.record(nobody);
    tally.note({});

    CHECK_TRUE(tally.take().is_empty());
    LONGS_EQUAL(6, tally.dropped());
}

TEST(Tally, CutsTextsThatAreTooLong) {
    tally.record(SightingBuilder().rule(std::string(1000, 'r')).build());

    LONGS_EQUAL(kTextBytesMax, tally.take().sightings[0].rule.size());
}

TEST(Tally, RepairsASightingThatEndsBeforeItBegins) {
    tally.record(SightingBuilder().at(minute(5)).until(minute(1)).build());

    CHECK(tally.take().sightings[0].last == minute(5));
}

TEST(Tally, MakesOneClueOfThoseThatSayTheSame) {
    tally.note(clue(minute(1), "nettbrett"));
    tally.note(clue(minute(2), "nettbrett"));
    tally.note(clue(minute(2), "stue-tv"));

    const auto content = tally.take();
    LONGS_EQUAL(2, content.clues.size());
    CHECK(content.clues[0].at == minute(2));
}

TEST(Tally, LosesNothingWhenManyThreadsRecord) {
    constexpr int kEach = 2000;
    std::uint64_t taken = 0;
    const auto count = [&](const Tally::Content& content) {
        for (const Sighting& sighting : content.sightings) {
            taken += sighting.attempts;
        }
    };
    std::vector<std::thread> threads;
    for (std::uint8_t number = 1; number <= 3; ++number) {
        threads.emplace_back([&, number] {
            for (int i = 0; i < kEach; ++i) {
                tally.record(SightingBuilder().by(number).build());
            }
        });
    }
    for (int i = 0; i < 50; ++i) {
        count(tally.take());
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    count(tally.take());

    LONGS_EQUAL(3 * kEach, taken);
}
