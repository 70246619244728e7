#include "capture/sources/live_source.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;

// That packets arrive is for the network lab to show: it takes rights that a unit test lacks.
TEST_GROUP(LiveSource){};

TEST(LiveSource, SaysWhichInterfaceCannotBeOpenedAndWhatToCheck) {
    LiveSettings settings;
    settings.interface = "no-such-if0";
    const auto source = open_interface(settings);

    CHECK_FALSE(source.has_value());
    STRCMP_CONTAINS("no-such-if0", source.error().message.c_str());
}

TEST(LiveSource, KnowsNoAddressOfAnInterfaceWithoutOne) {
    CHECK_FALSE(interface_mac("no-such-if0").has_value());
    CHECK_FALSE(interface_mac("lo").has_value());
}
