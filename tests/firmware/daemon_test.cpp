#include "firmware/daemon.h"

#include "core/ledger/ledger_file.h"
#include "core/ledger/live_rows.h"
#include "core/ledger/stored_reports.h"
#include "dns/serving/sockets.h"
#include "firmware/demo/scenario.h"
#include "firmware/lists/subscribed_lists.h"
#include "firmware/share_folder.h"
#include "tests/support/firmware/running_daemon.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temporary_folder.h"

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include <fmt/core.h>
#include <sys/socket.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using sporvakt::firmware::Configuration;
using sporvakt::test::RunningDaemon;
using std::chrono::milliseconds;

namespace {

std::string project_file(const std::string& path) {
    std::ifstream stream(std::string(SPORVAKT_SOURCE_DIR) + "/" + path);
    CHECK_TRUE(stream.is_open());
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

// The four processes, for real.  Their own log lines show with SPORVAKT_TEST_LOG=1.
TEST_GROUP(Daemon) {
    static constexpr milliseconds kAnswerTime{1'000};
    static constexpr milliseconds kStopTime{2'000};
    test::TemporaryFolder folder;
    std::uint64_t sent = 0;

    std::string list(const std::string& name, const std::string& text) const {
        std::ofstream(folder.file(name)) << text;
        return folder.file(name);
    }

    Configuration configuration() const {
        Configuration configuration;
        configuration.storage_dir = folder.file("store");
        configuration.list_files = {list("first.txt", "blocked.example\n")};
        // Nobody answers there; what is asked here is blocked, or not waited for.
        configuration.dns.upstream.forwarders = {{test::free_endpoint(), {}}};
        return configuration;
    }

    static void fetched_list(const test::ScriptedServer::Visitor& visitor) {
        visitor.send(test::http_answer("200 OK", "", "fetched.example\n"));
    }

    // Until the list is in force; no question before that is counted.
    static void wait_until_it_blocks(const RunningDaemon& daemon, const std::string& name) {
        for (int tries = 0; tries < 400; ++tries) {
            if (test::ask(server(daemon), name, milliseconds(50), 1).is_blocked) {
                return;
            }
        }
        FAIL("the list never came into force");
    }

    static Endpoint server(const RunningDaemon& daemon) {
        return daemon.configuration().dns.listen.front();
    }

    // Each question must be answered within a second, if it has to be asked once more.
    void ask_blocked(const RunningDaemon& daemon, int times) {
        for (int asked = 0; asked < times; ++asked) {
            CHECK(test::ask(server(daemon), "blocked.example", kAnswerTime, 1).is_blocked);
            ++sent;
        }
    }

    std::uint64_t counted() const {
        const auto file =
            ledger::open_ledger_file(folder.file("store/ledger.mdb"), store::Access::ReadOnly);
        CHECK(file.has_value());
        ledger::LiveRows none;
        const ledger::StoredReports reports(*file, none);
        ledger::Filter all;
        all.to = SystemClock().now() + std::chrono::hours(1);
        return reports.totals(all)->prevented_attempts;
    }
};

TEST(Daemon, CountsEveryQueryOnceWhoeverElseIsKilled) {
    RunningDaemon daemon(configuration(), nullptr);
    wait_until_it_blocks(daemon, "blocked.example");
    sent = 1;

    for (const char* const role : {"keeper", "web", "sniffer", "keeper"}) {
        const pid_t before = daemon.child(role, 0);
        ask_blocked(daemon, 50);
        ::kill(before, SIGKILL);
        ask_blocked(daemon, 50);
        CHECK(daemon.child(role, before) != 0);
    }
    const auto end = daemon.stop();

    LONGS_EQUAL(0, end.code);
    CHECK(end.took < kStopTime);
    LONGS_EQUAL(sent, counted());
}

TEST(Daemon, AnswersAgainWithinASecondWhenTheResolverIsKilled) {
    RunningDaemon daemon(configuration(), nullptr);
    wait_until_it_blocks(daemon, "blocked.example");
    sent = 1;
    ask_blocked(daemon, 50);
    const pid_t before = daemon.child("resolver", 0);
    const std::uint64_t unsent_at_most = sent;

    ::kill(before, SIGKILL);
    const auto killed_at = std::chrono::steady_clock::now();
    CHECK(test::ask(server(daemon), "blocked.example", kAnswerTime, 1).is_blocked);
    CHECK(std::chrono::steady_clock::now() - killed_at < kAnswerTime);
    ++sent;
    ask_blocked(daemon, 50);
    LONGS_EQUAL(0, daemon.stop().code);

    CHECK(counted() >= sent - unsent_at_most);
    CHECK(counted() <= sent);
}

TEST(Daemon, TakesANewListWithoutLosingAQuery) {
    const Configuration first = configuration();
    Configuration next = first;
    next.list_files.push_back(list("second.txt", "new.example\n"));
    RunningDaemon daemon(first, &next);
    wait_until_it_blocks(daemon, "blocked.example");
    const pid_t resolver = daemon.child("resolver", 0);

    daemon.signal(SIGHUP);
    ask_blocked(daemon, 200);
    wait_until_it_blocks(daemon, "new.example");
    ask_blocked(daemon, 50);

    CHECK_EQUAL(resolver, daemon.child("resolver", 0));
    LONGS_EQUAL(0, daemon.stop().code);
}

TEST(Daemon, TakesAnotherUpstreamWithoutLosingAQuery) {
    Configuration next = configuration();
    next.dns.upstream.forwarders = {{test::free_endpoint(), {}}};
    RunningDaemon daemon(configuration(), &next);
    wait_until_it_blocks(daemon, "blocked.example");
    const pid_t before = daemon.child("resolver", 0);

    daemon.signal(SIGHUP);
    ask_blocked(daemon, 200);

    CHECK(daemon.child("resolver", before) != 0);
    LONGS_EQUAL(0, daemon.stop().code);
}

TEST(Daemon, KeepsTheListsBeforeWhenTheNewOnesFail) {
    const Configuration first = configuration();
    Configuration next = first;
    next.list_files = {folder.file("missing.txt")};
    RunningDaemon daemon(first, &next);
    wait_until_it_blocks(daemon, "blocked.example");

    daemon.signal(SIGHUP);
    ask_blocked(daemon, 100);

    LONGS_EQUAL(0, daemon.stop().code);
}

TEST(Daemon, BlocksAtOnceWithTheListsOfTheLastRun) {
    {
        RunningDaemon first(configuration(), nullptr);
        wait_until_it_blocks(first, "blocked.example");
        LONGS_EQUAL(0, first.stop().code);
    }
    Configuration broken = configuration();
    std::filesystem::remove(folder.file("first.txt"));
    broken.list_files = {folder.file("first.txt")};

    RunningDaemon second(broken, nullptr);

    CHECK(test::ask(server(second), "blocked.example", kAnswerTime, 10).is_blocked);
    LONGS_EQUAL(0, second.stop().code);
}

TEST(Daemon, FetchesWhatIsSubscribedAndKeepsItWithoutTheNetwork) {
    Configuration wanted = configuration();
    wanted.subscribed.reach = firmware::Reach::Loopback;
    {
        test::ScriptedServer source(fetched_list, test::ScriptedServer::Begin::Later);
        wanted.subscribed.entries = {source.url("/list.txt")};
        RunningDaemon first(wanted, nullptr);
        source.start();
        wait_until_it_blocks(first, "fetched.example");
        CHECK(test::ask(server(first), "blocked.example", kAnswerTime, 1).is_blocked);
        LONGS_EQUAL(0, first.stop().code);
    }
    RunningDaemon second(wanted, nullptr);
    CHECK(test::ask(server(second), "fetched.example", kAnswerTime, 10).is_blocked);
    LONGS_EQUAL(0, second.stop().code);
}

TEST(Daemon, TakesUpAtOnceWhatSomebodyFetchesByHand) {
    int told = 0;
    test::ScriptedServer source(
        [&told](const test::ScriptedServer::Visitor& visitor) {
            visitor.send(test::http_answer("200 OK", "", fmt::format("list{}.example\n", ++told)));
        },
        test::ScriptedServer::Begin::Later);
    Configuration wanted = configuration();
    wanted.subscribed.reach = firmware::Reach::Loopback;
    wanted.subscribed.entries = {source.url("/list.txt")};
    RunningDaemon daemon(wanted, nullptr);
    source.start();
    wait_until_it_blocks(daemon, "list1.example");

    // What `sporvakt lists update` does; the daemon looks by itself again only in ten minutes.
    const auto taken = firmware::update_subscribed(wanted, SystemClock(),
                                                   {firmware::ListUpdater::Which::All, {}}, {});

    CHECK(taken.has_value());
    LONGS_EQUAL(1, *taken);
    wait_until_it_blocks(daemon, "list2.example");
    CHECK_FALSE(test::ask(server(daemon), "list1.example", milliseconds(50), 1).is_blocked);
    LONGS_EQUAL(0, daemon.stop().code);
}

TEST(Daemon, FetchesANewSubscriptionWhenItsConfigurationChanges) {
    test::ScriptedServer source(fetched_list, test::ScriptedServer::Begin::Later);
    const Configuration first = configuration();
    Configuration next = first;
    next.subscribed.reach = firmware::Reach::Loopback;
    next.subscribed.entries = {source.url("/list.txt")};
    RunningDaemon daemon(first, &next);
    source.start();
    wait_until_it_blocks(daemon, "blocked.example");
    LONGS_EQUAL(0, source.requests().size());

    daemon.signal(SIGHUP);
    ask_blocked(daemon, 100);
    wait_until_it_blocks(daemon, "fetched.example");

    LONGS_EQUAL(0, daemon.stop().code);
}

// The demonstration's traffic past the sniffer, and questions to the resolver; then every byte of
// every file is looked at.
TEST(Daemon, StoresNoNameThatIsNoTrackersAndNoFileThatThePrivacyPageDoesNotList) {
    const auto scenario = firmware::demo::parse_scenario(
        project_file("firmware/demo/devices.tsv"), project_file("firmware/demo/scenario.tsv"));
    CHECK(scenario.has_value());
    Configuration wanted = configuration();
    wanted.capture.file = *firmware::share_file("demonstration.pcap");
    wanted.capture.speed = 1000;
    RunningDaemon daemon(wanted, nullptr);
    wait_until_it_blocks(daemon, "blocked.example");
    for (const char* const name : {"church.example", "abortion-clinic.example"}) {
        (void)test::ask(server(daemon), name, milliseconds(50), 2);
    }
    std::this_thread::sleep_for(std::chrono::seconds(7));  // of the demonstration: all of it
    LONGS_EQUAL(0, daemon.stop().code);

    const std::string page = project_file("docs/privacy.md");
    std::string stored;
    for (const auto& entry : std::filesystem::directory_iterator(wanted.storage_dir)) {
        const std::string name = entry.path().filename();
        const std::string listed = '`' + name + (entry.is_directory() ? "/`" : "`");
        CHECK_TEXT(page.find(listed) != std::string::npos, name.c_str());
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(wanted.storage_dir)) {
        if (entry.is_regular_file()) {
            std::ifstream stream(entry.path(), std::ios::binary);
            stored.append(std::istreambuf_iterator<char>(stream), {});
        }
    }
    // It was all seen: the trackers that these sites use are there.
    CHECK(stored.find("blocked.example") != std::string::npos);
    CHECK(stored.find("www.google-analytics.com") != std::string::npos);
    std::size_t sites = 0;
    for (const firmware::demo::Scene& scene : scenario->scenes) {
        if (scene.happening == firmware::demo::Happening::Site) {
            CHECK_TEXT(stored.find(scene.name.text()) == std::string::npos,
                       scene.name.text().c_str());
            ++sites;
        }
    }
    CHECK(sites > 10);
    for (const char* const name : {"church.example", "abortion-clinic.example"}) {
        CHECK_TEXT(stored.find(name) == std::string::npos, name);
    }
}

TEST(Daemon, SaysWhenASubscriptionIsUnknown) {
    Configuration wanted = configuration();
    wanted.subscribed.entries = {"adawy"};

    LONGS_EQUAL(78, firmware::run_daemon(wanted, {}));
}

TEST(Daemon, SaysWhenItsPortIsTaken) {
    const Endpoint endpoint = test::free_endpoint();
    const auto taken = dns::open_sockets(std::array{endpoint}, 1);
    Configuration wanted = configuration();
    wanted.dns.listen = {endpoint};

    LONGS_EQUAL(69, firmware::run_daemon(wanted, {}));
}

TEST(Daemon, SaysWhenItsStorageCannotBeUsed) {
    Configuration wanted = configuration();
    wanted.storage_dir = "/proc/sporvakt";

    LONGS_EQUAL(74, firmware::run_daemon(wanted, {}));
}
