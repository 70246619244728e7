#include "dns/serving/udp_server.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_client.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_worker_rig.h"
#include "tests/support/dns/tls_house.h"
#include "tests/support/packets/packet_builder.h"

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Endpoint;
using sporvakt::IpAddress;
using sporvakt::IpPrefix;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsReading;
using sporvakt::test::DnsWorkerRig;
using sporvakt::test::TlsHouse;

TEST_GROUP(UdpServer) {
    DnsWorkerRig rig;

    static DnsBuilder query_of(const std::string& name) {
        return DnsBuilder::query(name, 1);
    }
};

TEST(UdpServer, AnswersABurstThatIsLongerThanABatch) {
    rig.start();
    DnsClient client = DnsClient::udp(rig.endpoint);
    constexpr std::uint16_t kBurst = 200;
    for (std::uint16_t id = 0; id < kBurst; ++id) {
        client.send(DnsBuilder::query("tracker.example", 1).id(id).build());
    }

    for (std::uint16_t id = 0; id < kBurst; ++id) {
        LONGS_EQUAL(id, DnsReading(client.receive()).id());
    }
    LONGS_EQUAL(kBurst, rig.house.sink.sightings().size());
}

TEST(UdpServer, DropsWhatDeservesNoAnswerAndServesTheNext) {
    rig.start();
    DnsClient client = DnsClient::udp(rig.endpoint);
    client.send({1, 2, 3});
    client.send({});
    client.send(DnsBuilder::query("tracker.example", 1).id(5).build());

    LONGS_EQUAL(5, DnsReading(client.receive()).id());
    LONGS_EQUAL(2, rig.counted(Count::TooShort));
}

TEST(UdpServer, TurnsDownAMessageThatIsLongerThanAnyQuestion) {
    rig.start();
    DnsClient client = DnsClient::udp(rig.endpoint);
    std::vector<std::uint8_t> message = DnsBuilder::query("tracker.example", 1).build();
    message.resize(9000);

    LONGS_EQUAL(1, DnsReading(client.ask(message)).rcode());
}

TEST(UdpServer, LosesNothingOfAClientBesideAFlood) {
    rig.admission_settings.rate_limit_exempt = {};
    rig.start();
    DnsClient flooding = DnsClient::udp(rig.endpoint, *IpAddress::from_text("127.0.0.66"));
    DnsClient calm = DnsClient::udp(rig.endpoint, *IpAddress::from_text("127.0.0.9"));
    const auto query = DnsBuilder::query("tracker.example", 1);
    for (std::uint16_t round = 0; round < 50; ++round) {
        for (std::uint16_t id = 0; id < 100; ++id) {
            flooding.send(query.build());
        }
        LONGS_EQUAL(round, DnsReading(calm.ask(DnsBuilder(query).id(round).build())).id());
    }

    // The hand of the clock stood still: a burst of the one, and all of the other.
    rig.wait_for(Count::Received, 5050);
    LONGS_EQUAL(2000 + 50, rig.counted(Count::Blocked));
    LONGS_EQUAL(3000, rig.counted(Count::OverLimit));
}

TEST(UdpServer, RefusesWhoIsOutsideOfTheHouse) {
    rig.admission_settings.allow_from = {*IpPrefix::from_text("127.0.0.0/24")};
    rig.start();
    const auto query = DnsBuilder::query("tracker.example", 1).edns();
    DnsClient inside = DnsClient::udp(rig.endpoint);
    DnsClient outside = DnsClient::udp(rig.endpoint, *IpAddress::from_text("127.0.7.1"));

    const DnsReading refusal(outside.ask(query.build()));

    LONGS_EQUAL(5, refusal.rcode());
    LONGS_EQUAL(18, refusal.extended_error());
    LONGS_EQUAL(1, DnsReading(inside.ask(query.build())).answers());
}

TEST(UdpServer, SendsAnswersThatHadToWait) {
    rig.at_once["shop.example."] =
        DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build();
    rig.start();

    const DnsReading answer(
        DnsClient::udp(rig.endpoint).ask(DnsBuilder::query("shop.example", 1).build()));

    CHECK(answer.data_of(1) == (std::vector<std::uint8_t>{192, 0, 2, 1}));
}

TEST(UdpServer, SendsMoreAnswersThatHadToWaitThanABatchHolds) {
    constexpr std::uint16_t kWaiting = 3 * UdpServer::kBatch + 5;
    rig.listen = {*Endpoint::from_text("127.0.0.1:0"), *Endpoint::from_text("127.0.0.2:0")};
    for (std::uint16_t id = 0; id < kWaiting; ++id) {
        const std::string name = "shop" + std::to_string(id) + ".example";
        rig.at_once[name + "."] = DnsBuilder::reply(name, 1).a(name, {192, 0, 2, 1}).build();
    }
    rig.start();
    DnsClient first = DnsClient::udp(rig.endpoint);
    DnsClient second = DnsClient::udp(rig.endpoints.at(1));
    for (std::uint16_t id = 0; id < kWaiting; ++id) {
        const std::string name = "shop" + std::to_string(id) + ".example";
        (id % 2 == 0 ? first : second).send(DnsBuilder::query(name, 1).id(id).build());
    }

    for (std::uint16_t id = 0; id < kWaiting; ++id) {
        const DnsReading answer((id % 2 == 0 ? first : second).receive());
        LONGS_EQUAL(id, answer.id());
        LONGS_EQUAL(1, answer.answers());
    }
    LONGS_EQUAL(0, rig.counted(Count::SendFailed));
}

TEST(UdpServer, AnswersFromTheAddressThatWasAsked) {
    rig.at_once["shop.example."] =
        DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build();
    rig.listen = {*Endpoint::from_text("0.0.0.0:0")};
    rig.start();
    for (const char* asked : {"127.0.0.1", "127.0.0.2", "127.9.8.7"}) {
        const Endpoint server{*IpAddress::from_text(asked), rig.endpoint.port};
        DnsClient client = DnsClient::udp(server);  // hears that address alone
        LONGS_EQUAL(1, DnsReading(client.ask(query_of("tracker.example").build())).answers());
        LONGS_EQUAL(1, DnsReading(client.ask(query_of("shop.example").build())).answers());
    }
}

TEST(UdpServer, AnswersFromTheIpv6AddressThatWasAsked) {
    rig.listen = {*Endpoint::from_text("[::]:0")};
    rig.start();
    DnsClient client = DnsClient::udp({*IpAddress::from_text("::1"), rig.endpoint.port});

    LONGS_EQUAL(1, DnsReading(client.ask(query_of("tracker.example").build())).answers());
}

TEST(UdpServer, TellsOfItsEncryptedFormAtTheAddressThatWasAsked) {
    const TlsHouse house;
    rig.tls = house.context();
    rig.listen = {*Endpoint::from_text("0.0.0.0:0")};
    rig.tls_listen = rig.listen;
    rig.start();
    DnsClient client = DnsClient::udp({*IpAddress::from_text("127.0.0.2"), rig.endpoint.port});

    const auto data =
        DnsReading(client.ask(DnsBuilder::query("_dns.resolver.arpa", 64).build())).data_of(64);

    CHECK(data.size() > 4);
    CHECK((std::vector<std::uint8_t>(data.end() - 4, data.end()) ==
           std::vector<std::uint8_t>{127, 0, 0, 2}));
}

TEST(UdpServer, NeverAnswersWithMoreThanItsLimit) {
    auto large = DnsBuilder::reply("large.example", 1);
    for (std::uint8_t last = 0; last < 100; ++last) {
        large.a("large.example", {198, 51, 100, last});
    }
    rig.at_once["large.example."] = large.build();
    rig.start();
    DnsClient client = DnsClient::udp(rig.endpoint);
    for (const std::uint16_t size : std::array<std::uint16_t, 4>{512, 1232, 4096, 65535}) {
        const DnsReading answer(client.ask(query_of("large.example").edns(size).build()));
        CHECK_TRUE(answer.is_truncated());
        CHECK(answer.size() <= kUdpSizeOurs);
    }
    const DnsReading plain(client.ask(query_of("large.example").build()));
    CHECK_TRUE(plain.is_truncated());
    CHECK(plain.size() <= kUdpSizePlain);
}

TEST(UdpServer, AnswersAnyWithLittle) {
    rig.start();
    const auto query = DnsBuilder::query("tracker.example", 255).edns(4096).build();
    const DnsReading answer(DnsClient::udp(rig.endpoint).ask(query));

    LONGS_EQUAL(1, answer.answers());
    CHECK(answer.size() <= query.size() + 32);
}

TEST(UdpServer, DropsWhatComesFromAPortThatCannotBeAnsweredAndSaysSo) {
    const sporvakt::FileDescriptor raw(socket(AF_INET, SOCK_RAW, IPPROTO_UDP));
    if (!raw.is_open()) {
        std::printf("\nSKIPPED: only root may send from port 0\n");
        return;
    }
    rig.start();
    const auto datagram =
        sporvakt::test::udp({0, rig.endpoint.port}, query_of("tracker.example").build());
    sockaddr_in loopback{};
    loopback.sin_family = AF_INET;
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* const to = static_cast<const sockaddr*>(static_cast<const void*>(&loopback));
    CHECK(sendto(raw.get(), datagram.data(), datagram.size(), 0, to, sizeof(loopback)) > 0);
    rig.wait_for(Count::NoWayBack, 1);

    LONGS_EQUAL(1, rig.counted(Count::Received));
    LONGS_EQUAL(0, rig.counted(Count::Blocked));
}
