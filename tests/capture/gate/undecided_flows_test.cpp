#include "capture/gate/undecided_flows.h"

#include "tests/support/packets/packet_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::Endpoint;
using sporvakt::IpAddress;
using sporvakt::devices::DeviceId;

TEST_GROUP(UndecidedFlows) {
    UndecidedFlows flows;
    Octets bytes = ethernet(kEthertypeIpv4, ipv4({}, tcp({}, {})));
    Frame first = *decode_frame(packet(bytes));

    static FlowKey key(std::size_t number) {
        const IpAddress client = *IpAddress::from_text("192.168.1.20");
        const IpAddress server =
            *IpAddress::from_text(number < 60'000 ? "203.0.113.80" : "203.0.113.81");
        return FlowKey::of(6, {client, static_cast<std::uint16_t>(number % 60'000 + 1)},
                           {server, 443});
    }
    static DeviceId device(const char* address) {
        return DeviceId(*IpAddress::from_text(address));
    }
    UndecidedFlow& begin(std::size_t number, const char* of = "192.168.1.20") {
        return flows.begin(key(number), device(of), first);
    }
    void fill(const char* of, std::size_t from, std::size_t count) {
        for (std::size_t number = from; number < from + count; ++number) {
            begin(number, of).held.push_back({});
        }
    }
};

TEST(UndecidedFlows, FindsWhatBeganUntilItIsErased) {
    UndecidedFlow& flow = begin(1);
    POINTERS_EQUAL(&flow, flows.find(key(1)));
    POINTERS_EQUAL(nullptr, flows.find(key(2)));

    flows.erase(flow);

    POINTERS_EQUAL(nullptr, flows.find(key(1)));
    LONGS_EQUAL(0, flows.size());
}

TEST(UndecidedFlows, HasRoomForOthersWhenOneDeviceHasHadItsShare) {
    fill("192.168.1.20", 0, UndecidedFlows::kShareMax);

    POINTERS_EQUAL(flows.find(key(0)), flows.in_the_way_of(device("192.168.1.20")));
    POINTERS_EQUAL(nullptr, flows.in_the_way_of(device("192.168.1.21")));
}

TEST(UndecidedFlows, GivesAShareBackWithTheFlow) {
    fill("192.168.1.20", 0, UndecidedFlows::kShareMax);
    flows.erase(*flows.find(key(7)));

    POINTERS_EQUAL(nullptr, flows.in_the_way_of(device("192.168.1.20")));
}

TEST(UndecidedFlows, WantsTheOldestThatHoldsNothingToGoFirst) {
    fill("192.168.1.20", 0, UndecidedFlows::kShareMax);
    flows.find(key(9))->held.clear();

    POINTERS_EQUAL(flows.find(key(9)), flows.in_the_way_of(device("192.168.1.20")));
}

TEST(UndecidedFlows, IsFullWithFourDevices) {
    const char* devices[] = {"192.168.1.20", "192.168.1.21", "192.168.1.22", "192.168.1.23"};
    std::size_t from = 0;
    for (const char* one : devices) {
        fill(one, from, UndecidedFlows::kShareMax);
        from += UndecidedFlows::kShareMax;
    }
    LONGS_EQUAL(UndecidedFlows::kFlowsMax, flows.size());
    POINTERS_EQUAL(flows.find(key(0)), flows.in_the_way_of(device("192.168.1.99")));
}

TEST(UndecidedFlows, VisitsAllAlsoWhileTheyAreErased) {
    fill("192.168.1.20", 0, 10);
    std::size_t visited = 0;
    flows.each([&](UndecidedFlow& flow) {
        ++visited;
        flows.erase(flow);
    });
    LONGS_EQUAL(10, visited);
    LONGS_EQUAL(0, flows.size());
}
