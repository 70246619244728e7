#include "firmware/commands/commands.h"
#include "tests/support/temporary_folder.h"

#include <fstream>
#include <string>

#include <CLI/CLI.hpp>

#include <CppUTest/TestHarness.h>

TEST_GROUP(RunCommand) {
    sporvakt::test::TemporaryFolder folder;
    int exit_code = -1;

    void run(const std::string& text) {
        std::ofstream(folder.file("sporvakt.toml")) << text;
        CLI::App app;
        sporvakt::firmware::add_run_command(app, exit_code);
        app.parse("run --config " + folder.file("sporvakt.toml"));
    }
};

TEST(RunCommand, RefusesAWrongConfiguration) {
    run("[dns]\nlisen = 1\n");

    LONGS_EQUAL(78, exit_code);
}

TEST(RunCommand, RefusesAMissingConfiguration) {
    CLI::App app;
    sporvakt::firmware::add_run_command(app, exit_code);

    app.parse("run --config " + folder.file("missing.toml"));

    LONGS_EQUAL(78, exit_code);
}

TEST(RunCommand, SaysWhenItsAddressCannotBeHad) {
    run("[dns]\nlisten = [\"192.0.2.1:5300\"]\n[storage]\ndir = \"" + folder.path() + "\"\n");

    LONGS_EQUAL(69, exit_code);
}
