#include "firmware/device_book.h"

#include "tests/support/temporary_folder.h"

#include <chrono>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(DeviceBook) {
    test::TemporaryFolder folder;
    HouseholdFile household = *HouseholdFile::open(folder.path(), store::Access::ReadWrite);
    DeviceBook book{devices::Registry(nullptr)};
    const devices::DeviceId id{*MacAddress::from_text("3c:22:fb:12:34:01")};

    devices::DeviceClue clue(int minute) const {
        devices::DeviceClue news;
        news.at = Timestamp(std::chrono::minutes(60 * 24 * 365 * 50 + minute));
        news.device = id;
        return news;
    }

    void save() {
        CHECK(household.change([this](HouseholdFile::Tables tables) { return book.save(tables); })
                  .has_value());
        book.saved();
    }
};

TEST(DeviceBook, HasNewsOfANewDevice) {
    book.add(clue(0));

    CHECK(book.has_news());
    CHECK(book.has_changes());
    save();
    CHECK_FALSE(book.has_news());
    CHECK_FALSE(book.has_changes());
    LONGS_EQUAL(1, household.devices()->size());
}

TEST(DeviceBook, ForgetsADeviceSavedOrNot) {
    CHECK_FALSE(book.forget(id).has_value());
    book.add(clue(0));
    CHECK(book.forget(id).has_value());
    save();
    LONGS_EQUAL(0, household.devices()->size());
    book.add(clue(1));
    save();
    LONGS_EQUAL(1, household.devices()->size());
    CHECK(book.forget(id).has_value());
    CHECK(book.has_news());
    save();
    LONGS_EQUAL(0, household.devices()->size());
}

TEST(DeviceBook, HasNoNewsOfADeviceThatIsStillThere) {
    book.add(clue(0));
    save();

    book.add(clue(20));

    CHECK_FALSE(book.has_news());
    CHECK(book.has_changes());
    save();
    CHECK(household.devices()->front().last_seen == clue(20).at);
}

TEST(DeviceBook, HasNewsOfANewName) {
    book.add(clue(0));
    save();

    auto named = clue(1);
    named.host_name = "tablet";
    book.add(named);
    CHECK(book.has_news());
    save();

    CHECK(book.rename(id, "Grandmother's tablet").has_value());
    CHECK(book.has_news());
    save();
    STRCMP_EQUAL("Grandmother's tablet", household.devices()->front().given_name.c_str());
}

TEST(DeviceBook, RefusesToRenameADeviceThatNobodyKnows) {
    CHECK_FALSE(book.rename(id, "Nobody's").has_value());
    CHECK_FALSE(book.has_news());
}

TEST(DeviceBook, KeepsWhatCouldNotBeSaved) {
    book.add(clue(0));
    const auto failed = household.change([this](HouseholdFile::Tables tables) -> Result<void> {
        SPORVAKT_TRY(book.save(tables));
        return fail(Errc::Storage, "the disk is full");
    });
    CHECK_FALSE(failed.has_value());

    CHECK(book.has_changes());
    save();
    LONGS_EQUAL(1, household.devices()->size());
}

TEST(DeviceBook, KnowsItsDevicesAgain) {
    book.add(clue(0));
    save();

    DeviceBook next{devices::Registry(nullptr)};
    CHECK(next.load(household).has_value());

    CHECK(next.rename(id, "Tablet").has_value());
}
