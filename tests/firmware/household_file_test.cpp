#include "firmware/household_file.h"

#include "tests/support/temporary_folder.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using sporvakt::firmware::HouseholdFile;

TEST_GROUP(HouseholdFile) {
    test::TemporaryFolder folder;
    const devices::DeviceId id{*IpAddress::from_text("192.168.1.20")};
};

TEST(HouseholdFile, KeepsRulesPasswordAndDevices) {
    auto household = HouseholdFile::open(folder.path(), store::Access::ReadWrite);
    CHECK(household.has_value());

    const auto changed = household->change([this](HouseholdFile::Tables tables) -> Result<void> {
        SPORVAKT_TRY(tables.household.change(
            tables.transaction,
            policy::SetRule{{}, {"tracker.example", policy::HouseholdRule::Allow}}));
        SPORVAKT_TRY(tables.household.set_password_hash(tables.transaction, "$argon2id$x"));
        devices::Device device;
        device.id = id;
        device.given_name = "Tablet";
        return tables.devices.save(tables.transaction, device);
    });

    CHECK(changed.has_value());
    CHECK(household->rules()->rules.at(0) ==
          policy::OwnRule({"tracker.example", policy::HouseholdRule::Allow}));
    STRCMP_EQUAL("$argon2id$x", household->password_hash()->value().c_str());
    LONGS_EQUAL(1, household->devices()->size());
    STRCMP_EQUAL("Tablet", household->devices()->front().given_name.c_str());
}

TEST(HouseholdFile, ChangesNothingWhenAPartFails) {
    auto household = HouseholdFile::open(folder.path(), store::Access::ReadWrite);

    const auto changed = household->change([](HouseholdFile::Tables tables) -> Result<void> {
        SPORVAKT_TRY(tables.household.set_password_hash(tables.transaction, "$argon2id$x"));
        return fail(Errc::InvalidInput, "no such device");
    });

    CHECK_FALSE(changed.has_value());
    CHECK_FALSE(household->password_hash()->has_value());
}

TEST(HouseholdFile, CarriesOutAllChangesOrNone) {
    auto household = HouseholdFile::open(folder.path(), store::Access::ReadWrite);
    const policy::HouseholdChange group = policy::SetGroup{{"guests", "Guests"}};
    const policy::HouseholdChange nowhere =
        policy::SetRule{"nobody", {"tracker.example", policy::HouseholdRule::Allow}};

    CHECK_FALSE(household->change(std::vector{group, nowhere}).has_value());
    CHECK(household->rules()->groups.empty());
    CHECK(household->change(std::vector{group}).has_value());
    LONGS_EQUAL(1, household->rules()->groups.size());
}

TEST(HouseholdFile, CannotBeReadBeforeItIsMade) {
    CHECK_FALSE(HouseholdFile::open(folder.path(), store::Access::ReadOnly).has_value());
}
