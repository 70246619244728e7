#include "firmware/lists/list_updater.h"

#include "tests/support/full_disk.h"
#include "tests/support/hand_clock.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temporary_folder.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;
using test::http_answer;
using test::ScriptedServer;
using Visitor = test::ScriptedServer::Visitor;
using std::chrono::milliseconds;

namespace {

std::string names(int count) {
    std::string text;
    for (int number = 0; number < count; ++number) {
        text += "tracker" + std::to_string(number) + ".example\n";
    }
    return text;
}

/// A server of one list that the test can change.
struct Source {
    std::string status = "200 OK";
    std::string header;
    std::string body = names(100);

    [[nodiscard]] ScriptedServer::Answer answer() const {
        return [this](const Visitor& visitor) { visitor.send(http_answer(status, header, body)); };
    }
};

}  // namespace

TEST_GROUP(ListUpdater) {
    test::TemporaryFolder folder;
    test::HandClock clock;
    Source source;
    ScriptedServer server{source.answer()};
    std::vector<Subscription> subscriptions{{"a", server.url("/a.txt")}};

    [[nodiscard]] ListUpdater updater() const {
        FetchSettings settings;
        settings.reach = Reach::Loopback;
        settings.time_max = milliseconds(3'000);
        ListUpdater::Settings patience;
        patience.first_wait = milliseconds(10);
        return {folder.path(), Fetcher(settings), Safeguard({{true, "time.example"}}), clock,
                patience};
    }
    Result<unsigned> update(ListUpdater::Which which = ListUpdater::Which::All) const {
        return updater().update(subscriptions, {which, {}}, {});
    }
    [[nodiscard]] ListStatus status() const {
        const auto all = list_status_file(folder.path()).read();
        CHECK(all.has_value());
        CHECK_FALSE(all->empty());
        return all->front();
    }
    [[nodiscard]] std::string content() const {
        std::ifstream file(folder.file("a"));
        return {std::istreambuf_iterator<char>(file), {}};
    }
    [[nodiscard]] bool nothing_is_left_over() const {
        return !std::filesystem::exists(folder.file("a.part")) &&
               !std::filesystem::exists(folder.file("a.scratch"));
    }

    // The list before stays, and the status says why.
    void check_keeps_the_list_before(ListOutcome outcome, const char* why) const {
        const ListStatus before = status();
        CHECK_EQUAL(0U, *update());
        CHECK(outcome == status().outcome);
        STRCMP_CONTAINS(why, status().reason.c_str());
        STRCMP_EQUAL(names(100).c_str(), content().c_str());
        CHECK(before.taken_at == status().taken_at);
        CHECK(before.validators == status().validators);
        LONGS_EQUAL(100, status().rules);
        CHECK(nothing_is_left_over());
    }
    void take_the_first() {
        source.header = "ETag: \"1\"\r\n";
        CHECK_EQUAL(1U, *update());
        source.header.clear();
    }
};

TEST(ListUpdater, TakesAListAndSaysWhatIsInIt) {
    source.header = "ETag: \"1\"\r\n";
    source.body = names(100) + "||ads.example^$client=kari\n";
    CHECK_EQUAL(1U, *update());

    STRCMP_EQUAL(source.body.c_str(), content().c_str());
    CHECK(status().outcome == ListOutcome::Taken);
    CHECK(status().taken_at == clock.now());
    LONGS_EQUAL(100, status().rules);
    LONGS_EQUAL(101, status().lines);
    LONGS_EQUAL(source.body.size(), status().bytes);
    STRCMP_EQUAL("domains", status().format.c_str());
    STRCMP_EQUAL("\"1\"", status().validators.etag.c_str());
    LONGS_EQUAL(1, status().skipped.size());
    STRCMP_EQUAL("||ads.example^$client=kari", status().skipped.front().example.c_str());
    CHECK(nothing_is_left_over());
}

TEST(ListUpdater, AsksWithTheValidatorsOfWhatIsInForce) {
    take_the_first();
    source.status = "304 Not Modified";
    source.body.clear();
    CHECK_EQUAL(0U, *update());

    STRCMP_CONTAINS("If-None-Match: \"1\"\r\n", server.requests().back().c_str());
    CHECK(status().outcome == ListOutcome::Unchanged);
    STRCMP_EQUAL(names(100).c_str(), content().c_str());
}

TEST(ListUpdater, AsksForAllWhenTheFileIsGone) {
    take_the_first();
    std::filesystem::remove(folder.file("a"));
    CHECK_EQUAL(1U, *update());
    CHECK(server.requests().back().find("If-None-Match") == std::string::npos);
    STRCMP_EQUAL(names(100).c_str(), content().c_str());
}

TEST(ListUpdater, AsksForAllWhenTheStatusIsBroken) {
    take_the_first();
    std::ofstream(folder.file("status.json")) << "{\"lists\":";
    CHECK_EQUAL(1U, *update());
    CHECK(server.requests().back().find("If-None-Match") == std::string::npos);
    LONGS_EQUAL(100, status().rules);
}

TEST(ListUpdater, KeepsTheListBeforeWhateverComes) {
    take_the_first();
    source.body = "<!DOCTYPE html>\n<html>You are offline</html>\n";
    check_keeps_the_list_before(ListOutcome::Refused, "not a list");
    source.body = "";
    check_keeps_the_list_before(ListOutcome::Refused, "no rule");
    source.body = names(49);
    check_keeps_the_list_before(ListOutcome::Refused, "shrank from 100 rules to 49");
    source.body = names(100) + "||time.example^\n";
    check_keeps_the_list_before(ListOutcome::Refused, "would block time.example");
    source.status = "404 Not Found";
    check_keeps_the_list_before(ListOutcome::Failed, "404");
}

TEST(ListUpdater, KnowsWhatShrankWithoutAStatusToo) {
    take_the_first();
    std::filesystem::remove(folder.file("status.json"));
    source.body = names(49);
    CHECK_EQUAL(0U, *update());
    STRCMP_CONTAINS("shrank from 100 rules to 49", status().reason.c_str());
    STRCMP_EQUAL(names(100).c_str(), content().c_str());
}

TEST(ListUpdater, AListThatMovedIsTheSameList) {
    take_the_first();
    source.body = names(49);
    subscriptions = {{"a", server.url("/moved.txt")}};
    CHECK_EQUAL(0U, *update(ListUpdater::Which::Due));
    STRCMP_CONTAINS("shrank", status().reason.c_str());
    CHECK(server.requests().back().find("If-None-Match") == std::string::npos);
}

TEST(ListUpdater, TakesWhatItsOwnerIsContentWith) {
    take_the_first();
    source.body = names(49);
    CHECK_EQUAL(1U, *updater().update(subscriptions, {ListUpdater::Which::All, {"a"}}, {}));
    LONGS_EQUAL(49, status().rules);
}

TEST(ListUpdater, KeepsTheListBeforeWhenTheDiskIsFull) {
    take_the_first();
    source.body = names(1'000);
    const std::string first = names(100);
    {
        const test::FullDisk full(first.size() + 100);
        CHECK_EQUAL(0U, *update());
        STRCMP_EQUAL(first.c_str(), content().c_str());
    }
    CHECK(status().outcome == ListOutcome::Failed);
    STRCMP_CONTAINS("cannot write", status().reason.c_str());
    CHECK(nothing_is_left_over());
}

TEST(ListUpdater, TriesAgainWhatMayPass) {
    std::atomic<int> asked = 0;
    const ScriptedServer shaky([&asked](const Visitor& visitor) {
        visitor.send(++asked < 3 ? http_answer("503 Service Unavailable", "", "")
                                 : http_answer("200 OK", "", names(10)));
    });
    subscriptions = {{"a", shaky.url("/")}};
    CHECK_EQUAL(1U, *update());
    LONGS_EQUAL(3, asked);
}

TEST(ListUpdater, TriesThreeTimesAndNoMore) {
    source.status = "503 Service Unavailable";
    CHECK_EQUAL(0U, *update());
    LONGS_EQUAL(3, server.requests().size());
    STRCMP_CONTAINS("503", status().reason.c_str());
    CHECK_FALSE(status().taken_at.has_value());

    source.status = "404 Not Found";
    CHECK_EQUAL(0U, *update());
    LONGS_EQUAL(4, server.requests().size());
}

TEST(ListUpdater, LooksForEachWhenItsTimeHasCome) {
    using Which = ListUpdater::Which;
    CHECK_EQUAL(1U, *update(Which::Due));
    clock.turn(std::chrono::hours(24) - std::chrono::minutes(1));
    CHECK_EQUAL(0U, *update(Which::Due));
    LONGS_EQUAL(1, server.requests().size());
    clock.turn(std::chrono::minutes(1));
    CHECK_EQUAL(1U, *update(Which::Due));
    LONGS_EQUAL(2, server.requests().size());
}

TEST(ListUpdater, LooksSoonerAfterAFailure) {
    using Which = ListUpdater::Which;
    source.status = "404 Not Found";
    CHECK_EQUAL(0U, *update(Which::Due));
    clock.turn(std::chrono::minutes(59));
    CHECK_EQUAL(0U, *update(Which::Due));
    LONGS_EQUAL(1, server.requests().size());
    clock.turn(std::chrono::minutes(1));
    CHECK_EQUAL(0U, *update(Which::Due));
    LONGS_EQUAL(2, server.requests().size());
}

TEST(ListUpdater, AClockThatWasAheadHoldsNothingUp) {
    CHECK_EQUAL(1U, *update(ListUpdater::Which::Due));
    clock.set_by(-std::chrono::hours(24 * 365 * 10));
    CHECK_EQUAL(1U, *update(ListUpdater::Which::Due));
}

TEST(ListUpdater, RemovesWhatNobodyWantsAnyMore) {
    take_the_first();
    std::ofstream(folder.file("a.part")) << "half of a li";
    std::ofstream(folder.file("a.scratch")) << "half of a catalogue";
    subscriptions = {{"b", server.url("/b.txt")}};
    CHECK_EQUAL(1U, *update());

    CHECK_FALSE(std::filesystem::exists(folder.file("a")));
    CHECK(std::filesystem::exists(folder.file("b")));
    CHECK(nothing_is_left_over());
    LONGS_EQUAL(1, list_status_file(folder.path()).read()->size());
}

TEST(ListUpdater, OneFailureHoldsUpNoOther) {
    const ScriptedServer good(
        [](const Visitor& visitor) { visitor.send(http_answer("200 OK", "", names(3))); });
    source.status = "404 Not Found";
    subscriptions.push_back({"b", good.url("/")});
    CHECK_EQUAL(1U, *update());
    CHECK(std::filesystem::exists(folder.file("b")));
    LONGS_EQUAL(2, list_status_file(folder.path()).read()->size());
}

TEST(ListUpdater, OneUpdateAtATime) {
    const ScriptedServer slow([this](const Visitor& visitor) {
        const auto other = update();
        visitor.send(other ? "" : http_answer("200 OK", "", names(3)));
    });
    const std::vector<Subscription> held{{"b", slow.url("/")}};
    CHECK_EQUAL(1U, *updater().update(held, {ListUpdater::Which::All, {}}, {}));
}

TEST(ListUpdater, SaysWhenItsFolderCannotBeUsed) {
    std::ofstream(folder.file("file")) << "x";
    ListUpdater nowhere(folder.file("file"), Fetcher({}), Safeguard({}), clock, {});
    CHECK_FALSE(nowhere.update(subscriptions, {}, {}).has_value());
}

// Two versions in turn, and a process that is killed at any moment of taking them: what is there
// afterwards is all of one, and the status does not speak of what is not there.
TEST(ListUpdater, IsWholeAfterAnyKill) {
    constexpr int kRounds = 60;
    take_the_first();
    const std::string first = names(4'000);
    const std::string second = names(5'000);
    source.body = first;
    const auto begun = std::chrono::steady_clock::now();
    CHECK_EQUAL(1U, *update());
    // The moments are spread over one and a half times what a whole update takes.
    const auto took = std::chrono::steady_clock::now() - begun;
    for (int round = 0; round < kRounds; ++round) {
        const ScriptedServer next([&, round](const Visitor& visitor) {
            visitor.send(http_answer("200 OK", "", round % 2 == 0 ? second : first));
        });
        subscriptions = {{"a", next.url("/a.txt")}};
        const pid_t child = ::fork();
        if (child == 0) {
            ::_exit(update() ? 0 : 1);
        }
        std::this_thread::sleep_for(took * 3 * round / (2 * kRounds));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);

        const std::string now = content();
        CHECK(now == first || now == second);
        CHECK(list_status_file(folder.path()).read().has_value());
    }
    subscriptions = {{"a", server.url("/a.txt")}};
    CHECK_EQUAL(1U, *update());
    CHECK(status().outcome == ListOutcome::Taken);
    CHECK(nothing_is_left_over());
}
