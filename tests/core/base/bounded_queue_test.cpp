#include "core/base/bounded_queue.h"

#include <thread>

#include <CppUTest/TestHarness.h>

using sporvakt::BoundedQueue;

TEST_GROUP(BoundedQueue){};

TEST(BoundedQueue, RefusesWhatDoesNotFit) {
    BoundedQueue<int> queue(1);

    CHECK_TRUE(queue.try_push(1));
    CHECK_FALSE(queue.try_push(2));
}

TEST(BoundedQueue, DrainsBeforeItStops) {
    BoundedQueue<int> queue(2);
    int sum = 0;
    std::jthread consumer([&](std::stop_token stop) {
        while (const auto value = queue.pop(stop)) {
            sum += *value;
        }
    });
    CHECK_TRUE(queue.try_push(20));
    CHECK_TRUE(queue.try_push(22));
    consumer.request_stop();
    consumer.join();

    LONGS_EQUAL(42, sum);
}
