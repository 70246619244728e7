#include "core/devices/device_store.h"
#include "core/ledger/ledger.h"
#include "core/ledger/ledger_file.h"
#include "firmware/commands/commands.h"
#include "tests/support/ledger_builder.h"

#include <cstdio>
#include <fstream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using test::minute;
using test::SightingBuilder;

namespace {

/// Lets what the process prints go to a file for a while.
class Capture {
public:
    Capture(std::FILE* stream, std::string path) : stream_(stream), path_(std::move(path)) {
        std::fflush(stream_);
        before_ = dup(fileno(stream_));
        std::FILE* const file = std::fopen(path_.c_str(), "w");
        dup2(fileno(file), fileno(stream_));
        std::fclose(file);
    }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;
    Capture(Capture&&) = delete;
    Capture& operator=(Capture&&) = delete;
    ~Capture() { end(); }

    std::string end() {
        if (before_ >= 0) {
            std::fflush(stream_);
            dup2(before_, fileno(stream_));
            close(before_);
            before_ = -1;
        }
        std::ostringstream text;
        text << std::ifstream(path_).rdbuf();
        return text.str();
    }

private:
    std::FILE* stream_;
    std::string path_;
    int before_ = -1;
};

}  // namespace

TEST_GROUP(ReportCommand) {
    test::TemporaryFolder folder;
    int exit_code = -1;
    std::string output;
    std::string errors;

    /// What the gateway would have left: one contact of one device with a name.
    void make_data() {
        auto file = test::value_of(
            ledger::open_ledger_file(folder.file("ledger.mdb"), store::Access::ReadWrite));
        auto ledger = test::value_of(ledger::Ledger::open(file, {}));
        test::value_of(ledger->apply(test::batch(1, {SightingBuilder().build()}), minute(0)));
        CHECK_TRUE(ledger->secure(minute(0)).has_value());

        store::EnvironmentOptions options;
        options.access = store::Access::ReadWrite;
        options.tables.emplace_back(devices::DeviceStore::kTableName);
        auto household =
            test::value_of(store::Environment::open(folder.file("household.mdb"), options));
        const devices::DeviceStore devices(household->table(devices::DeviceStore::kTableName));
        devices::Device device;
        device.id = test::device(1);
        device.given_name = "Nettbrett";
        CHECK_TRUE(household
                       ->update([&](store::WriteTransaction& transaction) {
                           return devices.save(transaction, device);
                       })
                       .has_value());
    }

    void run(const std::string& arguments) {
        CLI::App app;
        firmware::add_report_command(app, exit_code);
        Capture out(stdout, folder.file("stdout"));
        Capture err(stderr, folder.file("stderr"));
        app.parse("report " + arguments, false);
        output = out.end();
        errors = err.end();
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
    CHECK_THROWS(CLI::ValidationError, run_here("--format xml"));
}
