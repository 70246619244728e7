#include "dns/answers/zone_set.h"

#include <CppUTest/TestHarness.h>

using sporvakt::DomainName;
using sporvakt::dns::ZoneSet;

TEST_GROUP(ZoneSet) {
    ZoneSet zones;

    void setup() override {
        zones.add(*DomainName::from_text("lan.example"));
        zones.add(*DomainName::from_text("home.arpa"));
    }
};

TEST(ZoneSet, HoldsAZoneAndWhatIsBelow) {
    CHECK_TRUE(zones.contains("lan.example"));
    CHECK_TRUE(zones.contains("pc.lan.example"));
    CHECK_TRUE(zones.contains("a.b.home.arpa"));
}

TEST(ZoneSet, HoldsNothingElse) {
    CHECK_FALSE(zones.contains("example"));
    CHECK_FALSE(zones.contains("wlan.example"));
    CHECK_FALSE(zones.contains("arpa"));
    CHECK_FALSE(zones.contains(""));
    CHECK_FALSE(ZoneSet().contains("lan.example"));
}
