#include "core/policy/weekly_window.h"

#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Timestamp;
using sporvakt::timestamp_from_rfc3339;
using namespace sporvakt::policy;

namespace {

constexpr std::uint8_t kMonday = 1U << 0U;
constexpr std::uint8_t kFriday = 1U << 4U;
constexpr std::uint8_t kSunday = 1U << 6U;
constexpr std::uint8_t kEveryDay = 0x7f;

Timestamp at(const std::string& text) {
    return *timestamp_from_rfc3339(text);
}

constexpr std::uint16_t clock_time(unsigned hour, unsigned minute = 0) {
    return static_cast<std::uint16_t>(hour * 60 + minute);
}

}  // namespace

// Oslo, written out so that no database of zones is needed: summer time from the last Sunday of
// March to the last one of October, at 01:00 UTC.
TEST_GROUP(WeeklyWindows) {
    std::string zone_before;

    void setup() override {
        const char* const zone = std::getenv("TZ");
        zone_before = zone == nullptr ? "" : zone;
        set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
    }
    void teardown() override {
        set_zone(zone_before);
    }
    static void set_zone(const std::string& zone) {
        if (zone.empty()) {
            ::unsetenv("TZ");
        } else {
            ::setenv("TZ", zone.c_str(), 1);
        }
        ::tzset();
    }
};

TEST(WeeklyWindows, HoldFromTheirBeginningToBeforeTheirEnd) {
    const std::vector<WeeklyWindow> windows{{kMonday, clock_time(9), clock_time(10, 30)}};
    // 2026-11-23 is a Monday; Oslo is an hour ahead.
    CHECK_FALSE(is_within(windows, at("2026-11-23T07:59:59.999Z")));
    CHECK_TRUE(is_within(windows, at("2026-11-23T08:00:00Z")));
    CHECK_TRUE(is_within(windows, at("2026-11-23T09:29:59Z")));
    CHECK_FALSE(is_within(windows, at("2026-11-23T09:30:00Z")));
    CHECK_FALSE(is_within(windows, at("2026-11-24T08:30:00Z")));
    CHECK_FALSE(is_within({}, at("2026-11-23T08:30:00Z")));
}

TEST(WeeklyWindows, PassMidnightIntoTheNextDay) {
    const std::vector<WeeklyWindow> windows{{kSunday, clock_time(21), clock_time(7)}};
    CHECK_TRUE(is_within(windows, at("2026-11-22T20:00:00Z")));   // Sunday, 21:00
    CHECK_TRUE(is_within(windows, at("2026-11-23T05:59:00Z")));   // Monday, 06:59
    CHECK_FALSE(is_within(windows, at("2026-11-23T06:00:00Z")));  // 07:00
    CHECK_FALSE(is_within(windows, at("2026-11-23T20:00:00Z")));
    CHECK_FALSE(is_within(windows, at("2026-11-22T05:00:00Z")));  // it begins on Sunday alone
}

TEST(WeeklyWindows, AWholeDayIsOne) {
    const std::vector<WeeklyWindow> windows{{kFriday, 0, WeeklyWindow::kDayMinutes}};
    CHECK_FALSE(is_within(windows, at("2026-11-26T22:59:00Z")));
    CHECK_TRUE(is_within(windows, at("2026-11-26T23:00:00Z")));
    CHECK_TRUE(is_within(windows, at("2026-11-27T22:59:00Z")));
    CHECK_FALSE(is_within(windows, at("2026-11-27T23:00:00Z")));
    CHECK(next_change(windows, at("2026-11-27T12:00:00Z")) == at("2026-11-27T23:00:00Z"));
}

TEST(WeeklyWindows, GoByTheClockOnTheWallInSummerToo) {
    const std::vector<WeeklyWindow> windows{{kEveryDay, clock_time(21), clock_time(22)}};
    CHECK_TRUE(is_within(windows, at("2026-07-01T19:30:00Z")));
    CHECK_FALSE(is_within(windows, at("2026-07-01T20:30:00Z")));
    CHECK_TRUE(is_within(windows, at("2026-12-01T20:30:00Z")));
}

TEST(WeeklyWindows, InTheNightThatIsAnHourLongerTheyHoldBothTimes) {
    const std::vector<WeeklyWindow> windows{{kSunday, clock_time(2), clock_time(3)}};
    // 2026-10-25: 03:00 summer time becomes 02:00.
    CHECK_TRUE(is_within(windows, at("2026-10-25T00:30:00Z")));
    CHECK_TRUE(is_within(windows, at("2026-10-25T01:30:00Z")));
    CHECK_FALSE(is_within(windows, at("2026-10-25T02:00:00Z")));
}

TEST(WeeklyWindows, InTheNightThatIsAnHourShorterTheHourIsLeftOut) {
    const std::vector<WeeklyWindow> windows{{kSunday, clock_time(2), clock_time(3)}};
    // 2026-03-29: 02:00 becomes 03:00.
    CHECK_FALSE(is_within(windows, at("2026-03-29T00:59:59Z")));
    CHECK_FALSE(is_within(windows, at("2026-03-29T01:00:00Z")));
}

TEST(WeeklyWindows, TellWhenTheyChangeNext) {
    const std::vector<WeeklyWindow> windows{{kMonday, clock_time(9), clock_time(10)},
                                            {kSunday, clock_time(21), clock_time(7)}};
    CHECK(next_change(windows, at("2026-11-22T12:00:00Z")) == at("2026-11-22T20:00:00Z"));
    CHECK(next_change(windows, at("2026-11-22T20:00:00Z")) == at("2026-11-23T06:00:00Z"));
    CHECK(next_change(windows, at("2026-11-23T06:00:00Z")) == at("2026-11-23T08:00:00Z"));
    CHECK(next_change(windows, at("2026-11-23T09:00:00Z")) == at("2026-11-29T20:00:00Z"));
    CHECK(next_change({}, at("2026-11-23T09:00:00Z")) == Timestamp::max());
}

// Whatever the minute: what holds changes at next_change() and not before.
TEST(WeeklyWindows, ChangeWhenTheySayTheyDo) {
    const std::vector<WeeklyWindow> windows{{kEveryDay, clock_time(22, 15), clock_time(6, 45)},
                                            {kMonday | kFriday, clock_time(2, 30), clock_time(12)}};
    for (Timestamp now = at("2026-10-23T00:00:00Z"); now < at("2026-11-02T00:00:00Z");
         now += std::chrono::minutes(15)) {
        const Timestamp next = next_change(windows, now);
        CHECK_TRUE(next > now);
        for (Timestamp probe = now; probe < next; probe += std::chrono::minutes(15)) {
            CHECK_TRUE(is_within(windows, probe) == is_within(windows, now));
        }
    }
}
