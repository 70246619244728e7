#include "dns/upstream/tls_forwarder.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_client.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/fake_name_server.h"
#include "tests/support/dns/tls_name_server.h"
#include "tests/support/temporary_folder.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Endpoint;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsReading;
using sporvakt::test::FakeNameServer;
using sporvakt::test::TemporaryFolder;
using sporvakt::test::TlsCertificate;
using sporvakt::test::TlsNameServer;

using Octets = std::vector<std::uint8_t>;

// We ask as libunbound does, from another thread.
TEST_GROUP(TlsForwarder) {
    FakeNameServer internet;
    TlsCertificate certificate{"dns.test"};
    TemporaryFolder folder;
    std::unique_ptr<TlsTrust> trust;
    std::unique_ptr<EventLoop> loop{*EventLoop::create()};
    std::unique_ptr<TlsForwarder> forwarder;
    std::jthread thread;

    void setup() override {
        for (const char* name : {"a.example", "b.example", "c.example"}) {
            internet.tell(name, 1, DnsBuilder::reply(name, 1).a(name, {192, 0, 2, 1}).build());
        }
    }
    void teardown() override {
        loop->stop();
        thread = {};
        forwarder.reset();
    }

    DnsClient client(const Endpoint& server, const std::string& name, const TlsCertificate& known) {
        known.write_pem(folder.file("house.pem"));
        trust = std::make_unique<TlsTrust>(*TlsTrust::load(folder.file("house.pem")));
        forwarder = *TlsForwarder::open(*loop, {server, name}, *trust);
        thread = std::jthread([this] { loop->run(); });
        return DnsClient::udp(forwarder->local());
    }
    static DnsReading ask(DnsClient & client, const char* name) {
        return DnsReading(client.ask(DnsBuilder::query(name, 1).id(7).build()));
    }
};

TEST(TlsForwarder, CarriesQuestionsOverOneConnection) {
    const TlsNameServer server(certificate, internet.endpoint());
    DnsClient asker = client(server.endpoint(), "dns.test", certificate);

    for (const char* name : {"a.example", "b.example", "c.example"}) {
        const DnsReading answer = ask(asker, name);
        LONGS_EQUAL(7, answer.id());
        CHECK(answer.data_of(1) == (Octets{192, 0, 2, 1}));
    }

    LONGS_EQUAL(1, server.connections());
    LONGS_EQUAL(3, server.questions());
}

TEST(TlsForwarder, CarriesMoreThanUdpCarriesOnTheInternet) {
    auto reply = DnsBuilder::reply("big.example", 16);
    for (std::uint8_t record = 0; record < 5; ++record) {
        Octets text(200, record);
        text[0] = 199;
        reply.answer("big.example", 16, text);
    }
    internet.tell("big.example", 16, reply.build());
    const TlsNameServer server(certificate, internet.endpoint());
    DnsClient asker = client(server.endpoint(), "dns.test", certificate);

    const DnsReading answer(asker.ask(DnsBuilder::query("big.example", 16).build()));

    LONGS_EQUAL(5, answer.answers());
}

TEST(TlsForwarder, TellsNothingToAServerOfAnotherName) {
    const TlsNameServer server(certificate, internet.endpoint());
    DnsClient asker = client(server.endpoint(), "dns.other", certificate);

    LONGS_EQUAL(2, ask(asker, "a.example").rcode());
    LONGS_EQUAL(1, server.connections());
    LONGS_EQUAL(0, server.questions());
}

TEST(TlsForwarder, TellsNothingToAServerOfAnotherAuthority) {
    const TlsCertificate other("dns.test");
    const TlsNameServer server(other, internet.endpoint());
    DnsClient asker = client(server.endpoint(), "dns.test", certificate);

    LONGS_EQUAL(2, ask(asker, "a.example").rcode());
    LONGS_EQUAL(0, server.questions());
}

TEST(TlsForwarder, AsksAgainWhereTheConnectionWasClosed) {
    const TlsNameServer server(certificate, internet.endpoint(), 1);
    DnsClient asker = client(server.endpoint(), "dns.test", certificate);

    for (const char* name : {"a.example", "b.example", "c.example"}) {
        CHECK(ask(asker, name).data_of(1) == (Octets{192, 0, 2, 1}));
    }
    LONGS_EQUAL(3, server.connections());
}

TEST(TlsForwarder, RefusesAtOnceWhereNobodyListens) {
    const auto nobody =
        std::make_unique<TlsNameServer>(certificate, internet.endpoint())->endpoint();
    DnsClient asker = client(nobody, "dns.test", certificate);
    const auto begin = std::chrono::steady_clock::now();

    const DnsReading answer = ask(asker, "a.example");

    LONGS_EQUAL(2, answer.rcode());
    LONGS_EQUAL(7, answer.id());
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
}

TEST(TlsForwarder, RefusesOnceTheServerHasGone) {
    auto server = std::make_unique<TlsNameServer>(certificate, internet.endpoint());
    DnsClient asker = client(server->endpoint(), "dns.test", certificate);
    CHECK(ask(asker, "a.example").data_of(1) == (Octets{192, 0, 2, 1}));
    server.reset();

    LONGS_EQUAL(2, ask(asker, "b.example").rcode());
}

TEST(TlsForwarder, IgnoresWhatIsNoQuestion) {
    const TlsNameServer server(certificate, internet.endpoint());
    DnsClient asker = client(server.endpoint(), "dns.test", certificate);
    asker.send({});
    asker.send({1, 2, 3});

    CHECK(ask(asker, "a.example").data_of(1) == (Octets{192, 0, 2, 1}));
}

TEST(TlsForwarder, AsksAgainWhereTheConnectionHasGoneSilent) {
    const TlsNameServer server(certificate, internet.endpoint());
    DnsClient asker = client(server.endpoint(), "dns.test", certificate);
    CHECK(ask(asker, "a.example").data_of(1) == (Octets{192, 0, 2, 1}));
    internet.hold();
    std::jthread later([&] {
        while (server.connections() < 2) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        internet.release();
    });

    CHECK(ask(asker, "b.example").data_of(1) == (Octets{192, 0, 2, 1}));
}
