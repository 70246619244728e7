#include "firmware/commands/stored_household.h"

#include "core/devices/device_store.h"
#include "tests/support/ledger_builder.h"

#include <fstream>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using firmware::StoredHousehold;
using firmware::StoredLedger;

TEST_GROUP(StoredHouseholds) {
    test::TemporaryFolder folder;
};

TEST(StoredHouseholds, AreWhereTheCommandLineOrTheConfigurationSays) {
    CHECK(firmware::stored_household({"/nowhere.toml", "/data"})->dir == "/data");
    std::ofstream(folder.file("sporvakt.toml")) << "[storage]\ndir = \"" << folder.path() << "\"\n";
    CHECK(firmware::stored_household({folder.file("sporvakt.toml"), ""})->dir == folder.path());
    CHECK_FALSE(firmware::stored_household({"/nowhere.toml", ""}).has_value());
}

TEST(StoredHouseholds, HaveALedgerWithWhatIsOnlyInTheJournal) {
    auto file = test::value_of(
        ledger::open_ledger_file(folder.file("ledger.mdb"), store::Access::ReadWrite));
    auto writer = test::value_of(ledger::Ledger::open(file, {}));
    const auto sighting = test::SightingBuilder().build();
    test::value_of(writer->apply(test::batch(1, {sighting}), sighting.at));
    CHECK_TRUE(writer->secure(sighting.at).has_value());
    writer.reset();
    file.reset();
    const auto stored = test::value_of(StoredLedger::open({folder.path(), {}}));
    ledger::Filter filter;
    filter.from = sighting.at - std::chrono::hours(1);
    filter.to = sighting.at + std::chrono::hours(1);
    const auto totals = test::value_of(stored.reports().totals(filter));
    LONGS_EQUAL(1, totals.prevented + totals.leaked);
}

TEST(StoredHouseholds, WithoutFilesAreAnError) {
    const StoredHousehold household{folder.path(), {}};
    CHECK_FALSE(StoredLedger::open(household).has_value());
    CHECK_FALSE(firmware::devices_of(household).has_value());
}
