#include "core/ledger/ledger.h"

#include "core/base/byte_writer.h"
#include "core/ledger/fields.h"
#include "tests/support/full_disk.h"
#include "tests/support/ledger_builder.h"

#include <filesystem>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;
using test::batch;
using test::everything;
using test::LedgerBuilder;
using test::minute;
using test::SightingBuilder;

TEST_GROUP(Ledger) {
    LedgerBuilder keeper;

    static std::uint64_t prevented(const LedgerBuilder& of) {
        return test::value_of(of.reports().totals(everything())).prevented;
    }
    static std::uint64_t attempts(const LedgerBuilder& of) {
        return test::value_of(of.reports().totals(everything())).prevented_attempts;
    }
    Taken apply(const Batch& one) {
        return test::value_of(keeper.ledger().apply(one, minute(0)));
    }
};

TEST(Ledger, CountsWhatIsCommitted) {
    keeper.add({SightingBuilder().build()});
    LONGS_EQUAL(1, keeper.ledger().pending());
    keeper.commit();

    LONGS_EQUAL(0, keeper.ledger().pending());
    LONGS_EQUAL(1, prevented(keeper));
}

TEST(Ledger, AddsToARowThatIsOnDisk) {
    keeper.add({SightingBuilder().build()});
    keeper.commit();
    keeper.add({SightingBuilder().build(), SightingBuilder().at(minute(10)).build()});
    keeper.commit();

    LONGS_EQUAL(2, prevented(keeper));
    LONGS_EQUAL(3, attempts(keeper));
}

TEST(Ledger, ForgetsWithTheProcessWhatIsNotCommitted) {
    keeper.add({SightingBuilder().build()});
    keeper.commit();
    keeper.add({SightingBuilder().by(2).build()});
    keeper.reopen();

    LONGS_EQUAL(1, prevented(keeper));
    LONGS_EQUAL(1, keeper.ledger().committed(1));
}

TEST(Ledger, CountsABatchThatIsSentAgainAfterAKillOnce) {
    keeper.add({SightingBuilder().build()});
    keeper.commit();
    keeper.add({SightingBuilder().build()});
    keeper.reopen();

    CHECK(apply(batch(1, {SightingBuilder().build()})) == Taken::Repeated);
    CHECK(apply(batch(2, {SightingBuilder().build()})) == Taken::Added);
    keeper.commit();
    LONGS_EQUAL(2, attempts(keeper));
}

TEST(Ledger, CountsARepeatedBatchOnceBeforeTheCommitToo) {
    CHECK(apply(batch(1, {SightingBuilder().build()})) == Taken::Added);
    CHECK(apply(batch(1, {SightingBuilder().build()})) == Taken::Repeated);
    keeper.commit();

    LONGS_EQUAL(1, attempts(keeper));
}

TEST(Ledger, DoesNotSkipABatch) {
    CHECK(apply(batch(1, {})) == Taken::Added);
    CHECK(apply(batch(3, {SightingBuilder().build()})) == Taken::Ahead);

    LONGS_EQUAL(1, keeper.ledger().applied(1));
    LONGS_EQUAL(0, keeper.ledger().pending());
}

TEST(Ledger, WaitsForTheFirstBatchOfASenderItDoesNotKnow) {
    CHECK(apply(batch(2, {})) == Taken::Ahead);
    CHECK(apply(batch(1, {})) == Taken::Added);
    CHECK(apply(batch(2, {})) == Taken::Added);
}

TEST(Ledger, GoesOnWithoutBatchesThatTheSenderHasNoMoreAndCountsThem) {
    CHECK(apply(batch(1, {})) == Taken::Added);
    Batch later = batch(5, {SightingBuilder().build()});
    later.oldest = 5;

    CHECK(apply(later) == Taken::Added);
    LONGS_EQUAL(3, keeper.ledger().dropped());
}

TEST(Ledger, ASenderThatBeganAnewCountsFromOneAgain) {
    CHECK(apply(batch(1, {SightingBuilder().build()})) == Taken::Added);
    Batch again = batch(1, {SightingBuilder().build()});
    again.sender = 2;

    CHECK(apply(again) == Taken::Added);
    keeper.commit();
    LONGS_EQUAL(2, attempts(keeper));
}

TEST(Ledger, TakesUpWithASenderAfterItsOwnFileWasLost) {
    Batch late = batch(57, {SightingBuilder().build()});
    late.oldest = 57;

    CHECK(apply(late) == Taken::Added);
    LONGS_EQUAL(0, keeper.ledger().dropped());
}

TEST(Ledger, CommitsBatchesWithoutSightingsToo) {
    CHECK(apply(batch(1, {})) == Taken::Added);
    keeper.commit();

    LONGS_EQUAL(1, keeper.ledger().committed(1));
    keeper.reopen();
    LONGS_EQUAL(1, keeper.ledger().committed(1));
}

TEST(Ledger, DoesNotTouchTheDiskWithoutNews) {
    keeper.add({SightingBuilder().build()});
    keeper.commit();
    const auto before = test::value_of(keeper.environment().begin_read());
    const std::uint64_t rev = *committed_rev(keeper.environment(), before);
    keeper.set_now(minute(5));
    keeper.commit();

    LONGS_EQUAL(rev, *committed_rev(keeper.environment(), *keeper.environment().begin_read()));
}

TEST(Ledger, RefusesABatchForWhichThereIsNoRoomUntilTheCommit) {
    Ledger::Options options;
    options.pending_rows_max = 2;
    LedgerBuilder small(options);
    CHECK(small.add({SightingBuilder().build(), SightingBuilder().by(2).build()}) == Taken::Added);
    const Batch next = batch(2, {SightingBuilder().by(3).build()});

    CHECK(*small.ledger().apply(next, minute(0)) == Taken::Full);
    small.commit();
    CHECK(*small.ledger().apply(next, minute(0)) == Taken::Added);
}

TEST(Ledger, AddsUpNamesThatADeviceMakesUpWithoutEnd) {
    Ledger::Options options;
    options.names_per_device_hour_max = 3;
    LedgerBuilder limited(options);
    for (int i = 0; i < 10; ++i) {
        limited.add({SightingBuilder().name("n" + std::to_string(i) + ".example").build()});
        limited.commit();
    }
    limited.add({SightingBuilder().by(2).build()});
    limited.add({SightingBuilder().at(minute(60)).build()});
    limited.commit();

    LONGS_EQUAL(12, attempts(limited));
    LONGS_EQUAL(3 + 1 + 1 + 1, prevented(limited));
    Filter others = everything();
    others.name_contains = Ledger::kOtherNames;
    LONGS_EQUAL(7, limited.reports().totals(others)->prevented_attempts);
}

TEST(Ledger, ForgetsWholeHoursThatAreTooOld) {
    Ledger::Options options;
    options.retention.detailed = std::chrono::hours(2);
    options.retention.summed = std::chrono::hours(0);
    LedgerBuilder forgetful(options);
    forgetful.add({SightingBuilder().at(minute(59)).build(),
                   SightingBuilder().at(minute(60)).build(),
                   SightingBuilder().at(minute(179)).build()});
    forgetful.commit();
    LONGS_EQUAL(3, prevented(forgetful));

    forgetful.set_now(minute(180));  // 17:00: what began before 15:00 goes
    forgetful.commit();
    LONGS_EQUAL(2, prevented(forgetful));
    forgetful.set_now(minute(239));
    forgetful.commit();
    LONGS_EQUAL(2, prevented(forgetful));
    forgetful.set_now(minute(240));
    forgetful.commit();
    LONGS_EQUAL(1, prevented(forgetful));
}

TEST(Ledger, ForgetsInSteps) {
    Ledger::Options options;
    options.retention.detailed = std::chrono::hours(1);
    options.retention.summed = std::chrono::hours(0);
    options.retention.rows_per_step = 5;
    LedgerBuilder forgetful(options);
    for (int hour = 0; hour < 4; ++hour) {
        for (std::uint8_t number = 0; number < 4; ++number) {
            forgetful.add({SightingBuilder().at(minute(60 * hour)).by(number).build()});
        }
    }
    forgetful.commit();

    forgetful.set_now(minute(60 * 24));
    forgetful.commit();
    LONGS_EQUAL(8, prevented(forgetful));  // two whole hours: the first left room for more
    forgetful.commit();
    LONGS_EQUAL(0, prevented(forgetful));
}

TEST(Ledger, ForgetsTheOldestHoursRatherThanTakeMoreRoom) {
    Ledger::Options options;
    options.retention.bytes_max = 64 * 1024;
    LedgerBuilder small(options);
    for (int hour = 0; hour < 20; ++hour) {
        for (std::uint8_t number = 0; number < 50; ++number) {
            small.add({SightingBuilder().at(minute(60 * hour)).by(number).build()});
        }
        small.commit();
    }

    const auto read = test::value_of(small.environment().begin_read());
    CHECK(*read.bytes_in(small.environment().table(kContactsTable)) <= options.retention.bytes_max);
    Filter newest = everything();
    newest.from = minute(60 * 19);
    LONGS_EQUAL(50, small.reports().totals(newest)->prevented);
    LONGS_EQUAL(0, prevented(small) % 50);  // no hour was halved
}

TEST(Ledger, RevGrowsWithEveryChangeEvenWhenTheClockGoesBack) {
    const auto rev = [&] {
        return *committed_rev(keeper.environment(), *keeper.environment().begin_read());
    };
    keeper.add({SightingBuilder().build()});
    keeper.commit();
    const std::uint64_t first = rev();
    LONGS_EQUAL(milliseconds_of(minute(0)), first);

    keeper.reopen();
    keeper.set_now(minute(-600));
    keeper.add({SightingBuilder().build()});
    keeper.commit();
    LONGS_EQUAL(first + 1, rev());
}

TEST(Ledger, RemembersWhichHoursChangedAndWhen) {
    keeper.add({SightingBuilder().at(minute(0)).build(), SightingBuilder().at(minute(60)).build()});
    keeper.commit();
    keeper.set_now(minute(61));
    keeper.add({SightingBuilder().at(minute(61)).build()});
    keeper.commit();

    const auto read = test::value_of(keeper.environment().begin_read());
    const store::Table changed = keeper.environment().table(kChangedHoursTable);
    const auto rev_of = [&](Timestamp at) {
        const auto hours = static_cast<std::uint32_t>(hour_of(at).time_since_epoch().count());
        const auto stored = *read.get(changed, ByteWriter().u32(hours).result());
        return stored ? *ByteReader(*stored).u64() : 0;
    };
    LONGS_EQUAL(2, *read.count(changed));
    LONGS_EQUAL(milliseconds_of(minute(0)), rev_of(minute(0)));
    LONGS_EQUAL(milliseconds_of(minute(61)), rev_of(minute(60)));
}

TEST(Ledger, ForgetsTheSenderThatIsSilentForLongest) {
    for (std::uint64_t sender = 1; sender <= 17; ++sender) {
        Batch first = batch(1, {});
        first.sender = sender;
        CHECK(*keeper.ledger().apply(first, minute(static_cast<int>(sender))) == Taken::Added);
    }
    keeper.commit();
    keeper.reopen();

    LONGS_EQUAL(0, keeper.ledger().committed(1));
    LONGS_EQUAL(1, keeper.ledger().committed(2));
    LONGS_EQUAL(1, keeper.ledger().committed(17));
}

TEST(Ledger, SumsWhatSendersSayTheyDropped) {
    Batch first = batch(1, {});
    first.dropped = 5;
    CHECK(apply(first) == Taken::Added);
    Batch second = batch(2, {});
    second.dropped = 7;  // since its start, not since the first
    CHECK(apply(second) == Taken::Added);
    Batch other = batch(1, {});
    other.sender = 2;
    other.dropped = 1;
    CHECK(apply(other) == Taken::Added);

    LONGS_EQUAL(8, keeper.ledger().dropped());
}

TEST(Ledger, TellsOfEachChangeOnce) {
    keeper.add({SightingBuilder().build()});
    LONGS_EQUAL(1, keeper.tell().size());
    LONGS_EQUAL(0, keeper.tell().size());

    keeper.add({SightingBuilder().build(), SightingBuilder().at(minute(10)).build()});
    keeper.commit();
    LONGS_EQUAL(2, keeper.tell().size());
}

TEST(Ledger, TellsANewReaderAllThatIsPendingWithoutCallingItNews) {
    keeper.add({SightingBuilder().build()});
    keeper.tell();
    LiveRows other;
    for (const auto& message : keeper.ledger().pending_changes()) {
        LONGS_EQUAL(0, other.apply(message)->size());
    }

    LONGS_EQUAL(1, other.size());
    LONGS_EQUAL(0, keeper.tell().size());
}

TEST(Ledger, KeepsEverythingPendingWhenTheDiskIsFull) {
    for (std::uint8_t number = 0; number < 200; ++number) {
        keeper.add({SightingBuilder().by(number).build()});
    }
    {
        const test::FullDisk disk(16 * 1024);
        CHECK(keeper.ledger().commit(minute(0)).error().code == Errc::Storage);
    }
    LONGS_EQUAL(200, keeper.ledger().pending());
    LONGS_EQUAL(0, keeper.ledger().committed(1));
    LONGS_EQUAL(0, prevented(keeper));

    keeper.commit();
    LONGS_EQUAL(200, prevented(keeper));
    LONGS_EQUAL(200, keeper.ledger().committed(1));
}

TEST(Ledger, SecuredBatchesSurviveTheProcessWithoutACommit) {
    keeper.add({SightingBuilder().build()});
    keeper.secure();
    LONGS_EQUAL(1, keeper.ledger().committed(1));
    keeper.add({SightingBuilder().by(2).build()});
    keeper.reopen();

    LONGS_EQUAL(1, keeper.ledger().committed(1));
    LONGS_EQUAL(1, prevented(keeper));
    CHECK(apply(batch(1, {SightingBuilder().build()})) == Taken::Repeated);
    keeper.commit();
    LONGS_EQUAL(1, attempts(keeper));
}

TEST(Ledger, ASecuredBatchIsNotYetInTheFile) {
    keeper.add({SightingBuilder().build()});
    keeper.secure();

    LONGS_EQUAL(0, prevented(keeper));  // nobody told the live rows
    keeper.tell();
    LONGS_EQUAL(1, prevented(keeper));
    LONGS_EQUAL(1, keeper.ledger().pending());
}

TEST(Ledger, ACommitEmptiesTheJournal) {
    keeper.add({SightingBuilder().build()});
    keeper.secure();
    CHECK(std::filesystem::file_size(keeper.journal()) > 0);
    keeper.commit();

    LONGS_EQUAL(0, std::filesystem::file_size(keeper.journal()));
    keeper.reopen();
    LONGS_EQUAL(1, attempts(keeper));
}

TEST(Ledger, CountsOnceWhenItIsKilledBetweenTheCommitAndTheEmptying) {
    keeper.add({SightingBuilder().build()});
    keeper.add({SightingBuilder().build()});
    keeper.secure();
    const std::string copy = keeper.journal() + "-copy";
    std::filesystem::copy_file(keeper.journal(), copy);
    keeper.commit();
    std::filesystem::copy_file(copy, keeper.journal(),
                               std::filesystem::copy_options::overwrite_existing);
    keeper.reopen();

    LONGS_EQUAL(2, attempts(keeper));
    LONGS_EQUAL(0, keeper.ledger().pending());
    keeper.commit();
    LONGS_EQUAL(2, attempts(keeper));
}

TEST(Ledger, SecuringCommitsWhenAnHourHasGone) {
    keeper.add({SightingBuilder().build()});
    keeper.secure();
    keeper.set_now(minute(59));
    keeper.secure();
    LONGS_EQUAL(1, keeper.ledger().pending());

    keeper.set_now(minute(60));
    keeper.secure();
    LONGS_EQUAL(0, keeper.ledger().pending());
    LONGS_EQUAL(1, prevented(keeper));
}

TEST(Ledger, SecuringCommitsWhenMuchIsPending) {
    Ledger::Options options;
    options.pending_rows_max = 4;
    LedgerBuilder small(options);
    for (std::uint8_t number = 0; number < 3; ++number) {
        small.add({SightingBuilder().by(number).build()});
    }
    small.secure();

    LONGS_EQUAL(0, small.ledger().pending());
}

TEST(Ledger, SecuringGoesOnAfterTheClockWasSetBack) {
    keeper.set_now(minute(600));
    keeper.add({SightingBuilder().build()});
    keeper.secure();
    keeper.set_now(minute(0));
    keeper.secure();
    keeper.set_now(minute(60));
    keeper.secure();

    LONGS_EQUAL(0, keeper.ledger().pending());
}

TEST(Ledger, KeepsBatchesThatItCouldNotSecure) {
    keeper.add({SightingBuilder().build()});
    {
        const test::FullDisk disk(16);
        CHECK(keeper.ledger().secure(minute(0)).error().code == Errc::Storage);
    }
    LONGS_EQUAL(0, keeper.ledger().committed(1));

    keeper.secure();
    LONGS_EQUAL(1, keeper.ledger().committed(1));
    keeper.reopen();
    LONGS_EQUAL(1, attempts(keeper));
}

TEST(Ledger, RefusesBatchesWhenTooMuchIsUnsafe) {
    Ledger::Options options;
    options.unsecured_bytes_max = 100;
    LedgerBuilder careful(options);
    CHECK(careful.add({SightingBuilder().build()}) == Taken::Added);
    CHECK(*careful.ledger().apply(batch(2, {}), minute(0)) == Taken::Full);

    careful.secure();
    CHECK(*careful.ledger().apply(batch(2, {}), minute(0)) == Taken::Added);
}

TEST(Ledger, AReaderWithoutAKeeperFindsWhatIsInTheJournal) {
    keeper.add({SightingBuilder().build()});
    keeper.commit();
    keeper.add({SightingBuilder().build(), SightingBuilder().by(2).build()});
    keeper.secure();
    LiveRows live;
    const StoredReports reports(keeper.shared_environment(), live);
    LONGS_EQUAL(1, reports.totals(everything())->prevented_attempts);

    CHECK_TRUE(read_journal(keeper.shared_environment(), live).has_value());
    LONGS_EQUAL(3, reports.totals(everything())->prevented_attempts);
    LONGS_EQUAL(2, reports.totals(everything())->prevented);
}
