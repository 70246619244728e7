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
    NamePool names;
    std::size_t ended = 0;
    FlowTable flows{[this](Flow&) { ++ended; }};
    Endpoint server = endpoint("203.0.113.80:443");

    Flow* begin(const Endpoint& client, Timestamp at = {}) {
        Flow* flow = flows.begin(kProtocolTcp, {client, server, DeviceId(client.address)});
        if (flow != nullptr) {
            flow->first_seen = at;
            flow->last_seen = at;
        }
        return flow;
    }
    /// One that went both ways.
    Flow& answered(const Endpoint& client) {
        Flow& flow = *begin(client);
        flow.packets_up = 1;
        flow.packets_down = 1;
        return flow;
    }
    /// How many of these hosts' flows are still there.
    std::uint32_t count_of(std::uint32_t from, std::uint32_t to) {
        std::uint32_t count = 0;
        for (std::uint32_t host = from; host < to; ++host) {
            const auto key = FlowKey::of(kProtocolTcp, host_of(host, 1000), server);
            count += flows.find(key) != nullptr ? 1U : 0U;
        }
        return count;
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

TEST(FlowTable, NeverHoldsMoreThanItMayInAFlood) {
    constexpr std::uint32_t kFlood = FlowTable::kFlowsMax + 5000;
    for (std::uint32_t host = 0; host < kFlood; ++host) {
        begin(host_of(host, 1000), Timestamp(seconds(host)));
    }

    CHECK(flows.size() <= FlowTable::kFlowsMax);
    CHECK(flows.counters().pushed_out > 0);
    LONGS_EQUAL(kFlood, flows.size() + ended);
}

TEST(FlowTable, LetsUnnamedFlowsGiveWayToNamedOnes) {
    for (std::uint32_t host = 0; host < 100; ++host) {
        answered(host_of(host, 1000)).attribute().claimed = names.take("kept.example");
    }
    for (std::uint32_t host = 100; host < FlowTable::kFlowsMax + 5000; ++host) {
        answered(host_of(host, 1000)).last_seen = Timestamp(seconds(host));
    }

    LONGS_EQUAL(100, count_of(0, 100));
}

TEST(FlowTable, LetsWhatNobodyAnsweredGiveWayWhateverItCallsItself) {
    for (std::uint32_t host = 0; host < 100; ++host) {
        answered(host_of(host, 1000));
    }
    for (std::uint32_t host = 100; host < FlowTable::kFlowsMax + 5000; ++host) {
        Flow& decoy = *begin(host_of(host, 1000), Timestamp(seconds(host)));
        decoy.packets_up = 1;
        decoy.attribute().claimed = names.take("decoy.example");
        decoy.judgement = Judgement::Recorded;
    }

    LONGS_EQUAL(100, count_of(0, 100));
}

TEST(FlowTable, KeepsWhatGoesOnInAMillionHalfOpenFlows) {
    // A thousand flows go on while a million others begin and are never answered: every device of
    // the flood stays below its share.
    for (std::uint32_t host = 0; host < 1000; ++host) {
        answered(host_of(host, 1000)).attribute().claimed = names.take("real.example");
    }
    for (std::uint32_t number = 0; number < 1'000'000; ++number) {
        begin(host_of(0x100000 + number % 60'000, static_cast<std::uint16_t>(number / 60'000)),
              Timestamp(std::chrono::milliseconds(number)));
    }

    LONGS_EQUAL(1000, count_of(0, 1000));
    CHECK(flows.size() <= FlowTable::kFlowsMax);
    LONGS_EQUAL(1'001'000, flows.counters().begun);
    LONGS_EQUAL(1'001'000, flows.size() + flows.counters().pushed_out);
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
    LONGS_EQUAL(20'001, flows.counters().begun + flows.counters().refused);
    CHECK(flows.counters().begun - flows.counters().pushed_out == flows.size());
    server.port = 443;
    CHECK(flows.find(FlowKey::of(kProtocolTcp, victim, server)) != nullptr);
}

TEST(FlowTable, EndsAllInTheOrderInWhichTheyBegan) {
    std::vector<Timestamp> order;
    FlowTable others([&](Flow& flow) { order.push_back(flow.first_seen); });
    for (const int second : {3, 1, 2}) {
        const auto client = host_of(static_cast<std::uint32_t>(second), 1000);
        others.begin(kProtocolTcp, {client, server, DeviceId(client.address)})->first_seen =
            Timestamp(seconds(second));
    }
    others.end_all();

    CHECK(order ==
          (std::vector{Timestamp(seconds(1)), Timestamp(seconds(2)), Timestamp(seconds(3))}));
}

TEST(FlowTable, LetsWhoHasMostFlowsMakeRoomForNames) {
    const auto begin_named = [&](const Endpoint& client, const std::string& name) {
        Flow& flow = answered(client);
        flow.attribute().claimed = names.take(name);
        return &flow;
    };
    for (std::uint16_t port = 1; port <= 200; ++port) {
        begin_named(host_of(1, port), "good" + std::to_string(port) + ".example");
    }
    for (std::uint16_t port = 1; port <= 10'000; ++port) {
        begin_named(host_of(2, port), "flood" + std::to_string(port) + ".example");
    }
    for (int i = 0; i < 9000; ++i) {
        CHECK_TRUE(flows.push_out_named(nullptr));
    }

    LONGS_EQUAL(1200, names.size());
    for (std::uint16_t port = 1; port <= 200; ++port) {
        const auto key = FlowKey::of(kProtocolTcp, host_of(1, port), server);
        CHECK(flows.find(key) != nullptr);
    }
}

TEST(FlowTable, PushesOutForNamesNeitherTheSparedNorThoseOfManyNorTheUnnamed) {
    Flow& spared = answered(host_of(1, 1000));
    spared.attribute().claimed = names.take("spared.example");
    for (std::uint32_t host = 2; host < 2 + FlowTable::kManyCopies; ++host) {
        answered(host_of(host, 1000)).attribute().claimed = names.take("shared.example");
    }
    answered(host_of(100, 1000));
    std::size_t pushed = 0;
    for (std::size_t i = 0; i < FlowTable::kFlowsMax; ++i) {
        pushed += flows.push_out_named(&spared) ? 1U : 0U;
    }

    LONGS_EQUAL(0, pushed);
    LONGS_EQUAL(2 + FlowTable::kManyCopies, flows.size());
}
