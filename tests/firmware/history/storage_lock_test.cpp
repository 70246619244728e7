#include "firmware/history/storage_lock.h"

#include "tests/support/temporary_folder.h"

#include <csignal>
#include <memory>

#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using firmware::StorageLock;
using std::chrono::milliseconds;

TEST_GROUP(StorageLock) {
    test::TemporaryFolder folder;

    bool is_free() const {
        const auto taken = StorageLock::take(folder.path(), milliseconds(0));
        CHECK_TRUE(taken.has_value());
        return taken->has_value();
    }
};

TEST(StorageLock, IsHadByOne) {
    {
        const auto held = StorageLock::take(folder.path(), milliseconds(0));
        CHECK_TRUE(held->has_value());
        CHECK_FALSE(is_free());
    }
    CHECK_TRUE(is_free());
}

TEST(StorageLock, StaysWithTheChildrenOfItsProcessUntilTheyEnd) {
    auto held = std::make_unique<Result<std::optional<StorageLock>>>(
        StorageLock::take(folder.path(), milliseconds(0)));
    const pid_t child = ::fork();
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    held.reset();
    CHECK_FALSE(is_free());
    ::kill(child, SIGKILL);
    int status = 0;
    CHECK_EQUAL(child, ::waitpid(child, &status, 0));
    CHECK_TRUE(StorageLock::take(folder.path(), milliseconds(5000))->has_value());
}

TEST(StorageLock, NeedsAFolder) {
    CHECK_FALSE(StorageLock::take(folder.file("missing"), milliseconds(0)).has_value());
}
