#include "core/trackers/evasion.h"

#include <cstdint>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::trackers;

TEST_GROUP(Evasions){};

TEST(Evasions, EveryIdLeadsBackToItsEvasion) {
    for (std::uint8_t number = 1; number <= static_cast<std::uint8_t>(kLastEvasion); ++number) {
        const Evasion evasion{number};
        CHECK_FALSE(evasion_id(evasion).empty());
        CHECK_FALSE(evasion_text(evasion).empty());
        CHECK(evasion_from_id(evasion_id(evasion)) == evasion);
    }
    CHECK_TRUE(evasion_id(Evasion::None).empty());
    CHECK_FALSE(evasion_from_id("").has_value());
    CHECK_FALSE(evasion_from_id("DOH").has_value());
}

TEST(Evasions, ATrackersDisguiseIsNoWayAround) {
    CHECK_TRUE(is_way_around(Evasion::DnsOverHttps));
    CHECK_TRUE(is_way_around(Evasion::Relay));
    CHECK_TRUE(is_way_around(Evasion::Vpn));
    CHECK_FALSE(is_way_around(Evasion::Disguise));
    CHECK_FALSE(is_way_around(Evasion::None));
}
