#include "capture/encapsulation.h"

#include "tests/support/packets/packet_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::Bytes;
using sporvakt::ParseError;

TEST_GROUP(Encapsulation) {
    Octets ipv6_packet = Octets{0x60} + Octets(39, 0);
    Octets authentication = Octets{0, 1, 2, 3} + Octets(5, 7) + Octets(9, 8);
    Octets origin{0, 0, 0x12, 0x34, 1, 2, 3, 4};
};

TEST(Encapsulation, IsKnownByPortAndHeader) {
    const Octets vxlan = Octets{0x08} + Octets(7, 0);
    const Octets geneve{0x02, 0, 0x08, 0x00, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};

    CHECK(encapsulated_in_udp(5000, 4789, vxlan) == (Encapsulated{8, kEthertypeBridging}));
    CHECK(encapsulated_in_udp(5000, 6081, geneve) == (Encapsulated{16, 0x0800}));
    CHECK_FALSE(encapsulated_in_udp(5000, 443, vxlan).has_value());
    CHECK_FALSE(encapsulated_in_udp(5000, 4789, Octets(8, 0)).has_value());
    CHECK_FALSE(encapsulated_in_udp(5000, 6081, Bytes(geneve).first(15)).has_value());
    CHECK_FALSE(encapsulated_in_udp(5000, 6081, Octets(8, 0xff)).has_value());
}

TEST(Encapsulation, OfTeredoStandsBehindItsIndications) {
    const auto offset_of = [](const Octets& payload) {
        return encapsulated_in_udp(3544, 5000, payload)->offset;
    };
    LONGS_EQUAL(0, offset_of(ipv6_packet));
    LONGS_EQUAL(8, offset_of(origin + ipv6_packet));
    LONGS_EQUAL(18, offset_of(authentication + ipv6_packet));
    LONGS_EQUAL(26, offset_of(authentication + origin + ipv6_packet));
    CHECK(encapsulated_in_udp(5000, 3544, ipv6_packet)->ends == TunnelEnds::Devices);
}

TEST(Encapsulation, OfTeredoIsNotSeenInAnythingShorter) {
    const Octets whole = authentication + origin + ipv6_packet;
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK_FALSE(encapsulated_in_udp(5000, 3544, Bytes(whole).first(length)).has_value());
    }
    CHECK_FALSE(encapsulated_in_udp(5000, 3544, Octets(60, 0x45)).has_value());
}

TEST(Encapsulation, OfALoggedPacketNeedsAllFieldsInFrontOfIt) {
    const Octets logged{2, 0, 0, 5, 5, 0, 1, 0, 9, 0, 0, 0, 24, 0, 9, 0};
    for (std::size_t length = 0; length < logged.size(); ++length) {
        CHECK(parse_nflog(Bytes(logged).first(length)).error() == ParseError::Truncated);
    }
    LONGS_EQUAL(16, parse_nflog(logged)->offset);
    LONGS_EQUAL(20, parse_nflog(logged)->length);
    CHECK_FALSE(parse_nflog(logged)->source_mac.has_value());
    CHECK(parse_nflog(Octets{2, 0, 0, 5, 3, 0, 9, 0}).error() == ParseError::Malformed);
}
