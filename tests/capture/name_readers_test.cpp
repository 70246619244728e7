#include "capture/name_readers.h"

#include "capture/flow_table.h"
#include "tests/support/conversation.h"
#include "tests/support/packets/quic_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::Bytes;
using sporvakt::Endpoint;
using sporvakt::Timestamp;
using std::chrono::seconds;

TEST_GROUP(NameReaders) {
    NamePool names;
    FlowTable flows{[this](Flow& flow) { readers.finish(flow); }};
    DnsAnswers answers{names};
    NameReaders readers{answers, names};

    Flow& flow(std::uint16_t port, FlowTransport transport = FlowTransport::Tcp) {
        const Endpoint client{*sporvakt::IpAddress::from_text("192.168.1.20"), port};
        const auto server = *Endpoint::from_text("203.0.113.80:443");
        Flow* begun = flows.begin(6, {client, server, sporvakt::devices::DeviceId(client.address)});
        begun->transport = transport;
        return *begun;
    }
    static Frame frame(const Octets& payload, Timestamp at = {}) {
        Frame frame;
        frame.at = at;
        frame.payload = payload;
        return frame;
    }
};

TEST(NameReaders, PutTheNameIntoTheFlow) {
    Flow& tls = flow(1);
    const auto hello = tls_hello("ads.example");

    CHECK(readers.read(tls, frame(hello)) == Reading::Done);
    CHECK(tls.claimed() == "ads.example");
    CHECK(tls.naming == Naming::Watched);

    readers.finish(tls);
    CHECK(tls.naming == Naming::Done);
    CHECK(tls.claimed() == "ads.example");
    LONGS_EQUAL(Flow::kNoReader, tls.reader);
}

TEST(NameReaders, TellQuicFromOtherDatagrams) {
    Flow& quic = flow(1, FlowTransport::Udp);
    const auto datagram = padded_datagram(
        quic_initial({}, crypto_frame(0, HelloBuilder().server_name("ads.example").build())));
    CHECK(readers.read(quic, frame(datagram)) == Reading::Done);
    CHECK(quic.transport == FlowTransport::Quic);

    Flow& other = flow(2, FlowTransport::Udp);
    const auto game = octets("position 4 7");
    for (int i = 0; i < 30; ++i) {
        CHECK(readers.read(other, frame(game)) == Reading::GoesOn);
    }
    LONGS_EQUAL(Flow::kNoReader, other.reader);
    CHECK(other.transport == FlowTransport::Udp);
    // Even then: what was first behind a tunnel may become QUIC.
    CHECK(readers.read(other, frame(datagram)) == Reading::Done);
}

TEST(NameReaders, TakeTheNameBackWhenAnotherVersionComes) {
    Flow& tls = flow(1);
    readers.read(tls, frame(tls_hello("ads.example")));
    CHECK(readers.read(tls, frame(tls_hello("ads.example"))) == Reading::GoesOn);
    CHECK(tls.claimed() == "ads.example");

    CHECK(readers.read(tls, frame(tls_hello("sda.example"))) == Reading::Done);
    CHECK(tls.claimed().empty());
    CHECK(tls.origin == NameOrigin::Ambiguous);
    CHECK(tls.naming == Naming::Done);
}

TEST(NameReaders, TellAnotherQuicConnectionFromMoreOfTheSame) {
    const auto initial = [](const InitialFields& fields) {
        return padded_datagram(quic_initial(
            fields, crypto_frame(0, HelloBuilder().server_name("ads.example").build())));
    };
    Flow& quic = flow(1, FlowTransport::Udp);
    readers.read(quic, frame(initial({})));
    const auto begins = [&](const InitialFields& fields) {
        return readers.begins_another(quic, frame(initial(fields)));
    };

    const auto other = from_hex("0011223344556677");
    CHECK_FALSE(begins({.number = 9}));  // the same, sent again
    CHECK_FALSE(begins({.destination_id = other, .key_id = from_hex("8394c8f03e515708")}));
    CHECK_FALSE(begins({.destination_id = other, .token = octets("from a Retry")}));
    CHECK_TRUE(begins({.destination_id = other}));
    quic.packets_down = 10;  // the server talks: no Retry any more, but a token kept from before
    CHECK_TRUE(begins({.destination_id = other, .token = octets("kept")}));
    CHECK_FALSE(readers.begins_another(quic, frame(octets("@ short header"))));
}

TEST(NameReaders, LetNoDeviceKeepOthersFromBeingRead) {
    const auto beginning = Octets{22, 3, 1, 1, 0, 1, 0};
    Flow& good = flow(1);
    good.share = 7;
    readers.read(good, frame(beginning));
    for (std::uint16_t port = 2; port < 5000; ++port) {
        Flow& flooding = flow(port);
        flooding.share = 8;
        readers.read(flooding, frame(beginning, Timestamp(seconds(port))));
    }

    CHECK(good.naming == Naming::Reads);
    LONGS_EQUAL(5000 - 1 - NameReaders::kReadersMax, readers.gave_way());
    good.share = flow(5001).share;  // as the table counts
}

TEST(NameReaders, ServeTheNewestWhenThereAreTooMany) {
    const auto beginning = Octets{22, 3, 1, 1, 0, 1, 0};
    std::vector<Flow*> begun;
    for (std::uint16_t port = 1; port <= NameReaders::kReadersMax; ++port) {
        begun.push_back(&flow(port));
        CHECK(readers.read(*begun.back(), frame(beginning, Timestamp(seconds(port)))) ==
              Reading::GoesOn);
    }
    Flow& newest = flow(9999);
    CHECK(readers.read(newest, frame(beginning, Timestamp(seconds(9999)))) == Reading::GoesOn);

    CHECK(newest.naming == Naming::Reads);
    CHECK(begun[0]->naming == Naming::Done);
    CHECK(begun[1]->naming == Naming::Reads);
}

TEST(NameReaders, KeepOnlySoMuchOfLongHellos) {
    const auto beginning = Octets{22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc, 3, 3} + Octets(16'000, 0);
    Flow& good = flow(1);
    good.share = 7;
    readers.read(good, frame(Octets(beginning.begin(), beginning.begin() + 1500)));
    constexpr std::uint16_t kLong = 300;
    for (std::uint16_t port = 2; port < 2 + kLong; ++port) {
        Flow& flooding = flow(port);
        flooding.share = 8;
        readers.read(flooding, frame(beginning, Timestamp(seconds(port))));
    }

    CHECK(good.naming == Naming::Reads);
    constexpr std::size_t kRoomInFront = 8192;  // at most: where each began was not seen
    CHECK(readers.gave_way() >= kLong - NameReaders::kHeldMax / beginning.size());
    CHECK(readers.gave_way() <= kLong - NameReaders::kHeldMax / (beginning.size() + kRoomInFront));
    good.share = flow(5001).share;  // as the table counts
}

TEST(NameReaders, LosePatience) {
    Flow& slow = flow(1);
    readers.read(slow, frame(Octets{22, 3, 1, 1, 0, 1, 0}, Timestamp(seconds(10))));
    std::size_t done = 0;
    readers.expire(Timestamp(seconds(14)), [&](Flow&) { ++done; });
    LONGS_EQUAL(0, done);

    readers.expire(Timestamp(seconds(16)), [&](Flow&) { ++done; });
    LONGS_EQUAL(1, done);
    CHECK(slow.naming == Naming::Done);
}

TEST(NameReaders, CountNamesThatNoHostHas) {
    const auto hello = tls_hello("two words.example");
    readers.read(flow(1), frame(hello));

    LONGS_EQUAL(1, readers.malformed_names());
}

TEST(NameReaders, OpenOnlySoManyPacketsASecond) {
    const auto forged = padded_datagram(quic_initial({.key_id = octets("another")}, Octets(30, 0)));
    for (std::uint32_t i = 0; i < NameReaders::kOpenedPerSecond; ++i) {
        Flow& flooding = flow(static_cast<std::uint16_t>(i), FlowTransport::Udp);
        readers.read(flooding, frame(forged));
        flows.end(flooding);
    }
    const auto genuine = padded_datagram(
        quic_initial({}, crypto_frame(0, HelloBuilder().server_name("ads.example").build())));
    Flow& late = flow(60'000, FlowTransport::Udp);
    CHECK(readers.read(late, frame(genuine)) == Reading::GoesOn);
    LONGS_EQUAL(1, readers.left_shut());
    CHECK(readers.read(late, frame(genuine, Timestamp(seconds(1)))) == Reading::Done);
}
