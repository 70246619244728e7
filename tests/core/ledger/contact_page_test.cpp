#include "core/ledger/contact_page.h"

#include "tests/support/ledger_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;
using test::minute;
using test::SightingBuilder;

TEST_GROUP(ContactPage){static Row row(const Sighting& sighting){Row made;
made.key = row_key_of(sighting);
made.add(sighting);
return made;
}
static PagePlace place(Timestamp at, std::uint8_t device) {
    return {at, row_key_of(SightingBuilder().at(at).by(device).build())};
}
}
;

TEST(ContactPage, PlacesGoFromNewToOldThenByKey) {
    CHECK_TRUE(place(minute(2), 1) < place(minute(1), 1));
    CHECK_TRUE(place(minute(1), 1) < place(minute(1), 2));
    CHECK_FALSE(place(minute(1), 1) < place(minute(1), 1));
}

TEST(ContactPage, APlaceStaysTheSameAsText) {
    CHECK(*PagePlace::from_text(place(minute(3), 9).text()) == place(minute(3), 9));
}

TEST(ContactPage, APlaceThatSomebodyMadeUpIsNothing) {
    const std::string good = place(minute(3), 9).text();

    CHECK_FALSE(PagePlace::from_text("").has_value());
    CHECK_FALSE(PagePlace::from_text("zz").has_value());
    CHECK_FALSE(PagePlace::from_text(good.substr(1)).has_value());
    CHECK_FALSE(PagePlace::from_text(good.substr(0, 40)).has_value());
    CHECK_FALSE(PagePlace::from_text(good + "0").has_value());
}

TEST(ContactPage, KeepsTheNewestOfManyAndSaysThatThereAreMore) {
    PageBuilder page(3);
    for (int i = 0; i < 60; ++i) {
        page.add(row(SightingBuilder()
                         .at(minute((i * 7) % 60))
                         .by(static_cast<std::uint8_t>(i))
                         .build()),
                 test::everything());
    }

    const ContactPage built = page.finish();
    LONGS_EQUAL(3, built.contacts.size());
    CHECK(built.contacts[0].first == minute(59));
    CHECK(built.contacts[2].first == minute(57));
    CHECK_TRUE(built.next.has_value());
}

TEST(ContactPage, TheLastOneHasNoNext) {
    PageBuilder page(1);
    page.add(row(SightingBuilder().build()), test::everything());

    CHECK_FALSE(page.finish().next.has_value());
}

TEST(ContactPage, LeavesOutWhatEarlierPagesShowed) {
    PageBuilder page(10);
    page.begin_after(place(minute(5), 1));
    for (const int at : {4, 5, 6}) {
        page.add(row(SightingBuilder().at(minute(at)).build()), test::everything());
    }

    const ContactPage built = page.finish();
    LONGS_EQUAL(1, built.contacts.size());
    CHECK(built.contacts[0].first == minute(4));
}

TEST(ContactPage, MatchesTimeFromInclusiveToExclusiveAndPurpose) {
    Filter filter;
    filter.from = minute(10);
    filter.to = minute(20);
    filter.purpose = trackers::Purpose::Advertising;
    const auto matches_at = [&](Timestamp at) {
        return matches(filter, *row(SightingBuilder().at(at).build()).slots.at(slot_in_hour(at)));
    };

    CHECK_TRUE(matches_at(minute(10)));
    CHECK_TRUE(matches_at(minute(20) - std::chrono::milliseconds(1)));
    CHECK_FALSE(matches_at(minute(10) - std::chrono::milliseconds(1)));
    CHECK_FALSE(matches_at(minute(20)));
    filter.purpose = trackers::Purpose::Analytics;
    CHECK_FALSE(matches_at(minute(10)));
}
