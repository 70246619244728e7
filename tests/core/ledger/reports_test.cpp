#include "core/ledger/reports.h"

#include "tests/support/sighting_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::ledger;
using sporvakt::test::minute;

TEST_GROUP(Totals){static Contact contact(Outcome outcome, std::uint64_t attempts){Contact made;
made.outcome = outcome;
made.attempts = attempts;
made.bytes_up = 10;
made.bytes_down = 100;
made.last = minute(3);
return made;
}
}
;

TEST(Totals, CountContactsAndTheirAttemptsByOutcome) {
    Totals totals;
    totals += contact(Outcome::Prevented, 4);
    totals += contact(Outcome::Leaked, 2);
    totals += contact(Outcome::Leaked, 3);

    LONGS_EQUAL(1, totals.prevented);
    LONGS_EQUAL(4, totals.prevented_attempts);
    LONGS_EQUAL(2, totals.leaked);
    LONGS_EQUAL(5, totals.leaked_flows);
    LONGS_EQUAL(30, totals.bytes_up);
    LONGS_EQUAL(300, totals.bytes_down);
}

TEST(Totals, KeepTheNewestTime) {
    Totals totals;
    totals += contact(Outcome::Leaked, 1);
    Contact older = contact(Outcome::Leaked, 1);
    older.last = minute(1);
    totals += older;

    CHECK(totals.last == minute(3));
}
