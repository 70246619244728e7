#include "core/ledger/retention.h"

#include "core/base/byte_writer.h"
#include "tests/support/ledger_builder.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;
using std::chrono::hours;
using test::everything;
using test::LedgerBuilder;
using test::minute;
using test::SightingBuilder;

namespace {

constexpr Timestamp kMidnight = test::kTestHour - hours(14);

Ledger::Options keeping(hours detailed, hours summed, std::size_t rows_per_step = 2000) {
    Ledger::Options options;
    options.retention.detailed = detailed;
    options.retention.summed = summed;
    options.retention.rows_per_step = rows_per_step;
    return options;
}

std::size_t rows_in(LedgerBuilder& keeper, std::string_view table) {
    const auto read = test::value_of(keeper.environment().begin_read());
    return *read.count(keeper.environment().table(table));
}

std::size_t hour_rows(LedgerBuilder& keeper) {
    return rows_in(keeper, kContactsTable);
}

std::size_t day_rows(LedgerBuilder& keeper) {
    return rows_in(keeper, kDaysTable);
}

Totals totals(LedgerBuilder& keeper) {
    return test::value_of(keeper.reports().totals(everything()));
}

/// All that a contact is told apart by, in one's own words.
using ModelKey =
    std::tuple<Timestamp, devices::DeviceId, trackers::CompanyId, Outcome, std::string>;

/// The same contacts in the plainest way: each with the start of its ten minutes.
class Model {
public:
    void add(const Sighting& sighting) {
        const Timestamp slot =
            std::chrono::floor<std::chrono::minutes>(sighting.at) -
            (std::chrono::floor<std::chrono::minutes>(sighting.at) - hour_of(sighting.at)) %
                std::chrono::minutes(10);
        Contact& contact =
            contacts_[{slot, sighting.device, sighting.company, sighting.outcome, sighting.name}];
        const bool is_new = contact.attempts == 0;
        contact.device = sighting.device;
        contact.company = sighting.company;
        contact.outcome = sighting.outcome;
        contact.purpose = sighting.purpose;
        contact.name = sighting.name;
        contact.list = sighting.list;
        contact.first = is_new ? sighting.at : std::min(contact.first, sighting.at);
        contact.last = std::max(contact.last, sighting.last);
        contact.attempts += sighting.attempts;
        contact.bytes_up += sighting.bytes_up;
        contact.bytes_down += sighting.bytes_down;
    }

    [[nodiscard]] Totals totals(const Filter& filter) const {
        Totals sum;
        for (const auto& [key, contact] : contacts_) {
            if (matches(filter, contact)) {
                sum += contact;
            }
        }
        return sum;
    }

    template <class Cell, class Key>
    [[nodiscard]] std::map<Cell, Totals> by(const Filter& filter, const Key& key) const {
        std::map<Cell, Totals> cells;
        for (const auto& [place, contact] : contacts_) {
            if (matches(filter, contact)) {
                cells[key(contact)] += contact;
            }
        }
        return cells;
    }

private:
    std::map<ModelKey, Contact> contacts_;
};

/// One purpose and list a name, as a catalogue has it; times in any order within three hours.
Sighting any_sighting(std::mt19937& random, Timestamp now) {
    const unsigned name = random() % 4;
    SightingBuilder builder;
    builder.at(now - std::chrono::milliseconds(random() % 10'800'000))
        .by(static_cast<std::uint8_t>(random() % 3))
        .name("n" + std::to_string(name) + ".example")
        .company(name % 2 + 1)
        .purpose(name == 0 ? trackers::Purpose::Analytics : trackers::Purpose::Advertising)
        .list("list " + std::to_string(name % 3))
        .attempts(static_cast<std::uint32_t>(1 + random() % 3));
    if (random() % 2 == 0) {
        builder.leaked(random() % 1000, random() % 5000);
    }
    return builder.build();
}

/// Every report about whole days of UTC that both still have.
void check_same(const StoredReports& reports, const Model& model, const Filter& filter) {
    CHECK(test::value_of(reports.totals(filter)) == model.totals(filter));
    using Place = std::pair<devices::DeviceId, trackers::CompanyId>;
    const auto cells = model.by<Place>(
        filter, [](const Contact& contact) { return Place(contact.device, contact.company); });
    const auto matrix = test::value_of(reports.matrix(filter));
    LONGS_EQUAL(cells.size(), matrix.size());
    for (const MatrixCell& cell : matrix) {
        CHECK(cell.totals == cells.at({cell.device, cell.company}));
    }
    const auto by_list =
        model.by<std::string>(filter, [](const Contact& contact) { return contact.list; });
    for (const ListCell& cell : test::value_of(reports.lists(filter))) {
        CHECK(cell.totals == by_list.at(cell.list));
    }
    const auto by_purpose =
        model.by<trackers::Purpose>(filter, [](const Contact& contact) { return contact.purpose; });
    std::map<trackers::Purpose, std::uint64_t> purposes;
    for (const PurposeCell& cell : test::value_of(reports.purposes(filter))) {
        purposes[cell.purpose] += cell.totals.leaked + cell.totals.prevented;
    }
    for (const auto& [purpose, sum] : by_purpose) {
        LONGS_EQUAL(sum.leaked + sum.prevented, purposes[purpose]);
    }
    const auto by_day = model.by<Timestamp>(filter, [](const Contact& contact) {
        return Timestamp(std::chrono::floor<std::chrono::days>(contact.first));
    });
    const auto series = test::value_of(reports.series(filter, std::chrono::days(1)));
    CHECK(series.undated == Totals{});
    for (const SeriesPoint& point : series.points) {
        const auto day = by_day.find(point.start);
        CHECK(point.totals == (day == by_day.end() ? Totals{} : day->second));
    }
}

/// Contacts of all pages, as sums: none missing, none twice, newest first.
void check_pages(const StoredReports& reports, const Filter& filter) {
    Totals paged;
    Timestamp before = Timestamp::max();
    std::string cursor;
    while (true) {
        const ContactPage page = test::value_of(reports.contacts(filter, cursor, 7));
        for (const Contact& contact : page.contacts) {
            CHECK(contact.first <= before);
            before = contact.first;
            paged += contact;
        }
        if (!page.next) {
            break;
        }
        cursor = *page.next;
    }
    CHECK(paged == test::value_of(reports.totals(filter)));
}

}  // namespace

TEST_GROUP(Retention){};

TEST(Retention, FoldsOldHoursIntoDaysWithTheSameSums) {
    LedgerBuilder keeper(keeping(hours(24), hours(24 * 365)));
    keeper.add({SightingBuilder().at(minute(0)).attempts(2).build(),
                SightingBuilder().at(minute(65)).until(minute(67)).build(),
                SightingBuilder().at(minute(70)).leaked(5, 6).build()});
    keeper.commit();
    const Totals before = totals(keeper);
    LONGS_EQUAL(3, hour_rows(keeper));
    keeper.set_now(minute(24 * 60 + 180));
    keeper.commit();
    LONGS_EQUAL(0, hour_rows(keeper));
    LONGS_EQUAL(0, rows_in(keeper, kChangedHoursTable));
    LONGS_EQUAL(2, day_rows(keeper));
    CHECK(totals(keeper) == before);
    keeper.commit();
    CHECK(totals(keeper) == before);
}

TEST(Retention, LeavesEachContactInOnePlaceAfterEveryStep) {
    LedgerBuilder keeper(keeping(hours(24), hours(24 * 365), 3));
    for (std::uint8_t number = 0; number < 20; ++number) {
        keeper.add({SightingBuilder().at(minute(number)).by(number).attempts(number).build()});
    }
    keeper.commit();
    const Totals before = totals(keeper);
    keeper.set_now(minute(26 * 60));
    std::size_t left = 20;
    for (int step = 0; left > 0; ++step) {
        if (step % 2 == 0) {
            keeper.reopen();  // killed between two steps
            keeper.commit();
        } else {
            keeper.secure();  // knows by itself that there is more to do
        }
        left -= std::min<std::size_t>(left, 3);
        LONGS_EQUAL(left, hour_rows(keeper));
        LONGS_EQUAL(20 - left, day_rows(keeper));
        CHECK(totals(keeper) == before);
        check_pages(keeper.reports(), everything());
    }
    LONGS_EQUAL(20, day_rows(keeper));
    LONGS_EQUAL(0, rows_in(keeper, kChangedHoursTable));
    CHECK(totals(keeper) == before);
}

TEST(Retention, CountsWhatComesLateOnTop) {
    LedgerBuilder keeper(keeping(hours(24), hours(24 * 365)));
    keeper.add({SightingBuilder().at(minute(0)).build()});
    keeper.set_now(minute(26 * 60));
    keeper.commit();
    LONGS_EQUAL(1, day_rows(keeper));
    keeper.add({SightingBuilder().at(minute(60)).attempts(5).build()});  // held back for a day
    LONGS_EQUAL(2, [&] {
        keeper.tell();
        return totals(keeper).prevented;
    }());
    keeper.commit();
    LONGS_EQUAL(0, hour_rows(keeper));
    LONGS_EQUAL(1, day_rows(keeper));
    LONGS_EQUAL(2, totals(keeper).prevented);
    LONGS_EQUAL(6, totals(keeper).prevented_attempts);
}

TEST(Retention, ForgetsDaysThatAreOlderStill) {
    LedgerBuilder keeper(keeping(hours(24), hours(48)));
    keeper.add({SightingBuilder().at(minute(0)).build()});
    keeper.set_now(kMidnight + hours(48 + 23));  // the day is 48 hours old, its end is not
    keeper.commit();
    LONGS_EQUAL(1, day_rows(keeper));
    keeper.set_now(kMidnight + hours(48 + 24));
    keeper.commit();
    LONGS_EQUAL(0, day_rows(keeper));
    LONGS_EQUAL(0, totals(keeper).prevented);
}

TEST(Retention, KeepsNoDaysThatWouldNotBeOlderThanTheHours) {
    LedgerBuilder keeper(keeping(hours(24), hours(24)));
    keeper.add({SightingBuilder().at(minute(0)).build()});
    keeper.commit();
    keeper.set_now(minute(26 * 60));
    keeper.commit();
    LONGS_EQUAL(0, hour_rows(keeper));
    LONGS_EQUAL(0, day_rows(keeper));
}

TEST(Retention, ForgetsDaysBeforeHoursWhenThereIsNoRoom) {
    Ledger::Options options = keeping(hours(24), hours(24 * 365));
    options.retention.bytes_max = 96 * 1024;
    LedgerBuilder keeper(options);
    for (int day = 0; day < 12; ++day) {
        for (std::uint8_t number = 0; number < 100; ++number) {
            keeper.add({SightingBuilder().at(minute(day * 24 * 60)).by(number).build()});
        }
        keeper.set_now(minute(day * 24 * 60 + 30));
        keeper.commit();
    }
    const auto read = test::value_of(keeper.environment().begin_read());
    const auto bytes = [&](std::string_view table) {
        return *read.bytes_in(keeper.environment().table(table));
    };
    CHECK(bytes(kContactsTable) + bytes(kDaysTable) <= options.retention.bytes_max);
    CHECK(day_rows(keeper) > 0);
    Filter newest = everything();
    newest.from = minute(11 * 24 * 60);
    LONGS_EQUAL(100, keeper.reports().totals(newest)->prevented);
    Filter oldest = everything();
    oldest.to = minute(24 * 60);
    LONGS_EQUAL(0, keeper.reports().totals(oldest)->prevented);
}

TEST(Retention, SaysWhatHasNoPlaceAmongStepsShorterThanADay) {
    LedgerBuilder keeper(keeping(hours(24), hours(24 * 365)));
    keeper.add({SightingBuilder().at(minute(0)).build(), SightingBuilder().at(minute(60)).build(),
                SightingBuilder().at(minute(25 * 60)).build()});
    keeper.set_now(minute(26 * 60));
    keeper.commit();
    Filter filter = everything();
    filter.from = kMidnight;
    filter.to = kMidnight + hours(48);
    const Series fine = test::value_of(keeper.reports().series(filter, hours(1)));
    LONGS_EQUAL(2, fine.undated.prevented);
    LONGS_EQUAL(1, fine.points.at(39).totals.prevented);
    const Series whole = test::value_of(keeper.reports().series(filter, hours(24)));
    LONGS_EQUAL(0, whole.undated.prevented);
    LONGS_EQUAL(2, whole.points.at(0).totals.prevented);
    LONGS_EQUAL(1, whole.points.at(1).totals.prevented);
}

TEST(Retention, GoesOnWithAFileThatHasNoDaysYet) {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("ledger.mdb");
    {
        store::EnvironmentOptions old;
        old.access = store::Access::ReadWrite;
        old.tables = {"contacts", "changed_hours", "meta"};
        const auto file = test::value_of(store::Environment::open(path, old));
        const Sighting sighting = SightingBuilder().build();
        Row row{row_key_of(sighting), 1, {}};
        row.add(sighting);
        CHECK(file->update([&](store::WriteTransaction& transaction) -> Result<void> {
                      SPORVAKT_TRY(transaction.put(file->table("contacts"), encode(row.key),
                                                   encode_value(row)));
                      return transaction.put(file->table("meta"), as_bytes("format"),
                                             ByteWriter().u64(1).result());
                  })
                  .has_value());
    }
    LiveRows live;
    for (const auto access :
         {store::Access::ReadOnly, store::Access::ReadWrite, store::Access::ReadOnly}) {
        const StoredReports reports(test::value_of(open_ledger_file(path, access)), live);
        LONGS_EQUAL(1, test::value_of(reports.totals(everything())).prevented);
        LONGS_EQUAL(1, test::value_of(reports.contacts(everything(), "", 10)).contacts.size());
    }
    const auto file = test::value_of(open_ledger_file(path, store::Access::ReadWrite));
    const auto ledger = test::value_of(Ledger::open(file, keeping(hours(24), hours(24 * 365))));
    CHECK(ledger->commit(minute(26 * 60)).has_value());
    const StoredReports reports(file, live);
    LONGS_EQUAL(1, test::value_of(reports.totals(everything())).prevented);
    LONGS_EQUAL(1, *test::value_of(file->begin_read()).count(file->table(kDaysTable)));
}

// The keeper commits, is killed and opens again in any order, in steps of any size.
TEST(Retention, AgreesWithAPlainModelForMonths) {
    for (const unsigned seed : {1U, 2U, 3U}) {
        std::mt19937 random(seed);
        constexpr int kSummedDays = 20;
        LedgerBuilder keeper(keeping(hours(48), hours(24 * kSummedDays), 1 + random() % 40));
        Model model;
        Timestamp now = kMidnight;
        while (now < kMidnight + hours(24 * 45)) {
            now += std::chrono::minutes(random() % 600);
            keeper.set_now(now);
            std::vector<Sighting> sightings(random() % 12);
            for (Sighting& sighting : sightings) {
                sighting = any_sighting(random, now);
                model.add(sighting);
            }
            keeper.add(sightings);
            switch (random() % 4) {
                case 0:
                    keeper.commit();
                    break;
                case 1:
                    keeper.secure();
                    keeper.reopen();
                    break;
                default:
                    keeper.tell();
            }
            if (random() % 8 == 0) {
                keeper.tell();
                Filter filter = everything();
                filter.to = std::chrono::floor<std::chrono::days>(now) + hours(24);
                filter.from = std::max(filter.to - hours(24 * kSummedDays), kMidnight);
                check_same(keeper.reports(), model, filter);
                check_pages(keeper.reports(), filter);
                filter.device = test::device(1);
                filter.outcome = Outcome::Leaked;
                check_same(keeper.reports(), model, filter);
                filter.name_contains = "n3";
                check_same(keeper.reports(), model, filter);
            }
        }
        CHECK(day_rows(keeper) > 0);
    }
}
