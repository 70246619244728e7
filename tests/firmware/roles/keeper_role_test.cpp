#include "firmware/roles/keeper_role.h"

#include "firmware/keeper_line.h"
#include "firmware/sender.h"
#include "tests/support/firmware/role_rig.h"

#include <fstream>
#include <string>
#include <thread>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(KeeperRole) {
    test::RoleRig rig;
    Channel web;

    KeeperRole role() {
        auto pair = Channel::open_pair();
        web = std::move(pair->second);
        Keeper::Lines lines;
        lines.senders.push_back(std::move(rig.theirs));
        lines.web = std::move(pair->first);
        return {rig.ground(), std::move(lines), {}, rig.folder.file("vendors.tsv")};
    }
};

TEST(KeeperRole, GreetsItsSendersAndStopsWhenTold) {
    test::RoleThread keeper(
        [this](const std::stop_token& stop) { return run_keeper_role(role(), stop); });

    CHECK(rig.heard<KeeperBegan>().has_value());

    LONGS_EQUAL(0, keeper.stop());
}

TEST(KeeperRole, GivesUpWhenItsStorageCannotBeUsed) {
    rig.configuration.storage_dir = rig.folder.file("a-file");
    std::ofstream(rig.configuration.storage_dir) << "no directory";

    LONGS_EQUAL(74, run_keeper_role(role(), std::stop_token()));
}

TEST(KeeperRole, NeverMixesADemonstrationWithAHousehold) {
    std::stop_source stop;
    stop.request_stop();
    rig.configuration.demonstration = true;
    LONGS_EQUAL(0, run_keeper_role(role(), stop.get_token()));
    LONGS_EQUAL(0, run_keeper_role(role(), stop.get_token()));

    rig.configuration.demonstration = false;
    LONGS_EQUAL(74, run_keeper_role(role(), stop.get_token()));
}

TEST(KeeperRole, CarriesOutAnOrderWithinASecond) {
    KeeperRole ours = role();
    test::RoleThread keeper(
        [&](const std::stop_token& stop) { return run_keeper_role(std::move(ours), stop); });
    KeeperLine line(std::move(web), rig.shared, {1, std::chrono::seconds(10)});
    const std::jthread listening([&](const std::stop_token& stop) {
        line.listen(stop, {[](Bytes) {}, {}});
    });
    Sender sender(std::move(rig.ours), rig.shared.of(Role::Resolver), 1);
    const devices::DeviceId tablet(*IpAddress::from_text("192.168.1.20"));
    devices::DeviceClue clue;
    clue.at = rig.clock.now();
    clue.device = tablet;
    sender.note(clue);
    sender.seal();
    sender.exchange();
    // As roles that follow at once.
    for (RoleState& role : rig.shared.roles) {
        role.household_seen = 1'000'000;
    }

    CHECK(rig.comes_true([&] {
        return line.submit(ledger::RenameDevice{tablet, "Tablet"}).has_value();
    }));
    CHECK(line.submit(ledger::SetPasswordHash{"$argon2id$x"}).has_value());
    LONGS_EQUAL(0, keeper.stop());

    HouseholdReader household(rig.folder.path());
    STRCMP_EQUAL("Tablet", household.devices()->front().given_name.c_str());
    CHECK(household.password_hash()->has_value());
}
