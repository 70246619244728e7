#include "firmware/commands/commands.h"
#include "firmware/household_file.h"
#include "tests/support/command_run.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/warm_expressions.h"

#include <fstream>
#include <string>
#include <utility>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::policy;
using firmware::add_policy_command;
using firmware::HouseholdFile;
using test::CommandRun;

TEST_GROUP(PolicyCommand) {
    test::TemporaryFolder folder;
    std::string file = folder.file("policy.toml");
    const Pause pause{Pause::Scope::Everybody, "", Timestamp(std::chrono::hours(500'000))};

    void make_household() const {
        auto household = *HouseholdFile::open(folder.path(), store::Access::ReadWrite);
        CHECK(household
                  .change([&](HouseholdFile::Tables tables) -> Result<void> {
                      SPORVAKT_TRY(
                          tables.household.change(tables.transaction, SetGroup{{"old", "Old"}}));
                      return tables.household.change(tables.transaction, SetPause{pause});
                  })
                  .has_value());
    }
    [[nodiscard]] HouseholdRules household() const {
        return *HouseholdFile::open(folder.path(), store::Access::ReadOnly)->rules();
    }
    void write(const std::string& text) const {
        std::ofstream(file) << text;
    }
    [[nodiscard]] CommandRun policy(const std::string& arguments) const {
        return {add_policy_command, "policy " + arguments + " --dir " + folder.path()};
    }
};

TEST(PolicyCommand, TakesOverAFileAndSaysWhatChanged) {
    make_household();
    write("[[groups]]\nid = 'guests'\nname = 'Guests'\n");
    const CommandRun run = policy("import " + file);
    LONGS_EQUAL(0, run.exit_code);
    STRCMP_EQUAL(
        "+ guests: group name: Guests\n"
        "- old: group name: Old\n"
        "2 changes made.\n",
        run.out.c_str());
    LONGS_EQUAL(1, household().groups.size());
    CHECK(household().groups[0].id == "guests");
    CHECK(household().pauses == std::vector<Pause>{pause});
}

TEST(PolicyCommand, OnlySaysWhatWouldChange) {
    make_household();
    write("");
    const CommandRun run = policy("import " + file + " --dry-run");
    LONGS_EQUAL(0, run.exit_code);
    STRCMP_EQUAL("- old: group name: Old\n1 changes would be made.\n", run.out.c_str());
    CHECK(household().groups[0].id == "old");
}

TEST(PolicyCommand, GivesOutWhatItTakesBack) {
    make_household();
    const CommandRun printed = policy("export");
    LONGS_EQUAL(0, printed.exit_code);
    STRCMP_CONTAINS("id = 'old'", printed.out.c_str());
    LONGS_EQUAL(0, policy("export --out " + file).exit_code);
    STRCMP_EQUAL("0 changes made.\n", policy("import " + file).out.c_str());
}

TEST(PolicyCommand, ChangesNothingByAFileThatMakesNoSense) {
    make_household();
    write("[[groups]]\nid = 'guests'\nname = 'Guests'\n[[groups]]\nid = 'guests'\nname = 'x'\n");
    const CommandRun run = policy("import " + file);
    LONGS_EQUAL(64, run.exit_code);
    STRCMP_CONTAINS("the group 'guests' stands there twice", run.errors.c_str());
    CHECK(household().groups[0].id == "old");
    write("groups = [");
    STRCMP_CONTAINS("policy.toml: line 1: ", policy("import " + file).errors.c_str());
}

TEST(PolicyCommand, TakesMoreThanOneOrderOfThePageCould) {
    make_household();
    std::string text;
    for (int number = 0; number < 10'000; ++number) {
        text += "[[rules]]\ntext = 'n" + std::to_string(number) + ".example'\nrule = 'block'\n";
    }
    write(text);
    const CommandRun run = policy("import " + file);
    LONGS_EQUAL(0, run.exit_code);
    STRCMP_CONTAINS("10001 changes made.", run.out.c_str());
    LONGS_EQUAL(10'000, household().rules.size());
}

TEST(PolicyCommand, TellsWhereThereIsNothing) {
    const CommandRun none = policy("export");
    LONGS_EQUAL(1, none.exit_code);
    STRCMP_CONTAINS("start sporvakt there once", none.errors.c_str());
    make_household();
    const CommandRun missing = policy("import /nowhere/policy.toml");
    LONGS_EQUAL(1, missing.exit_code);
    STRCMP_CONTAINS("/nowhere/policy.toml: cannot be read", missing.errors.c_str());
}

TEST(PolicyCommand, ShowsPresetsThatCanBeTakenOver) {
    make_household();
    const CommandRun all{add_policy_command, "policy presets"};
    LONGS_EQUAL(0, all.exit_code);
    STRCMP_CONTAINS("school-class  For pupils:", all.out.c_str());
    const CommandRun one{add_policy_command, "policy presets kiosk"};
    write(one.out);
    LONGS_EQUAL(0, policy("import " + file).exit_code);
    CHECK(household().groups[0].allow_only);
    const CommandRun none{add_policy_command, "policy presets castle"};
    LONGS_EQUAL(64, none.exit_code);
    STRCMP_CONTAINS("there is no preset 'castle'", none.errors.c_str());
}
