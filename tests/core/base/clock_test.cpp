#include "core/base/clock.h"

#include <CppUTest/TestHarness.h>

using sporvakt::rfc3339;
using sporvakt::Timestamp;
using sporvakt::timestamp_from_rfc3339;

TEST_GROUP(Clock){};

namespace {

Timestamp read(const char* text) {
    return timestamp_from_rfc3339(text).value_or(Timestamp{});
}

}  // namespace

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

TEST(Clock, ReadsWhatItWrites) {
    const Timestamp at{std::chrono::milliseconds{1795302307042}};

    CHECK(read(rfc3339(at).c_str()) == at);
}

TEST(Clock, ReadsEveryFormOfRfc3339) {
    const Timestamp at{std::chrono::seconds{1795302307}};

    CHECK(read("2026-11-21T23:05:07Z") == at);
    CHECK(read("2026-11-21t23:05:07z") == at);
    CHECK(read("2026-11-22T00:35:07+01:30") == at);
    CHECK(read("2026-11-21T18:05:07-05:00") == at);
    CHECK(read("2026-11-21T23:05:07.0429999Z") == at + std::chrono::milliseconds{42});
    CHECK(read("2026-11-21T23:04:60Z") == read("2026-11-21T23:05:00Z"));
}

TEST(Clock, RefusesWhatIsNoTime) {
    for (const auto* text :
         {"", "2026-11-21", "2026-11-21T23:05:07", "2026-11-21T23:05Z", "2026-13-21T23:05:07Z",
          "2026-02-29T23:05:07Z", "2026-11-21T24:00:00Z", "2026-11-21T23:60:07Z",
          "2026-11-21T23:05:61Z", "2026-11-21T23:05:07.Z", "2026-11-21T23:05:07+24:00",
          "2026-11-21T23:05:07+0100", "2026-11-21T23:05:07Z ", "+026-11-21T23:05:07Z", "now",
          "1969-12-31T23:59:59Z", "1970-01-01T00:30:00+01:00"}) {
        CHECK_FALSE_TEXT(timestamp_from_rfc3339(text).has_value(), text);
    }
}
