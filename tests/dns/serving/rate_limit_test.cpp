#include "dns/serving/rate_limit.h"

#include "tests/support/hand_clock.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using namespace std::chrono_literals;
using sporvakt::IpAddress;
using sporvakt::test::HandClock;

TEST_GROUP(RateLimit) {
    static constexpr unsigned kPerSecond = 500;
    static constexpr unsigned kBurst = 2000;
    HandClock clock;
    RateLimit limit{kPerSecond};

    bool take(const std::string& client) {
        return limit.take(*IpAddress::from_text(client), clock.moment());
    }
    unsigned taken_of(const std::string& client, unsigned asked) {
        unsigned taken = 0;
        for (; asked > 0; --asked) {
            taken += take(client) ? 1U : 0U;
        }
        return taken;
    }
    // 10.0.0.0 and on.
    static IpAddress invented(std::uint32_t number) {
        const std::array<std::uint8_t, 4> bytes{10, static_cast<std::uint8_t>(number >> 16U),
                                                static_cast<std::uint8_t>(number >> 8U),
                                                static_cast<std::uint8_t>(number)};
        return *IpAddress::from_bytes(bytes);
    }
};

TEST(RateLimit, GrantsABurstAndThenTheRate) {
    LONGS_EQUAL(kBurst, taken_of("192.168.1.9", 10000));
    clock.turn(1s);
    LONGS_EQUAL(kPerSecond, taken_of("192.168.1.9", 10000));
    clock.turn(100ms);
    LONGS_EQUAL(kPerSecond / 10, taken_of("192.168.1.9", 10000));
}

TEST(RateLimit, SavesUpNoMoreThanABurst) {
    taken_of("192.168.1.9", 10000);
    clock.turn(24h);

    LONGS_EQUAL(kBurst, taken_of("192.168.1.9", 10000));
}

TEST(RateLimit, LosesNothingOfAClientBesideAFlood) {
    // Ten seconds of 50,000 questions a second from one, and of ten from another.
    unsigned flooded = 0;
    unsigned calm = 0;
    for (int tenth = 0; tenth < 100; ++tenth) {
        flooded += taken_of("192.168.1.66", 5000);
        calm += taken_of("192.168.1.9", 1);
        clock.turn(100ms);
    }

    LONGS_EQUAL(100, calm);
    LONGS_EQUAL(kBurst + 99 * kPerSecond / 10, flooded);
}

TEST(RateLimit, CountsAnIpv6NetworkAsOneClient) {
    taken_of("fd00:0:0:1::1", 10000);

    CHECK_FALSE(take("fd00:0:0:1:ffff::2"));
    CHECK_TRUE(take("fd00:0:0:2::1"));
}

TEST(RateLimit, CountsIpv4AddressesAlone) {
    taken_of("192.168.1.9", 10000);

    CHECK_FALSE(take("192.168.1.9"));
    CHECK_TRUE(take("192.168.1.8"));
}

TEST(RateLimit, LosesNothingOfAClientAmongInventedOnes) {
    unsigned calm = 0;
    std::uint32_t number = 0;
    for (int second = 0; second < 20; ++second) {
        for (int many = 0; many < 20000; ++many) {
            limit.take(invented(number++ & 0xffffffU), clock.moment());
        }
        calm += taken_of("192.168.1.9", 10);
        clock.turn(1s);
    }

    LONGS_EQUAL(200, calm);
}

TEST(RateLimit, RemembersAFloodAmongInventedClients) {
    taken_of("192.168.1.66", 10000);
    for (std::uint32_t number = 0; number < 300'000; ++number) {
        limit.take(invented(number), clock.moment());
    }

    CHECK_FALSE(take("192.168.1.66"));
}

TEST(RateLimit, KeepsASmallAndALargeRate) {
    RateLimit slow(1);
    RateLimit fast(100'000);
    unsigned slow_taken = 0;
    unsigned fast_taken = 0;
    for (unsigned asked = 0; asked < 500'000; ++asked) {
        slow_taken += slow.take(invented(1), clock.moment()) ? 1U : 0U;
        fast_taken += fast.take(invented(1), clock.moment()) ? 1U : 0U;
    }

    LONGS_EQUAL(4, slow_taken);
    LONGS_EQUAL(400'000, fast_taken);
}
