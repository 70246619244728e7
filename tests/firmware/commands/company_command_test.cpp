#include "firmware/commands/commands.h"
#include "tests/support/command_run.h"

#include <string>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using sporvakt::firmware::add_company_command;
using sporvakt::test::CommandRun;
using sporvakt::test::TemporaryFolder;

// By the facts that are shipped: share/sporvakt beside the program, as when it runs.
TEST_GROUP(CompanyCommand) {
    TemporaryFolder folder;

    CommandRun run(const std::string& arguments) const {
        return {add_company_command, "company " + arguments + " --dir " + folder.path()};
    }
};

TEST(CompanyCommand, SaysWhoOwnsWhatAndWhatWasDecided) {
    const CommandRun shown = run("Facebook");
    LONGS_EQUAL(0, shown.exit_code);
    STRCMP_CONTAINS("Meta Platforms (meta)\n", shown.out.c_str());
    STRCMP_CONTAINS("country    US\n", shown.out.c_str());
    STRCMP_CONTAINS("Advertising: ", shown.out.c_str());
    STRCMP_CONTAINS("(NOK 1000000 a day) [set-aside 2024-06-18]\n", shown.out.c_str());
    STRCMP_CONTAINS("here       not known: ", shown.out.c_str());
}

TEST(CompanyCommand, FindsByDomainAndNamesTheOwners) {
    const CommandRun shown = run("static.hotjar.com");
    STRCMP_CONTAINS("Hotjar (hotjar)\nowned by   Contentsquare\n", shown.out.c_str());
}

TEST(CompanyCommand, PrintsJson) {
    const CommandRun shown = run("linkedin --json");
    const auto row = nlohmann::json::parse(shown.out);
    CHECK(row.at("owners").at(0).at("slug") == "microsoft");
    CHECK(row.at("contacts").is_null());
    CHECK(row.at("decisions").size() >= 1);
}

TEST(CompanyCommand, NobodyIsAnError) {
    const CommandRun shown = run("nobody-at-all");
    LONGS_EQUAL(1, shown.exit_code);
    STRCMP_CONTAINS("no company is known by 'nobody-at-all'", shown.errors.c_str());
    CHECK(shown.out.empty());
}
