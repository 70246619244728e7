#include "core/base/stop_wait.h"

#include <chrono>
#include <stop_token>
#include <thread>

#include <CppUTest/TestHarness.h>

using sporvakt::wait_for_stop;
using namespace std::chrono_literals;

TEST_GROUP(StopWait) {
    std::stop_source stop;

    static auto now() {
        return std::chrono::steady_clock::now();
    }
};

TEST(StopWait, ReturnsWhenItIsStopped) {
    const std::jthread other([this] { stop.request_stop(); });

    wait_for_stop(stop.get_token());

    CHECK_TRUE(stop.stop_requested());
}

TEST(StopWait, ReturnsWhenTimeIsOver) {
    const auto began = now();

    wait_for_stop(stop.get_token(), 20ms);

    CHECK(now() - began >= 20ms);
    CHECK_FALSE(stop.stop_requested());
}

TEST(StopWait, DoesNotWaitForTheTimeOnceItIsStopped) {
    const std::jthread other([this] { stop.request_stop(); });

    wait_for_stop(stop.get_token(), 1h);

    CHECK_TRUE(stop.stop_requested());
}
