#include "capture/quic_packet.h"

#include "tests/support/packets/quic_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::ByteReader;
using sporvakt::Bytes;
using sporvakt::ParseError;

namespace {

std::string collected(const SegmentBuffer& buffer) {
    return std::string(sporvakt::as_text(buffer.from(0)));
}

}  // namespace

TEST_GROUP(QuicPacket) {
    SegmentBuffer hello{8192};
};

TEST(QuicPacket, ReadsTheHeaderOfAnInitial) {
    const auto packet = quic_initial(
        {.destination_id = Octets(20, 7), .source_id = Octets(3, 9), .token = Octets(99, 1)},
        crypto_frame(0, octets("hello")));
    ByteReader reader{Bytes(packet)};
    const auto initial = take_initial(reader);

    CHECK((*initial)->version == QuicVersion::V1);
    LONGS_EQUAL(20, (*initial)->destination_id.size());
    LONGS_EQUAL(packet.size(), (*initial)->packet.size());
    LONGS_EQUAL(1 + 4 + (1 + 20) + (1 + 3) + (2 + 99) + 2, (*initial)->number_offset);
    CHECK_TRUE(reader.at_end());
}

TEST(QuicPacket, TakesCoalescedInitialsOneByOne) {
    const auto one = quic_initial({.number = 1}, crypto_frame(0, octets("a")));
    const auto two = quic_initial({.number = 2}, crypto_frame(1, octets("b")));
    const auto datagram = padded_datagram(one + two);
    ByteReader reader{Bytes(datagram)};

    LONGS_EQUAL(one.size(), (*take_initial(reader))->packet.size());
    LONGS_EQUAL(two.size(), (*take_initial(reader))->packet.size());
    CHECK_FALSE(take_initial(reader)->has_value());
}

TEST(QuicPacket, PassesOverEarlyDataInFrontOfAnInitial) {
    Octets early = from_hex("d00000000108aaaaaaaaaaaaaaaa0040200000000000000000000000000000");
    early.resize(1 + 4 + 9 + 1 + 2 + 32);
    const auto datagram = early + quic_initial({}, crypto_frame(0, octets("a")));
    ByteReader reader{Bytes(datagram)};

    LONGS_EQUAL(8, (*take_initial(reader))->destination_id.size());
}

TEST(QuicPacket, FindsNoInitialInOtherDatagrams) {
    const Octets short_header = from_hex("40") + Octets(40, 1);
    const Octets negotiation = from_hex("c00000000000000000000001");
    const Octets greased = from_hex("c01a2a3a4a0000") + Octets(40, 1);
    const Octets retry = from_hex("f0000000010000") + Octets(40, 1);
    for (const auto& datagram : {short_header, negotiation, greased, retry, Octets{}}) {
        ByteReader reader{Bytes(datagram)};
        CHECK_FALSE(take_initial(reader)->has_value());
    }
}

TEST(QuicPacket, RefusesConnectionIdsThatAreTooLong) {
    auto packet = quic_initial({.destination_id = Octets(21, 7)}, crypto_frame(0, octets("a")));
    ByteReader reader{Bytes(packet)};

    CHECK(take_initial(reader).error() == ParseError::Malformed);
}

TEST(QuicPacket, IsNoInitialAtAnyLengthShortOfTheWhole) {
    const auto packet = quic_initial({.token = Octets(9, 1)}, crypto_frame(0, octets("hello")));
    for (std::size_t length = 1; length < packet.size(); ++length) {
        ByteReader reader{Bytes(packet).first(length)};
        CHECK(take_initial(reader).error() == ParseError::Truncated);
    }
}

TEST(QuicPacket, CollectsCryptoFramesInAnyOrderAmongOthers) {
    const Octets ping_and_padding{1, 0, 0, 0};
    const Octets acknowledgement{2, 5, 0, 1, 2, 0, 1};
    const Octets with_ecn{3, 5, 0, 0, 2, 1, 1, 1};
    const Octets frames = crypto_frame(3, octets("lo w")) + ping_and_padding + acknowledgement +
                          crypto_frame(7, octets("orld")) + with_ecn +
                          crypto_frame(0, octets("hello"));

    CHECK_TRUE(collect_crypto(frames, hello).has_value());
    STRCMP_EQUAL("hello world", collected(hello).c_str());
}

TEST(QuicPacket, KeepsWhatCameBeforeAFrameThatMayNotBeThere) {
    const Octets stream_frame{8, 0, 1};

    CHECK(collect_crypto(crypto_frame(0, octets("kept")) + stream_frame, hello).error() ==
          ParseError::Malformed);
    STRCMP_EQUAL("kept", collected(hello).c_str());
}

TEST(QuicPacket, RefusesAnOffsetBeyondAnyHello) {
    const Octets far{6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 'x'};

    CHECK(collect_crypto(far, hello).error() == ParseError::LimitExceeded);
}

TEST(QuicPacket, RefusesAnAcknowledgementOfMoreRangesThanFit) {
    const Octets endless{2, 5, 0, 0xbf, 0xff, 0xff, 0xff, 0, 0};

    CHECK(collect_crypto(endless, hello).error() == ParseError::Malformed);
}
