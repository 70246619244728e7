#include "core/store/map_guard.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <CppUTest/TestHarness.h>

using sporvakt::store::MapGuard;
using std::chrono::milliseconds;

TEST_GROUP(MapGuard) {
    MapGuard guard;
};

TEST(MapGuard, NobodyIsAloneWhileAnotherIsInside) {
    guard.enter();
    CHECK_FALSE(guard.enter_alone(milliseconds(0)));

    guard.leave();
    CHECK_TRUE(guard.enter_alone(milliseconds(0)));
    guard.leave_alone();
}

TEST(MapGuard, OnlyOneIsAlone) {
    CHECK_TRUE(guard.enter_alone(milliseconds(0)));
    CHECK_FALSE(guard.enter_alone(milliseconds(0)));
    guard.leave_alone();
}

TEST(MapGuard, AFailedAttemptLetsOthersInAgain) {
    guard.enter();
    CHECK_FALSE(guard.enter_alone(milliseconds(0)));

    guard.enter();  // would wait for ever if the attempt had left the door shut
    guard.leave();
    guard.leave();
}

TEST(MapGuard, WhoEntersWaitsForTheOneThatIsAlone) {
    std::atomic<bool> is_alone{true};
    bool met_nobody = false;
    CHECK_TRUE(guard.enter_alone(milliseconds(0)));

    std::thread late([&] {
        guard.enter();
        met_nobody = !is_alone;
        guard.leave();
    });
    is_alone = false;
    guard.leave_alone();
    late.join();

    CHECK_TRUE(met_nobody);
}
