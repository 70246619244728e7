#include "dns/wait_histogram.h"

#include <CppUTest/TestHarness.h>

using sporvakt::dns::WaitHistogram;
using namespace std::chrono_literals;

TEST_GROUP(WaitHistogram) {
    WaitHistogram waits;

    void add(std::chrono::nanoseconds wait, std::uint64_t clients = 1) {
        waits.counts.at(WaitHistogram::range_of(wait)) += clients;
    }
};

TEST(WaitHistogram, HasARangeForEveryWaitWithoutGapOrOverlap) {
    for (std::size_t range = 0; range + 1 < WaitHistogram::kRanges; ++range) {
        const auto end = WaitHistogram::end_of(range);
        LONGS_EQUAL(range, WaitHistogram::range_of(end - 1ns));
        LONGS_EQUAL(range + 1, WaitHistogram::range_of(end));
    }
    LONGS_EQUAL(0, WaitHistogram::range_of(0ns));
    LONGS_EQUAL(WaitHistogram::kRanges - 1, WaitHistogram::range_of(24h));
}

TEST(WaitHistogram, EndsWhereItsHeaderSays) {
    CHECK(WaitHistogram::end_of(0) == 128us);
    CHECK(WaitHistogram::end_of(1) == 192us);
    CHECK(WaitHistogram::end_of(2) == 256us);
    CHECK(WaitHistogram::end_of(WaitHistogram::kRanges - 1) == 4'194'304us);
}

TEST(WaitHistogram, IsAtMostAHalfOffTheTruth) {
    for (auto wait = 200us; wait < 4s; wait = wait * 11 / 10) {
        waits = {};
        add(wait);
        CHECK(*waits.percentile(50) > wait);
        CHECK(*waits.percentile(50) <= wait * 3 / 2);
    }
}

TEST(WaitHistogram, TellsTheMedianAndTheSlowest) {
    add(10ms, 98);
    add(900ms, 2);

    const auto fast = WaitHistogram::end_of(WaitHistogram::range_of(10ms));
    const auto slow = WaitHistogram::end_of(WaitHistogram::range_of(900ms));
    LONGS_EQUAL(100, waits.total());
    CHECK(*waits.percentile(1) == fast);
    CHECK(*waits.percentile(50) == fast);
    CHECK(*waits.percentile(98) == fast);
    CHECK(*waits.percentile(99) == slow);
    CHECK(*waits.percentile(100) == slow);
}

TEST(WaitHistogram, TellsWhatIsBeyondItsEnd) {
    add(1h);

    CHECK(*waits.percentile(50) == 4'194'304us);
}

TEST(WaitHistogram, CountsAYearOfWaitsWithoutOverflow) {
    add(10ms, UINT64_MAX / 4);
    add(900ms, UINT64_MAX / 4);

    CHECK(*waits.percentile(49) < 20ms);
    CHECK(*waits.percentile(51) > 500ms);
}

TEST(WaitHistogram, SaysNothingOfNobody) {
    CHECK_FALSE(waits.percentile(50).has_value());
}
