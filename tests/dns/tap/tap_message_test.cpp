#include "dns/tap/tap_message.h"

#include "dns/message/wire.h"
#include "tests/support/dns/tap_reader.h"
#include "tests/support/packets/packet_builder.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::Endpoint;
using sporvakt::test::from_hex;
using sporvakt::test::ProtobufReading;
using sporvakt::test::tap_message_in;
using std::chrono::nanoseconds;
using std::chrono::seconds;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(TapMessage){static Octets frame_of(const TapMessage& told){const TapPrefix prefix(told);
Octets frame(prefix.bytes().begin(), prefix.bytes().end());
frame.insert(frame.end(), told.message.begin(), told.message.end());
return frame;
}
}
;

// The bytes are protobuf's by its own encoding guide, and were read by dnstap-read(1).
TEST(TapMessage, IsAClientsQuery) {
    const Octets message{0xab, 0xcd};
    const TapMessage query{.kind = TapMessage::Kind::Query,
                           .transport = Transport::Udp,
                           .client = *Endpoint::from_text("192.168.1.20:50000"),
                           .own = *Endpoint::from_text("192.168.1.1:53"),
                           .asked = TapTime(nanoseconds(1'700'000'000'123'456'789)),
                           .message = message};

    CHECK(frame_of(query) == from_hex("0a0873706f7276616b74780172270805100118012204c0a801142a04c0a8"
                                      "010130d0860338354080e2cfaa064d15cd5b075202abcd"));
}

TEST(TapMessage, IsTheAnswerToOneOverTlsAndIpv6) {
    const Octets message(200, 0xee);
    const TapMessage response{
        .kind = TapMessage::Kind::Response,
        .transport = Transport::Tls,
        .client = *Endpoint::from_text("[fd00::14]:40000"),
        .own = *Endpoint::from_text("[fd00::1]:853"),
        .asked = TapTime(seconds(1'700'000'000) + nanoseconds(5)),
        .answered = TapTime(seconds(1'700'000'001) + nanoseconds(999'999'999)),
        .message = message};
    Octets expected = from_hex(
        "0a0873706f7276616b7478017292020806100218032210fd000000000000000000"
        "0000000000142a10fd00000000000000000000000000000130c0b80238d5064080"
        "e2cfaa064d050000006081e2cfaa066dffc99a3b72c801");
    expected.insert(expected.end(), message.begin(), message.end());

    CHECK(frame_of(response) == expected);
}

TEST(TapMessage, HasRoomForTheLongestOfEverything) {
    const Octets message(kMessageLengthMax, 1);
    const Endpoint far = *Endpoint::from_text("[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
    const auto frame = frame_of({.kind = TapMessage::Kind::Response,
                                 .transport = Transport::Tcp,
                                 .client = far,
                                 .own = far,
                                 .asked = TapTime::max(),
                                 .answered = TapTime::max(),
                                 .message = message});

    CHECK_TRUE(ProtobufReading(frame).is_whole);
    const ProtobufReading read = tap_message_in(frame);
    CHECK_TRUE(read.is_whole);
    CHECK(read.bytes.at(14) == message);
    LONGS_EQUAL(2, read.numbers.at(3));
    LONGS_EQUAL(65535, read.numbers.at(6));
    LONGS_EQUAL(TapTime::max().time_since_epoch() / seconds(1), read.numbers.at(12));
}
