#include "capture/flow_table.h"

#include "capture/frame.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::Endpoint;
using sporvakt::IpAddress;
using sporvakt::Timestamp;
using sporvakt::devices::DeviceId;
using std::chrono::seconds;

namespace {

Endpoint endpoint(std::string_view text) {
    return *Endpoint::from_text(text);
}

/// Address number `host` of a big network.
Endpoint host_of(std::uint32_t host, std::uint16_t port) {
    const std::array<std::uint8_t, 4> bytes{10, static_cast<std::uint8_t>(host >> 16U),
                                            static_cast<std::uint8_t>(host >> 8U),
                                            static_cast<std::uint8_t>(host)};
    return {*IpAddress::from_bytes(bytes), port};
}

}  // namespace

TEST_GROUP(FlowTable) {
    std::size_t ended = 0;
    FlowTable flows{[this](Flow&) { ++ended; }};
    Endpoint server = endpoint("203.0.113.80:443");

    Flow* begin(const Endpoint& client, Timestamp at = {}) {
        Flow* flow =
            flows.begin(FlowKey::of(kProtocolTcp, client, server), DeviceId(client.address));
        if (flow != nullptr) {
            flow->client = client;
            flow->server = server;
            flow->first_seen = at;
            flow->last_seen = at;
        }
        return flow;
    }
};

TEST(FlowTable, FindsAFlowFromEitherEnd) {
    const auto client = endpoint("192.168.1.20:40000");
    const Flow* flow = begin(client);

    POINTERS_EQUAL(flow, flows.find(FlowKey::of(kProtocolTcp, client, server)));
    POINTERS_EQUAL(flow, flows.find(FlowKey::of(kProtocolTcp, server, client)));
}

TEST(FlowTable, TellsFlowsApartByEveryPartOfTheirKey) {
    const auto client = endpoint("192.168.1.20:40000");
    begin(client);

    POINTERS_EQUAL(nullptr, flows.find(FlowKey::of(kProtocolUdp, client, server)));
    POINTERS_EQUAL(nullptr,
                   flows.find(FlowKey::of(kProtocolTcp, endpoint("192.168.1.20:40001"), server)));
    POINTERS_EQUAL(nullptr,
                   flows.find(FlowKey::of(kProtocolTcp, endpoint("192.168.1.21:40000"), server)));
    POINTERS_EQUAL(nullptr,
                   flows.find(FlowKey::of(kProtocolTcp, client, endpoint("203.0.113.80:80"))));
}

TEST(FlowTable, ForgetsAFlowThatEnds) {
    const auto client = endpoint("192.168.1.20:40000");
    flows.end(*begin(client));

    LONGS_EQUAL(1, ended);
    LONGS_EQUAL(0, flows.size());
    POINTERS_EQUAL(nullptr, flows.find(FlowKey::of(kProtocolTcp, client, server)));
}

TEST(FlowTable, SweepsAwayWhatWasSilentTooLong) {
    begin(endpoint("192.168.1.20:40000"), Timestamp(seconds(0)));
    begin(endpoint("192.168.1.20:40001"), Timestamp(seconds(400)));
    for (std::size_t i = 0; i < FlowTable::kSweeps; ++i) {
        flows.sweep(Timestamp(seconds(500)));
    }

    LONGS_EQUAL(1, flows.size());
}

TEST(FlowTable, WaitsAsLongAsTheKindOfFlowDeserves) {
    Flow flow;
    const auto is_over_after = [&](seconds silence) { return flow.is_over(Timestamp(silence)); };

    CHECK_TRUE(is_over_after(seconds(301)));
    flow.has_client_isn = true;  // a SYN and no more
    CHECK_TRUE(is_over_after(seconds(11)));
    flow.has_sent = true;
    CHECK_FALSE(is_over_after(seconds(299)));
    flow.judgement = Judgement::Recorded;
    CHECK_FALSE(is_over_after(seconds(7000)));
    flow.is_closed = true;
    CHECK_TRUE(is_over_after(seconds(6)));

    Flow datagrams;
    datagrams.transport = FlowTransport::Udp;
    CHECK_TRUE(datagrams.is_over(Timestamp(seconds(61))));
    datagrams.transport = FlowTransport::Quic;
    CHECK_FALSE(datagrams.is_over(Timestamp(seconds(119))));
}

TEST(FlowTable, NeverHoldsMoreThanItMayInAFlood) {
    constexpr std::uint32_t kFlood = FlowTable::kFlowsMax + 5000;
    for (std::uint32_t host = 0; host < kFlood; ++host) {
        begin(host_of(host, 1000), Timestamp(seconds(host)));
    }

    CHECK(flows.size() <= FlowTable::kFlowsMax);
    CHECK(flows.pushed_out() > 0);
    LONGS_EQUAL(kFlood, flows.size() + ended);
}

TEST(FlowTable, LetsUnnamedFlowsGiveWayToNamedOnes) {
    for (std::uint32_t host = 0; host < 100; ++host) {
        begin(host_of(host, 1000), Timestamp(seconds(0)))->name = "kept.example";
    }
    for (std::uint32_t host = 100; host < FlowTable::kFlowsMax + 5000; ++host) {
        begin(host_of(host, 1000), Timestamp(seconds(host)));
    }

    for (std::uint32_t host = 0; host < 100; ++host) {
        CHECK(flows.find(FlowKey::of(kProtocolTcp, host_of(host, 1000), server)) != nullptr);
    }
}

TEST(FlowTable, GivesNoDeviceMoreThanItsShare) {
    const auto victim = endpoint("192.168.1.20:40000");
    begin(victim);
    const auto flooder = endpoint("192.168.1.66:1").address;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        const Endpoint client{flooder, static_cast<std::uint16_t>(i)};
        server.port = static_cast<std::uint16_t>(i / 10'000);
        begin(client, Timestamp(seconds(i)));
    }

    CHECK(flows.size() <= FlowTable::kShareMax + 1);
    server.port = 443;
    CHECK(flows.find(FlowKey::of(kProtocolTcp, victim, server)) != nullptr);
}

TEST(FlowTable, EndsAllInTheOrderInWhichTheyBegan) {
    std::vector<Timestamp> order;
    FlowTable others([&](Flow& flow) { order.push_back(flow.first_seen); });
    for (const int second : {3, 1, 2}) {
        const auto client = host_of(static_cast<std::uint32_t>(second), 1000);
        others.begin(FlowKey::of(kProtocolTcp, client, server), DeviceId(client.address))
            ->first_seen = Timestamp(seconds(second));
    }
    others.end_all();

    CHECK(order ==
          (std::vector{Timestamp(seconds(1)), Timestamp(seconds(2)), Timestamp(seconds(3))}));
}
