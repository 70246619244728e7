#include "core/base/clock.h"

#include <CppUTest/TestHarness.h>

using sporvakt::rfc3339;
using sporvakt::Timestamp;

TEST_GROUP(Clock){};

TEST(Clock, WritesTimeInUtcWithMilliseconds) {
    STRCMP_EQUAL("1970-01-01T00:00:00.000Z", rfc3339(Timestamp{}).c_str());
    STRCMP_EQUAL("2026-11-21T23:05:07.042Z",
                 rfc3339(Timestamp{std::chrono::milliseconds{1795302307042}}).c_str());
}

TEST(Clock, WritesTimesBefore1970) {
    STRCMP_EQUAL("1969-12-31T23:59:59.999Z",
                 rfc3339(Timestamp{std::chrono::milliseconds{-1}}).c_str());
}

TEST(Clock, GoesForward) {
    const sporvakt::SystemClock clock;
    const auto first = clock.moment();

    CHECK(clock.moment() >= first);
    CHECK(clock.now() > Timestamp{std::chrono::milliseconds{1'700'000'000'000}});
}
