#include "firmware/roles/role_ground.h"

#include "tests/support/temporary_folder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(RoleGround) {
    test::TemporaryFolder folder;
};

TEST(RoleGround, ReadsTheHouseholdOnceTheKeeperHasMadeIt) {
    HouseholdReader reader(folder.path());
    CHECK_FALSE(reader.rules().has_value());
    CHECK_FALSE(reader.devices().has_value());
    CHECK_FALSE(reader.password_hash().has_value());

    // In one process a file is opened once: the keeper is over when the reader begins.
    {
        auto household = HouseholdFile::open(folder.path(), store::Access::ReadWrite);
        CHECK(household
                  ->change([](HouseholdFile::Tables tables) {
                      return tables.household.change(
                          tables.transaction,
                          policy::SetRule{{}, {"a.example", policy::HouseholdRule::Block}});
                  })
                  .has_value());
    }

    LONGS_EQUAL(1, reader.rules()->rules.size());
    CHECK(reader.devices()->empty());
    CHECK_FALSE(reader.password_hash()->has_value());
}

TEST(RoleGround, GivesAViewItsSources) {
    Configuration configuration;
    configuration.storage_dir = folder.path();
    SharedState shared;
    const SystemClock clock;
    HouseholdReader reader(folder.path());

    const auto sources =
        sources_of({configuration, shared, clock, folder.file("built-in.mdb")}, reader);

    CHECK(sources.catalogues().empty());
    CHECK_FALSE(sources.rules().has_value());
    CHECK_FALSE(sources.devices().has_value());
}

TEST(RoleGround, MakesNumbersThatAreNeverTheSame) {
    const std::uint64_t number = random_number();

    CHECK(number != 0);
    CHECK(random_number() != number);
}
