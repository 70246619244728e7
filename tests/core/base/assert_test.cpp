#include "core/base/assert.h"

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

TEST_GROUP(Assert){};

TEST(Assert, LetsAKeptPromisePass) {
    SPORVAKT_ASSERT(1 + 1 == 2);
}

TEST(Assert, EndsTheProcessOnABrokenOne) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(STDERR_FILENO);
        SPORVAKT_ASSERT(1 + 1 == 3);
        ::_exit(0);
    }
    int status = 0;
    LONGS_EQUAL(child, ::waitpid(child, &status, 0));

    CHECK_TRUE(WIFSIGNALED(status));
    LONGS_EQUAL(SIGABRT, WTERMSIG(status));
}
