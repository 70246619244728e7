#include "firmware/supervisor.h"

#include "tests/support/silence.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using sporvakt::firmware::Child;
using sporvakt::firmware::ChildFunction;
using sporvakt::firmware::Life;
using sporvakt::firmware::StopStage;
using sporvakt::firmware::Supervisor;
using std::chrono::milliseconds;

namespace {

constexpr int kPatienceMilliseconds = 10'000;

void wait_for(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        ::poll(nullptr, 0, 5);
    }
}

}  // namespace

// A supervisor in a process of its own, whose children say what they do through a pipe.
TEST_GROUP(Supervisor) {
    std::array<int, 2> pipe{-1, -1};
    std::vector<Child> children;
    std::function<void(Supervisor&)> arrange = [](Supervisor&) {};
    Supervisor::Times times{{milliseconds(300), milliseconds(5'000), milliseconds(300)},
                            milliseconds(1),
                            milliseconds(1),
                            milliseconds(0)};
    pid_t supervisor = 0;
    int status = 0;

    void setup() override {
        CHECK_EQUAL(0, ::pipe2(pipe.data(), O_CLOEXEC));
    }

    void teardown() override {
        if (supervisor != 0) {
            ::kill(supervisor, SIGKILL);
            ::waitpid(supervisor, nullptr, 0);
        }
        ::close(pipe[0]);
        ::close(pipe[1]);
    }

    void say(const std::string& line) const {
        CHECK(::write(pipe[1], (line + "\n").c_str(), line.size() + 1) > 0);
    }

    // Empty when nothing is said in time, or nobody is left to say it.
    std::string heard(int patience = kPatienceMilliseconds) const {
        std::string line;
        char letter = 0;
        std::array<pollfd, 1> watched{{{pipe[0], POLLIN, 0}}};
        while (::poll(watched.data(), 1, patience) == 1 && ::read(pipe[0], &letter, 1) == 1) {
            if (letter == '\n') {
                return line;
            }
            line += letter;
        }
        return "";
    }

    // Says its process number, lives until told to stop, and says that it did.
    ChildFunction patient(const std::string& name) {
        return [this, name](const std::stop_token& stop) {
            say(std::to_string(::getpid()));
            wait_for(stop);
            say(name + " stopped");
            return 0;
        };
    }

    void launch() {
        supervisor = ::fork();
        if (supervisor == 0) {
            // The test's own log lines go nowhere.
            sporvakt::test::silence_errors();
            Supervisor under_test(times);
            for (const Child& child : children) {
                under_test.add(child);
            }
            arrange(under_test);
            const auto code = under_test.run();
            ::_exit(code ? *code : 99);
        }
        ::close(pipe[1]);
        pipe[1] = -1;
    }

    int stopped_with() {
        ::waitpid(supervisor, &status, 0);
        supervisor = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
};

TEST(Supervisor, StartsAgainAChildThatIsKilled) {
    children = {{"resolver", StopStage::Faces, patient("resolver"), "nothing is lost"}};
    launch();
    const std::string first = heard();

    ::kill(std::stoi(first), SIGKILL);

    const std::string second = heard();
    CHECK(!second.empty());
    CHECK(first != second);
    ::kill(supervisor, SIGTERM);
    STRCMP_EQUAL("resolver stopped", heard().c_str());
    LONGS_EQUAL(0, stopped_with());
}

TEST(Supervisor, StopsFacesThenTheKeeperThenTheWeb) {
    children = {{"web", StopStage::Web, patient("web"), ""},
                {"keeper", StopStage::Keeper, patient("keeper"), ""},
                {"sniffer", StopStage::Faces, patient("sniffer"), ""}};
    launch();
    (void)heard();
    (void)heard();
    (void)heard();

    ::kill(supervisor, SIGTERM);

    STRCMP_EQUAL("sniffer stopped", heard().c_str());
    STRCMP_EQUAL("keeper stopped", heard().c_str());
    STRCMP_EQUAL("web stopped", heard().c_str());
    LONGS_EQUAL(0, stopped_with());
}

TEST(Supervisor, ForcesAChildThatDoesNotStop) {
    children = {{"deaf", StopStage::Faces,
                 [this](const std::stop_token&) {
                     say("deaf");
                     while (true) {
                         ::pause();
                     }
                     return 0;
                 },
                 ""}};
    launch();
    STRCMP_EQUAL("deaf", heard().c_str());

    ::kill(supervisor, SIGTERM);

    LONGS_EQUAL(0, stopped_with());
    STRCMP_EQUAL("", heard().c_str());  // nobody holds the pipe any more: the child is gone
}

TEST(Supervisor, GivesUpWhenAChildCannotEverStart) {
    constexpr int kPortTaken = 69;
    children = {{"keeper", StopStage::Keeper, patient("keeper"), ""},
                {"web", StopStage::Web, [](const std::stop_token&) { return kPortTaken; }, ""}};
    launch();

    LONGS_EQUAL(kPortTaken, stopped_with());
}

TEST(Supervisor, WaitsLongerWhenAChildKeepsDying) {
    times.delay_first = times.delay_max = std::chrono::hours(1);
    times.steady_after = std::chrono::hours(1);
    children = {{"sickly", StopStage::Faces,
                 [this](const std::stop_token&) {
                     say("born");
                     return 1;
                 },
                 ""}};
    launch();

    STRCMP_EQUAL("born", heard().c_str());
    STRCMP_EQUAL("born", heard().c_str());  // the first time at once
    STRCMP_EQUAL("", heard(200).c_str());
    ::kill(supervisor, SIGTERM);
    LONGS_EQUAL(0, stopped_with());
}

TEST(Supervisor, RunsATaskOnceAndTellsHowItEnded) {
    children = {{"keeper", StopStage::Keeper, patient("keeper"), ""}};
    arrange = [this](Supervisor& under_test) {
        under_test.on_hangup([this, &under_test] {
            under_test.run_once(
                "lists", [](const std::stop_token&) { return 7; },
                [this](int code) { say("done " + std::to_string(code)); });
            under_test.run_once(
                "lists", [](const std::stop_token&) { return ::raise(SIGKILL); },
                [this](int code) { say("done " + std::to_string(code)); });
        });
    };
    launch();
    (void)heard();

    ::kill(supervisor, SIGHUP);

    std::vector<std::string> ends{heard(), heard()};
    std::sort(ends.begin(), ends.end());
    STRCMP_EQUAL("done -1", ends[0].c_str());
    STRCMP_EQUAL("done 7", ends[1].c_str());
    ::kill(supervisor, SIGTERM);
    LONGS_EQUAL(0, stopped_with());
}

TEST(Supervisor, RunsATaskInItsTimeWithoutRights) {
    children = {{"keeper", StopStage::Keeper, patient("keeper"), ""}};
    arrange = [this](Supervisor& under_test) {
        const auto task = [](const std::stop_token&) {
            std::ifstream file("/proc/thread-self/status");
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            return text.find("CapEff:\t0000000000000000") != std::string::npos ? 7 : 8;
        };
        const auto done = [this](int code) { say("done " + std::to_string(code)); };
        under_test.run_later(milliseconds(300), "fetch", task, done);
        under_test.run_later(milliseconds(100), "never", task, done);
        under_test.retire("never");
    };
    launch();

    (void)heard();
    STRCMP_EQUAL("", heard(150).c_str());
    STRCMP_EQUAL("done 7", heard().c_str());
    STRCMP_EQUAL("", heard(100).c_str());
    ::kill(supervisor, SIGTERM);
    LONGS_EQUAL(0, stopped_with());
}

TEST(Supervisor, RenewsAChildInGoodOrder) {
    children = {{"resolver", StopStage::Faces, patient("resolver"), ""}};
    arrange = [](Supervisor& under_test) {
        under_test.on_hangup([&under_test] { under_test.renew("resolver"); });
    };
    launch();
    const std::string first = heard();

    ::kill(supervisor, SIGHUP);

    STRCMP_EQUAL("resolver stopped", heard().c_str());
    const std::string second = heard();
    CHECK(!second.empty());
    CHECK(first != second);
    ::kill(supervisor, SIGTERM);
    LONGS_EQUAL(0, stopped_with());
}

TEST(Supervisor, RetiresAChildForGoodAndTellsOfItsEnd) {
    children = {{"gate", StopStage::Faces, patient("gate"), ""},
                {"keeper", StopStage::Keeper, patient("keeper"), ""}};
    arrange = [this](Supervisor& under_test) {
        under_test.on_hangup([&under_test] { under_test.retire("gate"); });
        under_test.on_life([this, &under_test](std::string_view name, Life life) {
            if (life == Life::Ended) {
                say(std::string(name) + (under_test.is_stopping() ? " over" : " retired"));
            }
        });
    };
    launch();
    (void)heard();
    (void)heard();

    ::kill(supervisor, SIGHUP);

    STRCMP_EQUAL("gate stopped", heard().c_str());
    STRCMP_EQUAL("gate retired", heard().c_str());
    STRCMP_EQUAL("", heard(200).c_str());  // it is not started again
    ::kill(supervisor, SIGTERM);
    STRCMP_EQUAL("keeper stopped", heard().c_str());
    STRCMP_EQUAL("keeper over", heard().c_str());
    LONGS_EQUAL(0, stopped_with());
}

TEST(Supervisor, TakesItsChildrenWithItWhenItIsKilled) {
    children = {{"keeper", StopStage::Keeper, patient("keeper"), ""}};
    launch();
    (void)heard();

    ::kill(supervisor, SIGKILL);

    STRCMP_EQUAL("keeper stopped", heard().c_str());
    LONGS_EQUAL(-SIGKILL, stopped_with());
}
