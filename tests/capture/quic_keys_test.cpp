#include "capture/quic_keys.h"

#include "tests/support/packets/quic_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::ByteReader;
using sporvakt::Bytes;
using sporvakt::ParseError;

namespace {

void check_bytes(std::string_view hex, Bytes bytes) {
    const Octets expected = from_hex(hex);
    LONGS_EQUAL(expected.size(), bytes.size());
    MEMCMP_EQUAL(expected.data(), bytes.data(), expected.size());
}

// RFC 9001 A.2: the unprotected payload is this CRYPTO frame, then padding to 1,162 bytes.
constexpr std::string_view kRfc9001Frame =
    "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868"
    "04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578"
    "616d706c652e636f6dff01000100000a00080006001d00170018001000070005"
    "04616c706e000500050100000000003300260024001d00209370b2c9caa47fba"
    "baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400"
    "0d0010000e0403050306030203080408050806002d00020101001c0002400100"
    "3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000"
    "75300901100f088394c8f03e51570806048000ffff";

// The same packet, protected: its first 64 bytes as printed there.
constexpr std::string_view kRfc9001ProtectedStart =
    "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11"
    "d242b123dc9bd8bab936b47d92ec356c0bab7df5976d27cd449f63300099f399";

}  // namespace

TEST_GROUP(QuicKeys) {
    QuicCrypto crypto;
    Octets id = from_hex("8394c8f03e515708");

    Octets opened(const Octets& packet, const QuicKeys& keys) {
        ByteReader reader{Bytes(packet)};
        const auto frames = crypto.open(**take_initial(reader), keys);
        CHECK_TRUE(frames.has_value());
        return {frames->begin(), frames->end()};
    }
};

TEST(QuicKeys, AreThoseOfRfc9001) {
    const auto keys = crypto.client_keys(QuicVersion::V1, id);

    check_bytes("1f369613dd76d5467730efcbe3b1a22d", keys.key);
    check_bytes("fa044b2f42a3fd3b46fb255c", keys.iv);
    check_bytes("9f50449e04a0e810283a1e9933adedd2", keys.header_protection);
}

TEST(QuicKeys, AreThoseOfRfc9369) {
    const auto keys = crypto.client_keys(QuicVersion::V2, id);

    check_bytes("8b1a0bc121284290a29e0971b5cd045d", keys.key);
    check_bytes("91f73e2351d8fa91660e909f", keys.iv);
    check_bytes("45b95e15235d6f45a6b19cbcb0294ba9", keys.header_protection);
}

TEST(QuicKeys, ProtectTheSamplePacketAsRfc9001PrintsIt) {
    Octets frames = from_hex(kRfc9001Frame);
    frames.resize(1162);
    const auto packet = quic_initial({.number = 2, .number_length = 4}, frames);

    LONGS_EQUAL(1200, packet.size());
    check_bytes(kRfc9001ProtectedStart, Bytes(packet).first(64));
    CHECK(opened(packet, crypto.client_keys(QuicVersion::V1, id)) == frames);
}

TEST(QuicKeys, OpenEveryVersionWithEveryPacketNumberLength) {
    const Octets frames = crypto_frame(0, octets("something of some length here"));
    for (const auto version : {QuicVersion::V1, QuicVersion::V2, QuicVersion::Draft29,
                               QuicVersion::Draft23, QuicVersion::Draft21}) {
        for (std::uint8_t length = 1; length <= 4; ++length) {
            const auto packet = quic_initial(
                {.version = version, .number = 0x7f010203, .number_length = length}, frames);
            CHECK(opened(packet, crypto.client_keys(version, id)) == frames);
        }
    }
}

TEST(QuicKeys, RefuseAPacketWithAnyBitChanged) {
    const auto keys = crypto.client_keys(QuicVersion::V1, id);
    const auto good = quic_initial({}, crypto_frame(0, octets("hello")));
    for (std::size_t at = good.size() - 36; at < good.size(); ++at) {
        auto packet = good;
        packet[at] ^= 1U;
        ByteReader reader{Bytes(packet)};
        CHECK(crypto.open(**take_initial(reader), keys).error() == ParseError::Malformed);
    }
}

TEST(QuicKeys, RefuseAPacketOfAnotherConnection) {
    const auto packet = quic_initial({}, crypto_frame(0, octets("hello")));
    ByteReader reader{Bytes(packet)};

    const auto keys = crypto.client_keys(QuicVersion::V1, octets("another"));
    CHECK_FALSE(crypto.open(**take_initial(reader), keys).has_value());
}
