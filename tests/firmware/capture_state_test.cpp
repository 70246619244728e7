#include "firmware/capture_state.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(CaptureState) {
    CaptureState state;
    std::atomic<std::uint64_t> dropped = 0;

    std::uint64_t count(std::string_view name) const {
        for (std::size_t at = 0; at < kSnifferCounts.size(); ++at) {
            if (kSnifferCounts.at(at).name == name) {
                return state.counts.at(at);
            }
        }
        return ~std::uint64_t{0};
    }
};

TEST(CaptureState, ShowsInterfacesByNameOnlyWhereThereAreSome) {
    InterfaceState& lan = state.interfaces.at(0);
    lan.name("br-lan");
    lan.state(capture::WatchState::Watched);
    lan.add({10, 2});
    state.interfaces.at(1).name("fifteen-letters");
    state.interfaces.at(2).name("eth0");
    state.interfaces.at(2).name("");

    STRCMP_EQUAL("br-lan", lan.shown()->name.c_str());
    CHECK(lan.shown()->state == capture::WatchState::Watched);
    LONGS_EQUAL(10, lan.shown()->loss.received);
    LONGS_EQUAL(2, lan.shown()->loss.dropped);
    STRCMP_EQUAL("fifteen-letters", state.interfaces.at(1).shown()->name.c_str());
    CHECK_FALSE(state.interfaces.at(2).shown().has_value());
    CHECK_FALSE(state.interfaces.at(3).shown().has_value());
}

TEST(CaptureState, AddsWhatIsNewOfEachSniffer) {
    capture::SnifferCounters counters;
    CaptureTally lan(state, dropped, state.interfaces.data());
    CaptureTally file(state, dropped, nullptr);
    counters.packets = 100;
    counters.clues_held_back = 1;
    lan.add(counters, {100, 5});
    counters.packets = 150;
    lan.add(counters, {150, 6});
    file.add(counters, {});

    LONGS_EQUAL(300, count("packets"));
    LONGS_EQUAL(2, count("clues_held_back"));
    LONGS_EQUAL(6, dropped);
    state.interfaces.front().name("lan0");
    LONGS_EQUAL(150, state.interfaces.front().shown()->loss.received);
}
