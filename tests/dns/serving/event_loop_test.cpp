#include "dns/serving/event_loop.h"

#include <array>
#include <memory>
#include <string>
#include <thread>

#include <sys/socket.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::FileDescriptor;

TEST_GROUP(EventLoop) {
    std::unique_ptr<EventLoop> loop;
    FileDescriptor near_end;
    FileDescriptor far_end;

    void setup() override {
        loop = *EventLoop::create();
        std::array<int, 2> ends{};
        CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
        near_end = FileDescriptor(ends[0]);
        far_end = FileDescriptor(ends[1]);
    }
};

TEST(EventLoop, RunsWhatOtherThreadsPostInOrder) {
    int sum = 0;
    std::thread poster([&] {
        loop->post([&] { sum = sum * 10 + 1; });
        loop->post([&] { sum = sum * 10 + 2; });
        loop->stop();
    });
    loop->run();
    poster.join();

    LONGS_EQUAL(12, sum);
}

TEST(EventLoop, TellsWhenADescriptorIsReadable) {
    const auto watch = loop->when_readable(near_end.get(), [&] { loop->stop(); });
    CHECK(write(far_end.get(), "x", 1) == 1);

    loop->run();
}

TEST(EventLoop, TellsWhenADescriptorIsWritable) {
    const auto watch = loop->when_writable(near_end.get(), [&] { loop->stop(); });

    loop->run();
}

TEST(EventLoop, ForgetsAWatchThatEndsItself) {
    int runs = 0;
    std::unique_ptr<EventLoop::Watch> watch;
    watch = loop->when_readable(near_end.get(), [&] {
        ++runs;
        watch.reset();
        loop->post([&] { loop->stop(); });
    });
    CHECK(write(far_end.get(), "x", 1) == 1);

    loop->run();

    LONGS_EQUAL(1, runs);
}

TEST(EventLoop, RepeatsAPeriod) {
    int runs = 0;
    const auto watch = loop->every(std::chrono::milliseconds(1), [&] {
        if (++runs == 3) {
            loop->stop();
        }
    });

    loop->run();

    CHECK(runs >= 3);
}

TEST(EventLoop, MayBeStoppedBeforeItRuns) {
    loop->stop();
    loop->run();
}

TEST(EventLoop, TellsWhenATurnHasEnded) {
    std::string order;
    loop->after_each_turn([&] { order += '.'; });
    loop->post([&] {
        order += "a";
        loop->post([&] {
            order += "c";
            loop->stop();
        });
    });
    loop->post([&] { order += "b"; });

    loop->run();

    STRCMP_EQUAL("ab.c..", order.c_str());
}
