#include "capture/sources/clock_watch.h"

#include "tests/support/hand_clock.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_GROUP(ClockWatch) {
    HandClock clock;
    ClockWatch watch{clock};

    milliseconds packet_now() {
        return watch.at_packet(clock.now());
    }
};

TEST(ClockWatch, TakesSilenceForSilence) {
    CHECK(packet_now() == milliseconds(0));
    clock.turn(hours(7));
    CHECK(packet_now() == milliseconds(0));
}

TEST(ClockWatch, TellsHowFarTheClockWasSetOnce) {
    packet_now();
    clock.turn(seconds(5));
    clock.set_by(hours(24 * 365));
    CHECK(packet_now() == hours(24 * 365));
    clock.turn(milliseconds(20));
    CHECK(packet_now() == milliseconds(0));

    clock.set_by(-hours(3));
    CHECK(packet_now() == -hours(3));
}

TEST(ClockWatch, AProcessThatWasHeldUpIsNoClockThatWasSet) {
    packet_now();
    const auto stamped = clock.now() + milliseconds(10);
    clock.turn(seconds(30));  // the packets wait in the kernel, with their own times
    CHECK(watch.at_packet(stamped) == milliseconds(0));
    CHECK(watch.at_packet(clock.now()) == milliseconds(0));
}

TEST(ClockWatch, PacketsFromBeforeComeWithTheTimeOfBefore) {
    packet_now();
    clock.turn(seconds(2));
    const auto stamped_before = clock.now() - seconds(1);
    clock.set_by(hours(10));  // while a packet waits
    CHECK(watch.at_packet(stamped_before) == milliseconds(0));
    CHECK(packet_now() == hours(10));
}

TEST(ClockWatch, LeavesWhatIsNoLeapAlone) {
    packet_now();
    clock.set_by(milliseconds(900));
    CHECK(packet_now() == milliseconds(0));
}
