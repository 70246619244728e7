#include "firmware/commands/commands.h"

#include <CLI/CLI.hpp>

#include <CppUTest/TestHarness.h>

TEST_GROUP(VersionCommand){};

TEST(VersionCommand, SucceedsWhenNamed) {
    CLI::App app;
    int exit_code = 1;
    sporvakt::firmware::add_version_command(app, exit_code);

    app.parse("version");

    LONGS_EQUAL(0, exit_code);
}
