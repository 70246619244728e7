#include "dns/tls/tls_session.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_worker_rig.h"
#include "tests/support/dns/tls_client.h"
#include "tests/support/dns/tls_house.h"
#include "tests/support/dns/tls_name_server.h"
#include "tests/support/temporary_folder.h"

#include <memory>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::IpAddress;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsReading;
using sporvakt::test::DnsWorkerRig;
using sporvakt::test::TemporaryFolder;
using sporvakt::test::TlsCertificate;
using sporvakt::test::TlsClient;
using sporvakt::test::TlsHouse;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(TlsSession) {
    TlsHouse house;
    DnsWorkerRig rig;

    void setup() override {
        rig.tls = house.context();
        rig.at_once["shop.example."] =
            DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build();
        rig.start();
    }
    static Octets blocked_query(std::uint16_t id) {
        return DnsClient::framed(DnsBuilder::query("tracker.example", 1).id(id).build());
    }
};

TEST(TlsSession, BringsAnswers) {
    TlsClient client(rig.tls_endpoint);
    CHECK_TRUE(client.is_open());
    client.send(DnsClient::framed(DnsBuilder::query("shop.example", 1).build()));

    CHECK(DnsReading(client.receive_framed()).data_of(1) == (Octets{192, 0, 2, 1}));
    STRCMP_EQUAL("TLSv1.3", client.version().c_str());
    STRCMP_EQUAL("dot", client.alpn().c_str());
    LONGS_EQUAL(1, rig.counted(Count::TlsConnections));
}

TEST(TlsSession, ShowsACertificateForItsAddressAndName) {
    const TlsClient client(rig.tls_endpoint);

    CHECK_TRUE(client.is_shown_for(*IpAddress::from_text("127.0.0.1")));
    CHECK_TRUE(client.is_shown_for("sporvakt.home.arpa"));
    CHECK_FALSE(client.is_shown_for(*IpAddress::from_text("127.0.0.2")));
}

TEST(TlsSession, BringsManyAnswersOnOneConnection) {
    TlsClient client(rig.tls_endpoint);
    Octets all;
    for (std::uint16_t id = 0; id < 300; ++id) {
        const Octets query = blocked_query(id);
        all.insert(all.end(), query.begin(), query.end());
    }
    client.send(all);

    for (std::uint16_t id = 0; id < 300; ++id) {
        LONGS_EQUAL(id, DnsReading(client.receive_framed()).id());
    }
}

TEST(TlsSession, FillsAnswersUpSoThatTheirLengthTellsNothing) {
    TlsClient client(rig.tls_endpoint);
    for (const char* name : {"tracker.example", "a.longer.name.below.tracker.example"}) {
        client.send(
            DnsClient::framed(DnsBuilder::query(name, 1).edns(1232, 0, {0, 12, 0, 0}).build()));
        LONGS_EQUAL(468, client.receive_framed().size());
    }
}

TEST(TlsSession, SpeaksTheVersionBefore) {
    TlsClient client(rig.tls_endpoint, {"dot", 0x0303});
    client.send(blocked_query(4));

    LONGS_EQUAL(4, DnsReading(client.receive_framed()).id());
    STRCMP_EQUAL("TLSv1.2", client.version().c_str());
}

TEST(TlsSession, SpeaksNoOlderVersion) {
    CHECK_FALSE(TlsClient(rig.tls_endpoint, {"dot", 0x0302}).is_open());
}

TEST(TlsSession, IsForDnsAlone) {
    CHECK_FALSE(TlsClient(rig.tls_endpoint, {"http/1.1", 0}).is_open());
    CHECK_TRUE(TlsClient(rig.tls_endpoint, {"", 0}).is_open());
    LONGS_EQUAL(1, rig.counted(Count::TlsFailed));
}

TEST(TlsSession, EndsOnWhoSpeaksPlainDns) {
    DnsClient plain = DnsClient::tcp(rig.tls_endpoint);
    plain.send(blocked_query(1));

    const Octets alert = plain.receive();
    CHECK(alert.empty() || alert[0] == 21);
    CHECK_TRUE(plain.is_closed_by_server());
    LONGS_EQUAL(1, rig.counted(Count::TlsFailed));
}

TEST(TlsSession, EndsOnWhoDoesNotShakeHands) {
    DnsClient silent = DnsClient::tcp(rig.tls_endpoint);
    silent.send({22, 3, 1});  // a handshake's first bytes, and never more
    rig.wait_for(Count::TcpConnections, 1);
    rig.house.clock.turn(TcpServer::kHandshakeMax + std::chrono::seconds(1));

    CHECK_TRUE(silent.is_closed_by_server());
}

TEST(TlsSession, TellsTheIdleThatItIsClosed) {
    TlsClient idle(rig.tls_endpoint);
    idle.send(blocked_query(1));
    idle.receive_framed();
    rig.house.clock.turn(kConnectionIdleMax + std::chrono::seconds(1));

    CHECK_TRUE(idle.is_closed_by_server());
}

TEST(TlsSession, SurvivesEveryBreakOfAHello) {
    // A ClientHello of our own client, cut and bent; then all is as before.
    for (std::uint8_t at = 0; at < 60; ++at) {
        DnsClient client = DnsClient::tcp(rig.tls_endpoint);
        Octets hello(64, at);
        hello[0] = 22;
        hello[1] = 3;
        hello[2] = 1;
        hello[3] = 0;
        hello[4] = at;
        client.send(hello);
    }
    TlsClient good(rig.tls_endpoint);
    good.send(blocked_query(9));

    LONGS_EQUAL(9, DnsReading(good.receive_framed()).id());
}

// The side that begins; with a server: tls_forwarder_test.cpp.
TEST_GROUP(TlsSessionOfAClient) {
    TemporaryFolder folder;
    std::unique_ptr<TlsTrust> trust;
    Octets plain;
    Octets to_peer;

    void setup() override {
        TlsCertificate("dns.test").write_pem(folder.file("house.pem"));
        trust = std::make_unique<TlsTrust>(*TlsTrust::load(folder.file("house.pem")));
    }
};

TEST(TlsSessionOfAClient, BeginsWithAHelloForTheName) {
    TlsSession session(*trust, "dns.test");

    session.begin(to_peer);

    LONGS_EQUAL(22, to_peer.at(0));  // a handshake record
    const std::string hello(to_peer.begin(), to_peer.end());
    CHECK(hello.find("dns.test") != std::string::npos);
    CHECK(hello.find("\x03"
                     "dot") != std::string::npos);
    CHECK(session.state() == TlsSession::State::Handshake);
}

TEST(TlsSessionOfAClient, IsBrokenWhenTheOtherSideDoesNotSpeakTls) {
    TlsSession session(*trust, "dns.test");
    session.begin(to_peer);
    const std::string said = "SSH-2.0-OpenSSH_9.2\r\n";

    session.receive(Octets(said.begin(), said.end()), plain, to_peer);

    CHECK(session.state() == TlsSession::State::Broken);
    CHECK_FALSE(session.failure().empty());
    CHECK_TRUE(plain.empty());
}

TEST(TlsSessionOfAClient, TakesBytesOneByOne) {
    TlsSession session(*trust, "dns.test");
    session.begin(to_peer);

    for (const std::uint8_t byte : Octets{0x16, 0x03, 0x03, 0x00}) {
        CHECK(session.receive(Octets{byte}, plain, to_peer) == TlsSession::State::Handshake);
    }
}
