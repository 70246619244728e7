#include "core/policy/group_finder.h"

#include "tests/support/warm_expressions.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::IpAddress;
using sporvakt::devices::Device;
using sporvakt::devices::DeviceId;
using namespace sporvakt::policy;

TEST_GROUP(GroupFinder){};

TEST(GroupFinder, PutsADeviceWhereItsOwnerMeant) {
    HouseholdRules household;
    household.groups = {{"children", "Children"}, {"things", "Things"}, {"guests", "Guests"}};
    household.groups[1].members = {{Membership::By::Name, "TV*"},
                                   {Membership::By::Network, "192.168.40.0/24"}};
    household.groups[2].members = {{Membership::By::Network, "192.168.0.0/16"}};
    std::vector<Device> devices(4);
    devices[0].id = *DeviceId::from_text("3c:22:fb:12:34:01");
    devices[0].given_name = "tv-stue";
    devices[0].group = "children";
    devices[1].id = *DeviceId::from_text("3c:22:fb:12:34:02");
    devices[1].given_name = "tv-kjeller";
    devices[2].id = *DeviceId::from_text("3c:22:fb:12:34:03");
    devices[2].addresses = {*IpAddress::from_text("192.168.40.7")};
    devices[3].id = *DeviceId::from_text("3c:22:fb:12:34:04");
    devices[3].group = "gone";
    const auto group_of = [&](const char* id) {
        const auto group = GroupFinder(household, devices).group_of(*DeviceId::from_text(id));
        return group ? household.groups[*group].id : std::string();
    };

    CHECK(group_of("3c:22:fb:12:34:01") == "children");
    CHECK(group_of("3c:22:fb:12:34:02") == "things");
    CHECK(group_of("3c:22:fb:12:34:03") == "things");
    CHECK(group_of("3c:22:fb:12:34:04").empty());
    CHECK(group_of("192.168.7.1") == "guests");
    CHECK(group_of("10.0.0.1").empty());
    household.unknown_group = "guests";
    CHECK(group_of("3c:22:fb:12:34:04") == "guests");
    CHECK(group_of("3c:22:fb:12:34:99") == "guests");
}

TEST(GroupFinder, WithoutGroupsNobodyIsInOne) {
    const std::vector<Device> devices(1);
    const GroupFinder finder(HouseholdRules{}, devices);
    CHECK_FALSE(finder.group_of(DeviceId()).has_value());
    CHECK_FALSE(finder.group_of(*DeviceId::from_text("192.168.7.1")).has_value());
}

TEST(GroupFinder, PutsADeviceByItsMacBeforeItsName) {
    HouseholdRules household;
    household.groups = {{"things", "Things"}, {"work", "Work"}};
    household.groups[0].members = {{Membership::By::Name, "laptop*"}};
    household.groups[1].members = {{Membership::By::Device, "3c:22:fb:12:34:01"}};
    std::vector<Device> devices(1);
    devices[0].id = *DeviceId::from_text("3c:22:fb:12:34:01");
    devices[0].host_name = "laptop-kari";

    LONGS_EQUAL(1, *GroupFinder(household, devices).group_of(devices[0].id));
    // It is where it belongs before anybody has seen it.
    LONGS_EQUAL(1, *GroupFinder(household, {}).group_of(devices[0].id));
    devices[0].group = "things";
    LONGS_EQUAL(0, *GroupFinder(household, devices).group_of(devices[0].id));
}

TEST(GroupFinder, PutsADeviceByTheCardWhoseNetworkItIsIn) {
    HouseholdRules household;
    household.groups = {{"guests", "Guests"}, {"home", "Home"}};
    household.groups[0].members = {{Membership::By::Interface, "wlan1"}};
    household.groups[1].members = {{Membership::By::Interface, "eth0"}};
    const std::vector<InterfaceNetwork> interfaces{
        {"eth0", *sporvakt::IpPrefix::from_text("192.168.1.0/24")},
        {"wlan1", *sporvakt::IpPrefix::from_text("192.168.40.0/24")},
        {"wlan1", *sporvakt::IpPrefix::from_text("fd00:40::/64")}};
    const GroupFinder finder(household, {}, interfaces);

    LONGS_EQUAL(0, *finder.group_of(*DeviceId::from_text("192.168.40.7")));
    LONGS_EQUAL(0, *finder.group_of(*DeviceId::from_text("fd00:40::7")));
    LONGS_EQUAL(1, *finder.group_of(*DeviceId::from_text("192.168.1.7")));
    CHECK_FALSE(finder.group_of(*DeviceId::from_text("10.0.0.7")).has_value());
    const GroupFinder without(household, {});
    CHECK_FALSE(without.group_of(*DeviceId::from_text("192.168.40.7")).has_value());
}
