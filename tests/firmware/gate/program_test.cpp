#include "firmware/gate/program.h"

#include <csignal>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using sporvakt::firmware::kProgramOutputMax;
using sporvakt::firmware::run_program;
using std::chrono::milliseconds;

namespace {
constexpr milliseconds kLong{20'000};
}

TEST_GROUP(Program){};

TEST(Program, GivesItsInputAndTakesItsOutputAndErrors) {
    const auto end = run_program({"sh", "-c", "cat; echo wrong >&2; exit 3"}, "text\n", kLong);

    LONGS_EQUAL(3, end->code);
    STRCMP_EQUAL("text\nwrong\n", end->output.c_str());
}

TEST(Program, IsNotFound) {
    const auto end = run_program({"no-such-program-here"}, "", kLong);

    CHECK_FALSE(end.has_value());
    CHECK(end.error().code == Errc::NotFound);
    STRCMP_CONTAINS("no-such-program-here", end.error().message.c_str());
}

TEST(Program, IsEndedWhenItTakesTooLong) {
    const auto began = std::chrono::steady_clock::now();
    const auto silent = run_program({"sleep", "60"}, "", milliseconds(50));
    const auto closed =
        run_program({"sh", "-c", "exec >&- 2>&-; exec sleep 60"}, "", milliseconds(50));

    LONGS_EQUAL(-1, silent->code);
    LONGS_EQUAL(-1, closed->code);
    CHECK(std::chrono::steady_clock::now() - began < kLong);
}

TEST(Program, KeepsSoMuchOfItsOutput) {
    const auto end = run_program({"head", "-c", "1000000", "/dev/zero"}, "", kLong);

    LONGS_EQUAL(0, end->code);
    LONGS_EQUAL(kProgramOutputMax, end->output.size());
}

TEST(Program, MayEndWithoutReadingItsInput) {
    const auto end = run_program({"true"}, std::string(300'000, 'x'), kLong);

    LONGS_EQUAL(0, end->code);
}

TEST(Program, StartsWithNoSignalBlocked) {
    sigset_t blocked{};
    sigset_t before{};
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    const auto end = run_program({"sh", "-c", "kill -TERM $$; echo still here"}, "", kLong);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);

    LONGS_EQUAL(-1, end->code);
    STRCMP_EQUAL("", end->output.c_str());
}
