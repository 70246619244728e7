#include "firmware/commands/commands.h"
#include "tests/support/command_run.h"
#include "tests/support/firmware/stored_household.h"

#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using test::CommandRun;
using test::SightingBuilder;

TEST_GROUP(ReportCommand) {
    test::TemporaryFolder folder;
    int exit_code = -1;
    std::string output;
    std::string errors;

    /// What the gateway would have left: one contact of one device with a name.
    void make_data() const {
        test::store_household(folder, {SightingBuilder().build()});
    }
    void run(const std::string& arguments) {
        CommandRun done(firmware::add_report_command, "report " + arguments);
        exit_code = done.exit_code;
        output = done.out;
        errors = done.errors;
    }
    void run_here(const std::string& arguments) {
        run("--dir " + folder.path() + " " + arguments);
    }
};

TEST(ReportCommand, PrintsTheMatrixAsCsv) {
    make_data();
    run_here("--from 2026-11-21 --to 2026-11-22");

    LONGS_EQUAL(0, exit_code);
    CHECK(output.find("device_id,device_name,") == 0);
    CHECK(output.find("3c:22:fb:00:00:01,Nettbrett,") != std::string::npos);
    CHECK(output.find(",1,0,0,0\r\n") != std::string::npos);
}

TEST(ReportCommand, PrintsTheMatrixAsJson) {
    make_data();
    run_here("--from 2026-11-21 --to 2026-11-22 --format json");

    LONGS_EQUAL(0, exit_code);
    CHECK(output.find("\"prevented\": 1") != std::string::npos);
}

TEST(ReportCommand, LeavesOutWhatIsOutsideTheTime) {
    make_data();
    run_here("--from 2026-11-20 --to 2026-11-21T14:00:00Z");

    LONGS_EQUAL(0, exit_code);
    CHECK(output.find("3c:22") == std::string::npos);
}

TEST(ReportCommand, SaysThatATimeIsWrong) {
    run_here("--from tomorrow");

    LONGS_EQUAL(64, exit_code);
    CHECK(errors.find("--from 'tomorrow'") != std::string::npos);
}

TEST(ReportCommand, SaysThatThereIsNoDataYet) {
    run_here("");

    LONGS_EQUAL(1, exit_code);
    CHECK(errors.find("ledger.mdb") != std::string::npos);
    CHECK(errors.find("does not exist") != std::string::npos);
}

TEST(ReportCommand, SaysThatTheConfigurationIsMissing) {
    run("--config " + folder.file("missing.toml"));

    LONGS_EQUAL(78, exit_code);
    CHECK(errors.find("missing.toml") != std::string::npos);
}

TEST(ReportCommand, FindsTheDataThroughTheConfiguration) {
    make_data();
    std::ofstream(folder.file("sporvakt.toml")) << "[storage]\ndir = \"" << folder.path() << "\"\n";
    run("--config " + folder.file("sporvakt.toml") + " --from 2026-11-21 --to 2026-11-22");

    LONGS_EQUAL(0, exit_code);
    CHECK(output.find("Nettbrett") != std::string::npos);
}

TEST(ReportCommand, KnowsTwoFormats) {
    run_here("--format xml");

    LONGS_EQUAL(64, exit_code);
}
