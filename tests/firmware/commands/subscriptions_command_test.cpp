#include "core/trackers/list_compiler.h"
#include "firmware/commands/commands.h"
#include "firmware/list_plan.h"
#include "firmware/lists/list_status.h"
#include "tests/support/command_run.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using firmware::add_lists_command;
using firmware::ListOutcome;
using firmware::ListStatus;
using firmware::ListStatusFile;
using test::CommandRun;

TEST_GROUP(SubscriptionsCommand) {
    test::TemporaryFolder folder;
    std::string configuration = folder.file("sporvakt.toml");

    void setup() override {
        subscribe("\"adaway\", \"nordic\"");
    }

    void subscribe(const std::string& entries) const {
        std::ofstream(configuration) << "[storage]\ndir = \"" << folder.path()
                                     << "\"\n[lists]\nsubscriptions = [" << entries << "]\n";
    }
    void write_status() const {
        std::filesystem::create_directory(folder.file("lists"));
        ListStatus status;
        status.id = "adaway";
        status.outcome = ListOutcome::Refused;
        status.reason = "it holds no rule at all";
        status.checked_at = *timestamp_from_rfc3339("2026-11-22T04:00:00.000Z");
        status.taken_at = *timestamp_from_rfc3339("2026-11-21T04:00:00.000Z");
        status.format = "hosts";
        status.lines = 7'000;
        status.rules = 6'542;
        status.bytes = 243'454;
        status.skipped = {{"not a host name", 2, 17, "0.0.0.0 a_b c"}};
        CHECK(ListStatusFile(folder.file("lists/status.json")).write({status}).has_value());
    }
    [[nodiscard]] CommandRun lists(const std::string& arguments) const {
        return {add_lists_command, "lists " + arguments + " --config " + configuration};
    }
};

TEST(SubscriptionsCommand, ShowsWhatBecameOfEachList) {
    write_status();
    const CommandRun run = lists("status");
    LONGS_EQUAL(0, run.exit_code);
    STRCMP_EQUAL(
        "adaway: refused 2026-11-22T04:00:00.000Z\n"
        "  it holds no rule at all; the list before stays in force\n"
        "  in force since 2026-11-21T04:00:00.000Z: 6542 rules from 7000 lines, hosts format, "
        "243454 bytes\n"
        "  skipped 2: not a host name; first in line 17: 0.0.0.0 a_b c\n"
        "nordic: not looked for yet\n",
        run.out.substr(0, run.out.find("Sporvakt: in force\n")).c_str());
    CHECK(run.out.find("Sporvakt: in force\n") != std::string::npos);
}

TEST(SubscriptionsCommand, TellsWhatEachListInForceIsWorthBesideTheOthers) {
    write_status();
    std::ofstream(folder.file("lists/adaway")) << "a.example.com\nb.example.com\n";
    std::ofstream(folder.file("own.txt")) << "||b.example.com^\n##.banner\n";
    const auto compile = [](const auto& texts, const std::string& out) -> Result<void> {
        SPORVAKT_TRY(trackers::compile_lists(texts, out, "2026-11-21T00:00:00.000Z", {}));
        return {};
    };
    CHECK(firmware::ListPlan(folder.path(), folder.file("built-in.mdb"))
              .update({folder.file("own.txt"), folder.file("lists/adaway")}, compile)
              .has_value());

    const std::string out = lists("status").out;

    STRCMP_CONTAINS(
        "hosts format, 243454 bytes\n"
        "  2 names, 1 of them in no other list; 1 also in own.txt\n"
        "  skipped 2: not a host name",
        out.c_str());
    STRCMP_CONTAINS(
        "own.txt: in force: 1 rules from 2 lines, adblock format\n"
        "  1 names, 0 of them in no other list; 1 also in adaway\n"
        "  skipped 1: ",
        out.c_str());
}

TEST(SubscriptionsCommand, SaysWhenNothingIsSubscribed) {
    subscribe("");
    STRCMP_CONTAINS("No list is subscribed to", lists("status").out.c_str());
}

TEST(SubscriptionsCommand, SaysWhatIsWrongWithTheConfiguration) {
    subscribe("\"adawy\"");
    STRCMP_CONTAINS("no list 'adawy' is known", lists("status").errors.c_str());
    LONGS_EQUAL(1, lists("status").exit_code);
    subscribe("7");
    LONGS_EQUAL(78, lists("status").exit_code);
    LONGS_EQUAL(78, lists("update").exit_code);
}

// In a child, which loses its rights; port 1 of this machine answers nobody.
TEST(SubscriptionsCommand, UpdatesByHandAndSaysWhatFailed) {
    subscribe("\"https://127.0.0.1:1/list.txt\"");
    const std::string out = folder.file("out");
    const pid_t child = ::fork();
    if (child == 0) {
        const CommandRun run = lists("update");
        std::ofstream(out) << run.out;
        ::_exit(run.exit_code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);

    LONGS_EQUAL(1, WEXITSTATUS(status));
    std::ifstream file(out);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    STRCMP_CONTAINS("127.0.0.1-", text.c_str());
    STRCMP_CONTAINS(": failed ", text.c_str());
    STRCMP_CONTAINS("there is none before it", text.c_str());
    CHECK(std::filesystem::exists(folder.file("lists/status.json")));
}
