#include "firmware/shared_bytes.h"

#include <algorithm>

#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using sporvakt::firmware::SharedBytes;

TEST_GROUP(SharedBytes){};

TEST(SharedBytes, BeginAsZerosAndKeepWhatAChildWrote) {
    const auto shared = SharedBytes::create(100'000);
    CHECK(shared.has_value());
    const auto bytes = shared->bytes();
    LONGS_EQUAL(100'000, bytes.size());
    CHECK(std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0; }));

    const pid_t child = ::fork();
    if (child == 0) {
        bytes.back() = 7;
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);

    LONGS_EQUAL(7, bytes.back());
}

TEST(SharedBytes, FailWhenThereIsNoSuchRoom) {
    CHECK_FALSE(SharedBytes::create(SIZE_MAX / 2).has_value());
}
