#include "core/trackers/catalogue.h"
#include "firmware/commands/commands.h"
#include "tests/support/command_run.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::firmware::add_lists_command;
using sporvakt::test::CommandRun;
using sporvakt::test::TemporaryFolder;

TEST_GROUP(ListsCommand) {
    TemporaryFolder folder;
    std::string out = folder.file("catalogue.mdb");

    std::string list(const std::string& name, const std::string& content) const {
        std::ofstream(folder.file(name)) << content;
        return folder.file(name);
    }
    CommandRun compile(const std::string& lists) const {
        return {add_lists_command, "lists compile --out " + out + " " + lists};
    }
};

TEST(ListsCommand, PrintsWhatWasTakenAndSkipped) {
    const std::string path = list("a.txt", "||a.example.com^\n@@||b.example.com^\n##.banner\n");
    const CommandRun run = compile(path);
    LONGS_EQUAL(0, run.exit_code);
    STRCMP_EQUAL((path +
                  ": adblock format, 3 lines, 2 rules taken: 1 block, 1 allow\n"
                  "  skipped 1: cosmetic rules, which change how a page looks; first in line 3: "
                  "##.banner\n" +
                  out + ": 2 rules\n")
                     .c_str(),
                 run.out.c_str());
    LONGS_EQUAL(2, (*sporvakt::trackers::Catalogue::open(out))->rule_count());
}

TEST(ListsCommand, AFileThatIsNoListFailsAndWritesNothing) {
    const CommandRun run =
        compile(list("a.txt", "a.example.com\n") + " " + list("b.txt", "<!DOCTYPE html>\n"));
    LONGS_EQUAL(1, run.exit_code);
    CHECK(run.errors.find("b.txt:1: not a list") != std::string::npos);
    CHECK(!std::filesystem::exists(out));
}

TEST(ListsCommand, ShowsLicenceAndSizeBeforeAnythingIsTurnedOn) {
    const CommandRun run(add_lists_command, "lists available");
    LONGS_EQUAL(0, run.exit_code);
    STRCMP_CONTAINS(
        "adaway: AdAway\n"
        "  advertising; language: any; licence: CC BY 3.0; about 244 kB\n"
        "  https://adaway.org/\n",
        run.out.c_str());
    STRCMP_CONTAINS("licence: GPL-3.0; size not known", run.out.c_str());
    STRCMP_CONTAINS("about 3.8 MB", run.out.c_str());
}

TEST(ListsCommand, NeedsAFileToWriteAndListsToRead) {
    LONGS_EQUAL(64, compile("").exit_code);
    LONGS_EQUAL(64, CommandRun(add_lists_command, "lists compile x").exit_code);
    LONGS_EQUAL(64, CommandRun(add_lists_command, "lists").exit_code);
}
