#include "core/ledger/stored_reports.h"

#include "tests/support/ledger_builder.h"

#include <random>
#include <set>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;
using test::everything;
using test::LedgerBuilder;
using test::minute;
using test::SightingBuilder;

namespace {

/// Sightings of a busy, made-up house over six hours; the same for the same seed.
std::vector<Sighting> made_up_sightings(std::mt19937& random, std::size_t count) {
    const auto any = [&](int below) {
        return static_cast<int>(random() % static_cast<unsigned>(below));
    };
    std::vector<Sighting> made;
    for (std::size_t i = 0; i < count; ++i) {
        SightingBuilder builder;
        builder.at(minute(0) + std::chrono::milliseconds(any(6 * 3'600'000)))
            .by(static_cast<std::uint8_t>(any(4)))
            .name("n" + std::to_string(any(5)) + ".example")
            .company(static_cast<std::uint32_t>(any(3)))
            .purpose(any(2) == 0 ? trackers::Purpose::Advertising : trackers::Purpose::Analytics)
            .attempts(static_cast<std::uint32_t>(any(3)));
        if (any(2) == 0) {
            builder.leaked(static_cast<std::uint64_t>(any(1000)), 10);
        }
        made.push_back(builder.build());
    }
    return made;
}

/// All filters that the property tests try.
std::vector<Filter> made_up_filters() {
    std::vector<Filter> filters(7, everything());
    filters[1].device = test::device(1);
    filters[2].company = trackers::CompanyId{2};
    filters[3].purpose = trackers::Purpose::Analytics;
    filters[4].outcome = Outcome::Leaked;
    filters[5].name_contains = "n3";
    filters[6].from = minute(47);
    filters[6].to = minute(211);
    filters.push_back(filters[6]);
    filters.back().device = test::device(2);
    filters.back().outcome = Outcome::Prevented;
    filters.back().purpose = trackers::Purpose::Advertising;
    return filters;
}

std::vector<Contact> all_pages(const StoredReports& reports, const Filter& filter,
                               std::size_t limit) {
    std::vector<Contact> contacts;
    std::string cursor;
    while (true) {
        ContactPage page = test::value_of(reports.contacts(filter, cursor, limit));
        contacts.insert(contacts.end(), page.contacts.begin(), page.contacts.end());
        if (!page.next) {
            return contacts;
        }
        cursor = *page.next;
    }
}

bool same_matrix(const std::vector<MatrixCell>& left, const std::vector<MatrixCell>& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const MatrixCell& a, const MatrixCell& b) {
                          return a.device == b.device && a.company == b.company &&
                                 a.totals == b.totals;
                      });
}

bool same_series(const std::vector<SeriesPoint>& left, const std::vector<SeriesPoint>& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const SeriesPoint& a, const SeriesPoint& b) {
                          return a.start == b.start && a.totals == b.totals;
                      });
}

void expect_same_reports(const StoredReports& left, const StoredReports& right) {
    for (const Filter& filter : made_up_filters()) {
        CHECK(*left.totals(filter) == *right.totals(filter));
        CHECK(same_matrix(*left.matrix(filter), *right.matrix(filter)));
        Filter day = filter;
        day.from = std::max(day.from, minute(0));
        day.to = std::min(day.to, minute(360));
        CHECK(same_series(left.series(day, std::chrono::minutes(20))->points,
                          right.series(day, std::chrono::minutes(20))->points));
        CHECK(all_pages(left, filter, 300) == all_pages(right, filter, 300));
    }
}

}  // namespace

TEST_GROUP(StoredReports) {
    LedgerBuilder keeper;

    void have(std::vector<Sighting> sightings) {
        keeper.add(std::move(sightings));
        keeper.commit();
    }
    Totals totals(const Filter& filter) {
        return test::value_of(keeper.reports().totals(filter));
    }
};

TEST(StoredReports, AreEmptyOverAnEmptyLedger) {
    CHECK(totals(everything()) == Totals{});
    LONGS_EQUAL(0, keeper.reports().matrix(everything())->size());
    CHECK_TRUE(keeper.reports().contacts(everything(), "", 10)->contacts.empty());
}

TEST(StoredReports, CountAContactByWhenItBegan) {
    have({SightingBuilder().at(minute(9)).until(minute(12)).build()});
    Filter filter;
    filter.from = minute(9);
    filter.to = minute(10);
    LONGS_EQUAL(1, totals(filter).prevented);

    filter.from = minute(9) + std::chrono::milliseconds(1);
    filter.to = minute(20);
    LONGS_EQUAL(0, totals(filter).prevented);
    filter.from = minute(0);
    filter.to = minute(9);
    LONGS_EQUAL(0, totals(filter).prevented);
    filter.to = minute(9) + std::chrono::milliseconds(1);
    LONGS_EQUAL(1, totals(filter).prevented);
}

TEST(StoredReports, FiltersMayBeCombined) {
    have({SightingBuilder().build(), SightingBuilder().by(2).build(),
          SightingBuilder().company(8).name("other.example").build(),
          SightingBuilder().leaked(5, 6).build(),
          SightingBuilder().at(minute(20)).purpose(trackers::Purpose::Analytics).build()});
    Filter filter = everything();
    LONGS_EQUAL(4, totals(filter).prevented);

    filter.device = test::device(1);
    LONGS_EQUAL(3, totals(filter).prevented);
    filter.company = trackers::CompanyId{7};
    LONGS_EQUAL(2, totals(filter).prevented);
    filter.purpose = trackers::Purpose::Analytics;
    LONGS_EQUAL(1, totals(filter).prevented);
    filter.purpose.reset();
    filter.outcome = Outcome::Leaked;
    LONGS_EQUAL(0, totals(filter).prevented);
    LONGS_EQUAL(1, totals(filter).leaked);
    filter.name_contains = "other";
    LONGS_EQUAL(0, totals(filter).leaked);
}

TEST(StoredReports, TheMatrixHasACellForEachPairMostLeakedFirst) {
    have({SightingBuilder().by(1).company(7).build(), SightingBuilder().by(1).company(8).build(),
          SightingBuilder().by(2).company(7).leaked(3, 4).build(),
          SightingBuilder().by(2).company(7).build()});

    const auto matrix = test::value_of(keeper.reports().matrix(everything()));
    LONGS_EQUAL(3, matrix.size());
    CHECK(matrix[0].device == test::device(2));
    LONGS_EQUAL(1, matrix[0].totals.leaked);
    LONGS_EQUAL(1, matrix[0].totals.prevented);
    CHECK(matrix[1].company == trackers::CompanyId{7});
    CHECK(matrix[2].company == trackers::CompanyId{8});
}

TEST(StoredReports, PurposesHaveACellForEachCompanysPurposeMostContactsFirst) {
    have({SightingBuilder().name("ads.example").purpose(trackers::Purpose::Advertising).build(),
          SightingBuilder().purpose(trackers::Purpose::Analytics).build(),
          SightingBuilder().by(2).purpose(trackers::Purpose::Analytics).leaked(3, 4).build(),
          SightingBuilder().company(8).name("other.example").build()});

    const auto purposes = test::value_of(keeper.reports().purposes(everything()));
    LONGS_EQUAL(3, purposes.size());
    CHECK(purposes[0].company == trackers::CompanyId{7});
    CHECK(purposes[0].purpose == trackers::Purpose::Analytics);
    LONGS_EQUAL(1, purposes[0].totals.leaked);
    LONGS_EQUAL(1, purposes[0].totals.prevented);
    LONGS_EQUAL(1, purposes[1].totals.prevented);
    LONGS_EQUAL(1, purposes[2].totals.prevented);
}

TEST(StoredReports, ListsHaveWhatTheyPreventedMostContactsFirst) {
    have({SightingBuilder().list("a").name("a.example").build(),
          SightingBuilder().list("b").name("b.example").build(),
          SightingBuilder().list("b").name("c.example").build(),
          SightingBuilder().list("").name("d.example").leaked(3, 4).build()});

    const auto lists = test::value_of(keeper.reports().lists(everything()));
    LONGS_EQUAL(2, lists.size());
    CHECK(lists[0].list == "b");
    LONGS_EQUAL(2, lists[0].totals.prevented);
    CHECK(lists[1].list == "a");
    LONGS_EQUAL(1, lists[1].totals.prevented);
    Filter filter = everything();
    filter.name_contains = "b.";
    LONGS_EQUAL(1, test::value_of(keeper.reports().lists(filter)).size());
}

TEST(StoredReports, ASeriesHasEveryStepAndItsSumIsTheTotal) {
    have({SightingBuilder().at(minute(0)).build(), SightingBuilder().at(minute(29)).build(),
          SightingBuilder().at(minute(30)).build(), SightingBuilder().at(minute(89)).build()});
    Filter filter;
    filter.from = minute(0);
    filter.to = minute(100);

    const auto series =
        test::value_of(keeper.reports().series(filter, std::chrono::minutes(30))).points;
    LONGS_EQUAL(4, series.size());
    LONGS_EQUAL(2, series[0].totals.prevented);
    LONGS_EQUAL(1, series[1].totals.prevented);
    LONGS_EQUAL(1, series[2].totals.prevented);
    LONGS_EQUAL(0, series[3].totals.prevented);
    CHECK(series[3].start == minute(90));
}

TEST(StoredReports, ASeriesRefusesStepsThatAreNoSlots) {
    Filter filter;
    filter.from = minute(0);
    filter.to = minute(60);
    for (const int step : {0, -10, 5, 15}) {
        CHECK(keeper.reports().series(filter, std::chrono::minutes(step)).error().code ==
              Errc::InvalidInput);
    }
    CHECK(keeper.reports().series(everything(), std::chrono::minutes(10)).error().code ==
          Errc::InvalidInput);
}

TEST(StoredReports, ASeriesOfNoTimeHasNoSteps) {
    Filter filter;
    filter.from = minute(60);
    filter.to = minute(0);

    LONGS_EQUAL(0, keeper.reports().series(filter, std::chrono::minutes(10))->points.size());
}

TEST(StoredReports, ContactsComeNewestFirst) {
    have({SightingBuilder().at(minute(5)).build(), SightingBuilder().at(minute(65)).build(),
          SightingBuilder().at(minute(15)).build(), SightingBuilder().at(minute(5)).by(2).build()});

    const auto page = test::value_of(keeper.reports().contacts(everything(), "", 10));
    LONGS_EQUAL(4, page.contacts.size());
    CHECK(page.contacts[0].first == minute(65));
    CHECK(page.contacts[1].first == minute(15));
    CHECK(page.contacts[2].device == test::device(1));
    CHECK(page.contacts[3].device == test::device(2));
    CHECK_FALSE(page.next.has_value());
}

TEST(StoredReports, AContactTellsAllThatIsKnown) {
    have({SightingBuilder()
              .at(minute(3))
              .until(minute(4))
              .cause(Cause::Cloaked)
              .detail("tracker.example")
              .attempts(6)
              .build()});

    const auto page = test::value_of(keeper.reports().contacts(everything(), "", 1));
    const Contact& contact = page.contacts.front();
    STRCMP_EQUAL("pixel.example", contact.name.c_str());
    STRCMP_EQUAL("tracker.example", contact.detail.c_str());
    STRCMP_EQUAL("||pixel.example^", contact.rule.c_str());
    STRCMP_EQUAL("Test list", contact.list.c_str());
    CHECK(contact.cause == Cause::Cloaked);
    CHECK(contact.last == minute(4));
    LONGS_EQUAL(6, contact.attempts);
}

TEST(StoredReports, TurningPagesShowsEachContactOnceWhileNewOnesArrive) {
    std::mt19937 random(7);
    have(made_up_sightings(random, 200));
    const auto before = all_pages(keeper.reports(), everything(), 500);
    CHECK(before.size() > 50);

    std::vector<Contact> seen;
    std::string cursor;
    int fresh = 0;
    while (true) {
        const auto page = test::value_of(keeper.reports().contacts(everything(), cursor, 13));
        seen.insert(seen.end(), page.contacts.begin(), page.contacts.end());
        if (!page.next) {
            break;
        }
        cursor = *page.next;
        ++fresh;
        keeper.add({SightingBuilder().at(minute(400 + fresh * 10)).build()});
        fresh % 2 == 0 ? keeper.commit() : static_cast<void>(keeper.tell());
    }
    CHECK(seen == before);
}

TEST(StoredReports, PagesOfEverySizeGiveTheSameContacts) {
    std::mt19937 random(11);
    have(made_up_sightings(random, 100));
    const auto whole = all_pages(keeper.reports(), everything(), 500);

    for (const std::size_t limit : {1U, 13U, 100U}) {
        CHECK(all_pages(keeper.reports(), everything(), limit) == whole);
    }
}

TEST(StoredReports, RefuseACursorOfSomebodyElseAndPagesOutOfBounds) {
    CHECK(keeper.reports().contacts(everything(), "x", 10).error().code == Errc::InvalidInput);
    CHECK(keeper.reports().contacts(everything(), "", 0).error().code == Errc::InvalidInput);
    CHECK(keeper.reports().contacts(everything(), "", 501).error().code == Errc::InvalidInput);
}

TEST(StoredReports, AreTheSameWhateverIsCommittedAndWhateverIsNot) {
    for (const unsigned seed : {1U, 2U, 3U}) {
        std::mt19937 random(seed);
        LedgerBuilder partly;
        LedgerBuilder wholly;
        for (int step = 0; step < 12; ++step) {
            const auto sightings = made_up_sightings(random, 1 + random() % 30);
            partly.add(sightings);
            wholly.add(sightings);
            partly.tell();
            wholly.commit();
            if (random() % 3 == 0) {
                partly.commit();
            }
            if (step % 6 == 5) {
                expect_same_reports(partly.reports(), wholly.reports());
            }
        }
    }
}

TEST(StoredReports, AllAddUpTheSameContacts) {
    std::mt19937 random(23);
    have(made_up_sightings(random, 500));
    for (const Filter& filter : made_up_filters()) {
        Totals of_pages;
        for (const Contact& contact : all_pages(keeper.reports(), filter, 100)) {
            of_pages += contact;
        }
        Totals of_cells;
        for (const MatrixCell& cell : test::value_of(keeper.reports().matrix(filter))) {
            of_cells.prevented += cell.totals.prevented;
            of_cells.leaked += cell.totals.leaked;
            of_cells.bytes_up += cell.totals.bytes_up;
        }

        CHECK(of_pages == totals(filter));
        LONGS_EQUAL(of_pages.prevented, of_cells.prevented);
        LONGS_EQUAL(of_pages.leaked, of_cells.leaked);
        LONGS_EQUAL(of_pages.bytes_up, of_cells.bytes_up);
    }
}

TEST(StoredReports, EqualThoseOfAnUndisturbedRunHoweverOftenTheKeeperIsKilled) {
    std::mt19937 random(5);
    LedgerBuilder killed;
    LedgerBuilder undisturbed;
    std::vector<Batch> kept;  // what the sender still keeps
    for (std::uint64_t number = 1; number <= 60; ++number) {
        kept.push_back(test::batch(number, made_up_sightings(random, 8)));
        undisturbed.add(kept.back().sightings);
        CHECK(*killed.ledger().apply(kept.back(), minute(0)) == Taken::Added);
        if (random() % 4 == 0) {
            killed.secure();
        }
        if (random() % 8 == 0) {
            killed.commit();
        }
        if (random() % 5 == 0) {
            killed.reopen();
            for (const Batch& again : kept) {  // all of them: more than it must
                CHECK(killed.ledger().apply(again, minute(0)).has_value());
            }
        }
    }
    killed.commit();
    undisturbed.commit();

    expect_same_reports(killed.reports(), undisturbed.reports());
}
