#include "capture/gate/opening.h"

#include "tests/support/conversation.h"
#include "tests/support/packets/quic_builder.h"

#include <optional>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;

TEST_GROUP(Opening) {
    QuicCrypto crypto;
    Conversation talk;
    std::vector<Octets> sent;  // what frames look into

    Frame frame(Octets bytes) {
        sent.push_back(std::move(bytes));
        return *decode_frame(packet(sent.back()));
    }
    Frame datagram(const Octets& payload) {
        return frame(ethernet(kEthertypeIpv4, ipv4({.protocol = kProtocolUdp}, udp({}, payload))));
    }
    static void check_name(const Introduction& introduction, const char* name) {
        CHECK(introduction.name.has_value());
        STRCMP_EQUAL(name, introduction.name->text().c_str());
    }
    void setup() override {
        sent.reserve(16);
    }
};

TEST(Opening, ReadsAHelloBehindItsSynByteByByte) {
    const Octets hello = tls_hello("ads.example");
    Opening opening(frame(talk.syn()));
    for (std::size_t at = 0; at + 1 < hello.size(); ++at) {
        sent.clear();
        CHECK(opening.add(frame(talk.say({hello[at]})), crypto) == OpeningState::GoesOn);
    }
    CHECK(opening.add(frame(talk.say({hello.back()})), crypto) == OpeningState::Read);
    check_name(opening.introduction(), "ads.example");
}

TEST(Opening, KnowsAForeignProtocolByItsFirstBytes) {
    Opening opening(frame(talk.syn()));
    CHECK(opening.add(frame(talk.say(octets("EHLO me\r\n"))), crypto) == OpeningState::Foreign);
}

TEST(Opening, KnowsAForeignMiddleOfAConversation) {
    const Frame middle = frame(talk.say(octets("\x17\x03\x03 encrypted")));
    Opening opening(middle);
    CHECK(opening.add(middle, crypto) == OpeningState::Foreign);
}

TEST(Opening, ReadsAHelloWhoseSynWasNotSeen) {
    const Frame first = frame(talk.say(tls_hello("ads.example")));
    Opening opening(first);
    CHECK(opening.add(first, crypto) == OpeningState::Read);
}

TEST(Opening, WaitsForTheInitialBehindAnotherLongPacket) {
    const Octets hello = HelloBuilder().server_name("ads.example").build();
    // 0-RTT (type 1) of version 1, which may overtake the Initial (RFC 9001 §4.6.1).
    const Octets early = from_hex("d000000001088394c8f03e51570800") + Octets{20} + Octets(20, 7);
    const Frame first = datagram(early);
    Opening opening(first);
    CHECK(opening.add(first, crypto) == OpeningState::GoesOn);

    const Frame second = datagram(padded_datagram(quic_initial({}, crypto_frame(0, hello))));
    CHECK(opening.add(second, crypto) == OpeningState::Read);
    CHECK(opening.introduction().origin == NameOrigin::Quic);
    check_name(opening.introduction(), "ads.example");
}

TEST(Opening, TakesNoOtherProtocolOverUdpForQuic) {
    for (const char* begin : {"00", "16fefd000000", "80c8000600000001", "4000000001"}) {
        const Frame first = datagram(from_hex(begin));
        Opening opening(first);
        CHECK(opening.add(first, crypto) == OpeningState::Foreign);
    }
}

TEST(Opening, TellsSoFarANameWhoseHelloIsNotWhole) {
    const Octets message =
        HelloBuilder().server_name("ads.example").extension(21, Octets(900, 0)).build();
    const Octets record = Octets{22, 3, 1, static_cast<std::uint8_t>(message.size() >> 8U),
                                 static_cast<std::uint8_t>(message.size())} +
                          message;
    Opening opening(frame(talk.syn()));
    const auto half = static_cast<std::ptrdiff_t>(record.size() / 2);
    CHECK(opening.add(frame(talk.say({record.begin(), record.begin() + half})), crypto) ==
          OpeningState::GoesOn);
    check_name(opening.so_far(), "ads.example");
}
