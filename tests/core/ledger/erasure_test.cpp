#include "core/ledger/erasure.h"

#include "tests/support/ledger_builder.h"

#include <fstream>
#include <iterator>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using ledger::Erasure;
using test::device;
using test::minute;
using test::SightingBuilder;

// Through Ledger::erase, over a file that a test can read byte by byte.
TEST_GROUP(Erasures) {
    test::TemporaryFolder folder;
    std::shared_ptr<store::Environment> file;
    std::unique_ptr<ledger::Ledger> ledger;
    ledger::LiveRows live;
    std::uint64_t number = 0;

    void setup() override {
        file = test::value_of(
            ledger::open_ledger_file(folder.file("ledger.mdb"), store::Access::ReadWrite));
        ledger = test::value_of(ledger::Ledger::open(file, {}));
        add(1, "secret-one.example", minute(0));
        add(2, "secret-two.example", minute(10));
        add(1, "secret-later.example", minute(60));
    }
    void teardown() override {
        ledger.reset();
        file.reset();
    }
    void add(std::uint8_t who, const char* name, Timestamp at) {
        test::value_of(ledger->apply(
            test::batch(++number, {SightingBuilder().by(who).name(name).at(at).build()}), at));
    }
    void erase(const Erasure& erasure) {
        const auto done = ledger->erase(erasure, minute(70));
        CHECK_TEXT(done.has_value(), done ? "" : done.error().message.c_str());
    }
    /// In the bytes of the ledger or its journal.
    bool is_on_disk(const std::string& name) const {
        for (const char* const which : {"ledger.mdb", "ledger.mdb-journal", "ledger.mdb-lock"}) {
            std::ifstream stream(folder.file(which), std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
            if (bytes.find(name) != std::string::npos) {
                return true;
            }
        }
        return false;
    }
    std::uint64_t contacts() {
        const ledger::StoredReports reports(file, live);
        ledger::Filter filter;
        filter.from = minute(-600);
        filter.to = minute(600);
        return test::value_of(reports.totals(filter)).prevented;
    }
};

TEST(Erasures, OfADeviceLeaveNothingOfItOnDiskAndAllOfOthers) {
    CHECK_TRUE(ledger->secure(minute(61)).has_value());  // in the journal
    CHECK_TRUE(is_on_disk("secret-one"));
    CHECK_TRUE(ledger->commit(minute(62)).has_value());  // in the file
    add(1, "secret-last.example", minute(62));           // nowhere yet
    erase({device(1), std::nullopt, std::nullopt});
    for (const char* const name : {"secret-one", "secret-later", "secret-last"}) {
        CHECK_TEXT(!is_on_disk(name), name);
    }
    CHECK_TRUE(is_on_disk("secret-two"));
    LONGS_EQUAL(1, contacts());
}

TEST(Erasures, OfATimeTakeItsWholeHours) {
    erase({std::nullopt, minute(5), minute(59)});
    CHECK_FALSE(is_on_disk("secret-one"));
    CHECK_FALSE(is_on_disk("secret-two"));
    CHECK_TRUE(is_on_disk("secret-later"));
    erase({std::nullopt, minute(120), std::nullopt});
    LONGS_EQUAL(1, contacts());
    erase({std::nullopt, std::nullopt, minute(60)});  // its hour is not included
    LONGS_EQUAL(1, contacts());
}

TEST(Erasures, OfEverythingLeaveAnEmptyLedgerThatGoesOn) {
    erase({});
    CHECK_FALSE(is_on_disk("secret"));
    LONGS_EQUAL(0, contacts());
    add(1, "new.example", minute(71));
    CHECK_TRUE(ledger->commit(minute(72)).has_value());
    LONGS_EQUAL(1, contacts());
}

TEST(Erasures, ReachTheSumsOfDaysAndTakeThemWhole) {
    CHECK_TRUE(ledger->commit(minute(61)).has_value());
    ledger.reset();
    ledger::Ledger::Options options;
    options.retention.detailed = std::chrono::hours(24);
    ledger = test::value_of(ledger::Ledger::open(file, options));
    CHECK_TRUE(ledger->commit(minute(27 * 60)).has_value());  // all three are sums now
    LONGS_EQUAL(3, contacts());
    erase({device(1), std::nullopt, minute(5)});
    CHECK_FALSE(is_on_disk("secret-one"));
    CHECK_FALSE(is_on_disk("secret-later"));  // of the same day
    CHECK_TRUE(is_on_disk("secret-two"));
    LONGS_EQUAL(1, contacts());
    erase({std::nullopt, minute(24 * 60), std::nullopt});  // another day
    LONGS_EQUAL(1, contacts());
    erase({std::nullopt, minute(5), minute(6)});
    CHECK_FALSE(is_on_disk("secret-two"));
    LONGS_EQUAL(0, contacts());
}

TEST(Erasures, StayAfterTheLedgerIsOpenedAgain) {
    erase({device(2), std::nullopt, std::nullopt});
    ledger.reset();
    file.reset();
    file = test::value_of(
        ledger::open_ledger_file(folder.file("ledger.mdb"), store::Access::ReadWrite));
    ledger = test::value_of(ledger::Ledger::open(file, {}));
    LONGS_EQUAL(2, contacts());
    // What its sender sends again is known by its number.
    number = 1;
    add(2, "secret-two.example", minute(10));
    LONGS_EQUAL(2, contacts());
}
