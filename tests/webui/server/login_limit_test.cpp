#include "webui/server/login_limit.h"

#include "tests/support/hand_clock.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::IpAddress;
using sporvakt::test::HandClock;
using sporvakt::webui::LoginLimit;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

IpAddress client(const std::string& text) {
    return *IpAddress::from_text(text);
}

}  // namespace

TEST_GROUP(LoginLimit) {
    HandClock clock;
    LoginLimit limit{clock};

    /// How many tries of this address are looked at before it has to wait, at most `most`.
    std::size_t tries_of(const std::string& text, std::size_t most) {
        std::size_t count = 0;
        while (count < most && !limit.charge(client(text))) {
            ++count;
        }
        return count;
    }
};

TEST(LoginLimit, LetsFiveTriesOfAnAddressThrough) {
    LONGS_EQUAL(5, tries_of("192.168.1.50", 9));
    CHECK(limit.charge(client("192.168.1.50")) == minutes(15));
    LONGS_EQUAL(1, tries_of("192.168.1.51", 1));
}

TEST(LoginLimit, ForgetsTriesAfterFifteenMinutes) {
    tries_of("192.168.1.50", 1);
    clock.turn(minutes(10));
    LONGS_EQUAL(4, tries_of("192.168.1.50", 9));
    CHECK(limit.charge(client("192.168.1.50")) == minutes(5));

    clock.turn(minutes(5));
    LONGS_EQUAL(1, tries_of("192.168.1.50", 9));
}

TEST(LoginLimit, RoundsTheWaitUp) {
    tries_of("192.168.1.50", 5);
    clock.turn(minutes(15) - std::chrono::milliseconds(1));

    CHECK(limit.charge(client("192.168.1.50")) == seconds(1));
}

TEST(LoginLimit, DoesNotCountWhatItRefuses) {
    tries_of("192.168.1.50", 5);
    clock.turn(minutes(14));
    LONGS_EQUAL(0, tries_of("192.168.1.50", 9));
    clock.turn(minutes(1));

    LONGS_EQUAL(5, tries_of("192.168.1.50", 9));
}

TEST(LoginLimit, StartsAnewAfterARightPassword) {
    tries_of("192.168.1.50", 4);
    limit.forgive(client("192.168.1.50"));

    LONGS_EQUAL(5, tries_of("192.168.1.50", 9));
}

TEST(LoginLimit, CountsAnIpv6NetworkAsOneAddress) {
    LONGS_EQUAL(3, tries_of("2001:db8:1:2::1", 3));
    LONGS_EQUAL(2, tries_of("2001:db8:1:2:3:4:5:6", 9));
    LONGS_EQUAL(1, tries_of("2001:db8:1:3::1", 1));
}

TEST(LoginLimit, MakesAllAddressesWaitLongerAndLonger) {
    for (int i = 1; i <= 11; ++i) {
        LONGS_EQUAL(1, tries_of("10.0.0." + std::to_string(i), 1));
    }
    CHECK(limit.charge(client("10.0.1.1")) == seconds(1));
    clock.turn(seconds(1));
    LONGS_EQUAL(1, tries_of("10.0.1.1", 1));
    CHECK(limit.charge(client("10.0.1.2")) == seconds(2));
    clock.turn(seconds(2));
    LONGS_EQUAL(1, tries_of("10.0.1.2", 1));
    CHECK(limit.charge(client("10.0.1.3")) == seconds(4));
}

TEST(LoginLimit, LetsTheOwnerInAgainWithinAMinute) {
    for (int i = 1; i <= 40; ++i) {
        clock.turn(minutes(1));
        LONGS_EQUAL(1, tries_of("10.0.0." + std::to_string(i), 1));
    }

    CHECK(limit.charge(client("192.168.1.50")) == seconds(60));
    clock.turn(seconds(60));
    LONGS_EQUAL(1, tries_of("192.168.1.50", 1));
    limit.forgive(client("192.168.1.50"));
    LONGS_EQUAL(5, tries_of("192.168.1.51", 9));
}

TEST(LoginLimit, ForgetsTheCommonWaitAfterQuietTime) {
    for (int i = 1; i <= 12; ++i) {
        clock.turn(seconds(5));
        tries_of("10.0.0." + std::to_string(i), 1);
    }
    clock.turn(minutes(15));

    LONGS_EQUAL(5, tries_of("10.0.1.1", 9));
}

TEST(LoginLimit, RemembersABoundedNumberOfAddresses) {
    for (std::size_t i = 0; i < 2 * LoginLimit::kAddressCountMax; ++i) {
        limit.forgive(client("192.168.1.50"));  // no common wait in this test
        LONGS_EQUAL(1,
                    tries_of("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250), 1));
        clock.turn(std::chrono::milliseconds(1));
    }
}
