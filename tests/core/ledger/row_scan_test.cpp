#include "core/ledger/row_scan.h"

#include "tests/support/ledger_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;
using test::LedgerBuilder;
using test::minute;
using test::SightingBuilder;

TEST_GROUP(RowScan) {
    LedgerBuilder keeper;

    std::string seen(RowScan::Hours hours) {
        std::string text;
        const RowScan scan = test::value_of(RowScan::begin(keeper.environment(), keeper.live()));
        CHECK_TRUE(scan.visit(hours, {},
                              [&](const Row& row) {
                                  std::uint64_t attempts = 0;
                                  for (const auto& slot : row.slots) {
                                      attempts += slot ? slot->attempts : 0;
                                  }
                                  text += row.key.name + "=" + std::to_string(attempts) + " ";
                              })
                       .has_value());
        return text;
    }
    std::string seen_all() {
        return seen(hours_between(minute(0), minute(180)));
    }

    std::optional<Hour> newest_before(Timestamp end) {
        return *test::value_of(RowScan::begin(keeper.environment(), keeper.live()))
                    .newest_hour_before(hour_of(end));
    }
};

TEST(RowScan, LaysLiveRowsOverTheStoredOnesInKeyOrder) {
    keeper.add({SightingBuilder().name("b").build(), SightingBuilder().name("d").build()});
    keeper.commit();
    keeper.add({SightingBuilder().name("a").build(), SightingBuilder().name("b").build(),
                SightingBuilder().name("c").build(), SightingBuilder().name("e").build()});
    STRCMP_EQUAL("b=1 d=1 ", seen_all().c_str());

    keeper.tell();
    STRCMP_EQUAL("a=1 b=2 c=1 d=1 e=1 ", seen_all().c_str());
}

TEST(RowScan, ForgetsLiveRowsThatTheDatabaseHas) {
    keeper.add({SightingBuilder().build()});
    keeper.tell();
    keeper.commit();
    LONGS_EQUAL(1, keeper.live().size());
    seen_all();

    LONGS_EQUAL(0, keeper.live().size());
}

TEST(RowScan, IgnoresALiveRowThatCameLate) {
    keeper.add({SightingBuilder().build()});
    const auto late = keeper.ledger().take_changes();
    keeper.add({SightingBuilder().build()});
    keeper.commit();
    CHECK_TRUE(keeper.live().apply(late.front()).has_value());

    STRCMP_EQUAL("pixel.example=2 ", seen_all().c_str());
}

TEST(RowScan, ShowsTheHoursAskedForOnly) {
    keeper.add({SightingBuilder().at(minute(59)).name("a").build(),
                SightingBuilder().at(minute(60)).name("b").build()});
    keeper.commit();
    keeper.add({SightingBuilder().at(minute(119)).name("c").build(),
                SightingBuilder().at(minute(120)).name("d").build()});
    keeper.tell();

    STRCMP_EQUAL("b=1 c=1 ", seen(hours_between(minute(60), minute(120))).c_str());
    STRCMP_EQUAL(
        "b=1 c=1 d=1 ",
        seen(hours_between(minute(119), minute(120) + std::chrono::milliseconds(1))).c_str());
}

TEST(RowScan, NoHoursLieInATimeThatEndsBeforeItBegins) {
    const auto none = hours_between(minute(60), minute(60));
    CHECK(none.from == none.to);
    const auto backwards = hours_between(minute(60), minute(0));
    CHECK(backwards.from == backwards.to);
}

TEST(RowScan, TimesBeyondAllKeysAreNoHarm) {
    keeper.add({SightingBuilder().build()});
    keeper.commit();

    STRCMP_EQUAL("pixel.example=1 ",
                 seen(hours_between(Timestamp::min(), Timestamp::max())).c_str());
}

TEST(RowScan, FindsTheNewestHourInEitherSource) {
    CHECK_FALSE(newest_before(minute(600)).has_value());
    keeper.add({SightingBuilder().at(minute(60)).build()});
    keeper.commit();
    keeper.add(
        {SightingBuilder().at(minute(0)).build(), SightingBuilder().at(minute(180)).build()});
    keeper.tell();

    CHECK(newest_before(minute(600)) == hour_of(minute(180)));
    CHECK(newest_before(minute(180)) == hour_of(minute(60)));
    CHECK(newest_before(minute(60)) == hour_of(minute(0)));
    CHECK_FALSE(newest_before(minute(0)).has_value());
}

TEST(RowScan, SaysThatARowIsDamaged) {
    keeper.add({SightingBuilder().build()});
    keeper.commit();
    CHECK_TRUE(keeper.environment()
                   .update([&](store::WriteTransaction& transaction) {
                       return transaction.put(keeper.environment().table(kContactsTable),
                                              encode(row_key_of(SightingBuilder().build())),
                                              as_bytes("?"));
                   })
                   .has_value());

    const auto totals = keeper.reports().totals(test::everything());
    CHECK(totals.error().code == Errc::Storage);
}
