#include "firmware/household_view.h"

#include "tests/support/hand_clock.h"

#include <memory>
#include <thread>
#include <vector>

#include <poll.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(HouseholdView) {
    SharedState shared;
    test::HandClock clock;
    policy::HouseholdRules rules;
    std::vector<devices::Device> devices;
    bool can_read = true;
    int lists_read = 0;
    int interfaces_read = 0;
    std::vector<policy::InterfaceNetwork> interfaces;
    const devices::DeviceId tablet{*IpAddress::from_text("192.168.1.20")};

    HouseholdView::Sources sources() {
        return {[this] {
                    ++lists_read;
                    return std::vector<std::shared_ptr<const trackers::Catalogue>>{};
                },
                [this]() -> Result<policy::HouseholdRules> {
                    if (!can_read) {
                        return fail(Errc::Storage, "household.mdb: not there yet");
                    }
                    return rules;
                },
                [this]() -> Result<std::vector<devices::Device>> { return devices; },
                [this] { return clock.now(); },
                [this] {
                    ++interfaces_read;
                    return interfaces;
                }};
    }

    [[nodiscard]] bool blocks(const HouseholdView& view) const {
        return view.policy().get()->judge({tablet, "tracker.example", RecordType::A}).is_blocked();
    }
};

TEST(HouseholdView, KnowsWhatIsStoredWhenItBegins) {
    rules.rules = {{"tracker.example", policy::HouseholdRule::Block}};
    devices::Device device;
    device.id = tablet;
    devices = {device};

    const HouseholdView view(Role::Resolver, shared, sources());

    CHECK(blocks(view));
    CHECK(view.devices().get()->find(tablet) != nullptr);
    CHECK(shared.of(Role::Resolver).household_seen == shared.household);
    CHECK(shared.of(Role::Resolver).lists_seen == shared.lists);
    CHECK(shared.of(Role::Sniffer).household_seen == 0);
}

TEST(HouseholdView, ReadsAgainOnlyWhenTheGenerationGrows) {
    HouseholdView view(Role::Resolver, shared, sources());
    rules.rules = {{"tracker.example", policy::HouseholdRule::Block}};

    view.refresh();
    CHECK_FALSE(blocks(view));

    shared.household = 9;
    view.refresh();
    CHECK(blocks(view));
    CHECK(shared.of(Role::Resolver).household_seen == 9);
    LONGS_EQUAL(1, lists_read);
}

TEST(HouseholdView, ReadsTheListsAgainWhenTheyAreNew) {
    HouseholdView view(Role::Sniffer, shared, sources());

    shared.lists = 5;
    view.refresh();

    LONGS_EQUAL(2, lists_read);
    CHECK(shared.of(Role::Sniffer).lists_seen == 5);
}

TEST(HouseholdView, EndsAPauseByItself) {
    using policy::Pause;
    rules.rules = {{"tracker.example", policy::HouseholdRule::Block}};
    rules.pauses = {{Pause::Scope::Everybody, "", clock.now() + std::chrono::minutes(5)}};
    HouseholdView view(Role::Resolver, shared, sources());
    CHECK_FALSE(blocks(view));

    clock.turn(std::chrono::minutes(5));
    view.refresh();
    CHECK(blocks(view));

    clock.set_by(-std::chrono::minutes(2));  // the pause is not over by the new time
    view.refresh();
    CHECK_FALSE(blocks(view));
}

TEST(HouseholdView, JudgesADeviceByTheGroupItIsIn) {
    rules.groups = {{"children", "Children", {{"tracker.example", policy::HouseholdRule::Block}}}};
    devices.resize(1);
    devices[0].id = tablet;
    HouseholdView view(Role::Resolver, shared, sources());
    CHECK_FALSE(blocks(view));

    devices[0].group = "children";
    shared.household = 9;
    view.refresh();
    CHECK(blocks(view));
}

TEST(HouseholdView, GoesOnWithWhatItKnowsAndTriesAgainWhenReadingFails) {
    rules.rules = {{"tracker.example", policy::HouseholdRule::Block}};
    HouseholdView view(Role::Web, shared, sources());
    rules.rules.clear();

    can_read = false;
    shared.household = 9;
    view.refresh();
    CHECK(blocks(view));
    CHECK(shared.of(Role::Web).household_seen != 9);

    can_read = true;
    view.refresh();
    CHECK_FALSE(blocks(view));
    CHECK(shared.of(Role::Web).household_seen == 9);
}

TEST(HouseholdView, FollowsByItselfWhileItWatches) {
    HouseholdView view(Role::Resolver, shared, sources());
    rules.rules = {{"tracker.example", policy::HouseholdRule::Block}};
    const std::jthread watching([&](const std::stop_token& stop) { view.watch(stop); });

    shared.household = 9;
    for (int patience = 0; patience < 1'000 && shared.of(Role::Resolver).household_seen != 9;
         ++patience) {
        ::poll(nullptr, 0, 10);
    }

    CHECK(shared.of(Role::Resolver).household_seen == 9);
    CHECK(blocks(view));
}

TEST(HouseholdView, TellsOfEveryTableOfDevices) {
    HouseholdView view(Role::Resolver, shared, sources());
    std::vector<std::size_t> told;
    view.tell_devices([&](const std::shared_ptr<const devices::DeviceTable>& table) {
        told.push_back(table->devices().size());
    });
    devices::Device device;
    device.id = tablet;
    devices = {device};

    view.refresh();
    ++shared.household;
    view.refresh();

    CHECK(told == (std::vector<std::size_t>{0, 1}));
}

TEST(HouseholdView, FollowsTheNetworksOfItsCardsWhereAGroupIsMadeByThem) {
    rules.groups = {{"guests", "Guests"}};
    rules.groups[0].rules = {{"tracker.example", policy::HouseholdRule::Block}};
    rules.groups[0].members = {{policy::Membership::By::Interface, "wlan1"}};
    HouseholdView view(Role::Resolver, shared, sources());
    CHECK_FALSE(blocks(view));

    interfaces = {{"wlan1", *IpPrefix::from_text("192.168.1.0/24")}};
    view.refresh();
    CHECK_FALSE(blocks(view));
    clock.turn(HouseholdView::kInterfaceInterval);
    view.refresh();
    CHECK(blocks(view));

    interfaces.clear();
    clock.turn(HouseholdView::kInterfaceInterval);
    view.refresh();
    CHECK_FALSE(blocks(view));
}

TEST(HouseholdView, AsksForNoCardsWhereNoGroupNeedsThem) {
    rules.groups = {{"guests", "Guests"}};
    HouseholdView view(Role::Resolver, shared, sources());
    clock.turn(HouseholdView::kInterfaceInterval);
    view.refresh();
    LONGS_EQUAL(0, interfaces_read);
}
