#include "core/ledger/order_message.h"
#include "firmware/commands/commands.h"
#include "firmware/history/storage_lock.h"
#include "firmware/household_file.h"
#include "tests/support/command_run.h"
#include "tests/support/firmware/stored_household.h"

#include <chrono>
#include <stop_token>
#include <string>
#include <thread>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using test::CommandRun;
using test::SightingBuilder;

TEST_GROUP(EraseCommand) {
    test::TemporaryFolder folder;

    void setup() override {
        test::store_household(folder, {SightingBuilder().name("one.example").build(),
                                       SightingBuilder().by(2).name("other.example").build()});
    }
    CommandRun run(const std::string& arguments, const std::string& typed = {}) const {
        return {firmware::add_erase_command, "erase " + arguments + " --dir " + folder.path(),
                typed};
    }
    std::uint64_t stored() const {
        const auto file = test::value_of(
            ledger::open_ledger_file(folder.file("ledger.mdb"), store::Access::ReadOnly));
        ledger::LiveRows rows;
        CHECK_TRUE(ledger::read_journal(file, rows).has_value());
        return test::value_of(ledger::StoredReports(file, rows).totals(test::everything()))
            .prevented;
    }
};

TEST(EraseCommand, ErasesADeviceAfterAskingAndSaysWhat) {
    const CommandRun done = run("--device 3c:22:fb:00:00:01", "yes\n");
    LONGS_EQUAL(0, done.exit_code);
    STRCMP_CONTAINS("contacts of 3c:22:fb:00:00:01: 1 are stored.", done.out.c_str());
    STRCMP_CONTAINS("Erased: contacts of 3c:22:fb:00:00:01.", done.out.c_str());
    LONGS_EQUAL(1, stored());
    LONGS_EQUAL(0, run("--all --yes").exit_code);
    LONGS_EQUAL(0, stored());
}

TEST(EraseCommand, ErasesATime) {
    const CommandRun done = run("--from 2026-11-21 --to 2026-11-22 --yes");
    STRCMP_CONTAINS("all contacts from 2026-11-21T00:00:00.000Z until 2026-11-22T00:00:00.000Z: 2",
                    done.out.c_str());
    LONGS_EQUAL(0, stored());
}

TEST(EraseCommand, ErasesNothingUnlessItIsSure) {
    for (const char* const typed : {"", "no\n", "y\n"}) {
        const CommandRun done = run("--all", typed);
        LONGS_EQUAL(1, done.exit_code);
        STRCMP_CONTAINS("Nothing was erased", done.out.c_str());
    }
    LONGS_EQUAL(2, stored());
}

TEST(EraseCommand, WantsToKnowWhat) {
    for (const char* const arguments :
         {"--yes", "--all --device 3c:22:fb:00:00:01 --yes", "--device toaster --yes",
          "--from tomorrow --yes", "--from 2026-11-22 --to 2026-11-21 --yes"}) {
        LONGS_EQUAL(64, run(arguments).exit_code);
    }
    LONGS_EQUAL(2, stored());
}

TEST(EraseCommand, LeavesItToAGatewayThatRuns) {
    const auto gateway = firmware::StorageLock::take(folder.path(), std::chrono::milliseconds(0));
    CHECK_TRUE(gateway->has_value());
    auto file =
        test::value_of(firmware::HouseholdFile::open(folder.path(), store::Access::ReadWrite));
    std::vector<ledger::Order> taken;
    const auto answer_with = [&](const char* failure) {
        return std::jthread([&, failure](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                for (const auto& left : test::value_of(file.waiting_orders())) {
                    taken.push_back(*ledger::parse_order(left.order));
                    CHECK_TRUE(file.answer_order(left.id, failure).has_value());
                }
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
        });
    };
    {
        const auto keeper = answer_with("");
        LONGS_EQUAL(0, run("--device 3c:22:fb:00:00:01 --yes").exit_code);
    }
    LONGS_EQUAL(1, taken.size());
    CHECK(taken[0] == ledger::Order(ledger::EraseHistory{{test::device(1), {}, {}}}));
    LONGS_EQUAL(2, stored());  // not by the command itself
    const auto keeper = answer_with("the disk is full");
    const CommandRun refused = run("--all --yes");
    LONGS_EQUAL(1, refused.exit_code);
    STRCMP_CONTAINS("the disk is full", refused.errors.c_str());
    LONGS_EQUAL(0, test::value_of(file.waiting_orders()).size());
}
