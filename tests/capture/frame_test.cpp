#include "capture/frame.h"

#include "core/base/byte_writer.h"
#include "tests/support/packets/packet_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::Bytes;
using sporvakt::ByteWriter;
using sporvakt::ParseError;

namespace {

const IpFields kV6{"2001:db8::10", "2001:db8:5::80"};

Octets hello_segment() {
    return tcp({.source_port = 40001, .sequence = 77, .flags = 0x18}, octets("hello"));
}

std::string text_of(Bytes bytes) {
    return std::string(sporvakt::as_text(bytes));
}

/// What every way of wrapping `hello_segment` must come down to.
void check_carries_hello(const Octets& bytes, LinkType link = LinkType::Ethernet) {
    const auto frame = decode_frame(packet(bytes, {}, link));
    CHECK_TRUE(frame.has_value());
    CHECK_TRUE(frame->is_tcp());
    LONGS_EQUAL(40001, frame->source_port);
    LONGS_EQUAL(443, frame->destination_port);
    LONGS_EQUAL(77, frame->tcp_sequence);
    CHECK_TRUE(frame->has_flags(kTcpAck));
    STRCMP_EQUAL("hello", text_of(frame->payload).c_str());
    LONGS_EQUAL(5, frame->payload_length);
}

Octets v4_hello() {
    return ipv4({}, hello_segment());
}

Octets v6_hello() {
    return ipv6(kV6, hello_segment());
}

}  // namespace

TEST_GROUP(Frame){};

TEST(Frame, TellsAddressesPortsAndLengthOfATcpSegment) {
    const auto bytes = ethernet(kEthertypeIpv4, v4_hello());
    const auto frame = decode_frame(packet(bytes));

    STRCMP_EQUAL("3c:22:fb:12:34:01", frame->source_mac->text().c_str());
    STRCMP_EQUAL("dc:a6:32:77:00:01", frame->destination_mac->text().c_str());
    STRCMP_EQUAL("192.168.1.20", frame->source.text().c_str());
    STRCMP_EQUAL("203.0.113.80", frame->destination.text().c_str());
    LONGS_EQUAL(20 + 20 + 5, frame->ip_length);
    LONGS_EQUAL(64, frame->hop_limit);
}

TEST(Frame, ReadsEveryLinkThatCarriesIp) {
    check_carries_hello(ethernet(kEthertypeIpv4, v4_hello()));
    check_carries_hello(ethernet(kEthertypeIpv6, v6_hello()));
    check_carries_hello(v4_hello(), LinkType::RawIp);
    check_carries_hello(v6_hello(), LinkType::RawIp);
    check_carries_hello(Octets{2, 0, 0, 0} + v4_hello(), LinkType::Null);
    check_carries_hello(Octets{0, 0, 0, 30} + v6_hello(), LinkType::Null);
    check_carries_hello(Octets{0, 0, 0, 2} + v4_hello(), LinkType::Loop);
    check_carries_hello(Octets{0xff, 0x03, 0x00, 0x21} + v4_hello(), LinkType::Ppp);
    check_carries_hello(Octets{0x00, 0x57} + v6_hello(), LinkType::Ppp);
}

TEST(Frame, ReadsCookedLinksAndTheirSender) {
    ByteWriter sll;
    sll.u16(0).u16(1).u16(6).bytes(from_hex("3c22fb123401")).u16(0).u16(kEthertypeIpv4);
    ByteWriter sll2;
    sll2.u16(kEthertypeIpv6).u16(0).u32(3).u16(1).u8(0).u8(6).bytes(from_hex("3c22fb123401"));
    sll2.u16(0);
    const auto first = sll.result() + v4_hello();
    const auto second = sll2.result() + v6_hello();

    check_carries_hello(first, LinkType::LinuxSll);
    check_carries_hello(second, LinkType::LinuxSll2);
    const auto frame = decode_frame(packet(second, {}, LinkType::LinuxSll2));
    STRCMP_EQUAL("3c:22:fb:12:34:01", frame->source_mac->text().c_str());
    CHECK_FALSE(frame->destination_mac.has_value());
}

TEST(Frame, LooksBehindVlanTagsOfAllKinds) {
    check_carries_hello(ethernet(0x8100, vlan(kEthertypeIpv4, v4_hello())));
    check_carries_hello(ethernet(0x88a8, vlan(0x8100, vlan(kEthertypeIpv6, v6_hello()))));
    check_carries_hello(
        ethernet(0x9100, vlan(0x8100, vlan(0x8100, vlan(kEthertypeIpv4, v4_hello())))));
}

TEST(Frame, LooksBehindAsManyVlanTagsAsThereAre) {
    Octets tagged = vlan(kEthertypeIpv4, v4_hello());
    for (int i = 0; i < 300; ++i) {
        tagged = vlan(i % 2 == 0 ? 0x8100 : 0x88a8, tagged);
    }
    check_carries_hello(ethernet(0x88a8, tagged));

    // Tags and nothing behind them.
    Octets tags;
    for (int i = 0; i < 300; ++i) {
        tags = vlan(0x8100, tags);
    }
    CHECK(decode_frame(packet(ethernet(0x8100, tags))).error() == ParseError::Truncated);
}

TEST(Frame, LooksBehindLlcAndSnap) {
    const auto snap = Octets{0xaa, 0xaa, 0x03, 0, 0, 0, 0x08, 0x00} + v4_hello();
    check_carries_hello(ethernet(static_cast<std::uint16_t>(snap.size()), snap + Octets(6, 0)));

    const auto spanning_tree = ethernet(38, Octets{0x42, 0x42, 0x03} + Octets(35, 1));
    CHECK_FALSE(decode_frame(packet(spanning_tree))->has_ip);
}

TEST(Frame, LooksIntoAnEthernetCarriedByMpls) {
    const Octets labels{0, 1, 0x00, 64, 0, 2, 0x01, 64};
    const Octets control_word(4, 0);
    check_carries_hello(
        ethernet(0x8847, labels + control_word + ethernet(kEthertypeIpv4, v4_hello())));
}

TEST(Frame, LooksInsideTunnelsAndForgetsTheTunnelsEnds) {
    check_carries_hello(ethernet(0x8864, pppoe(0x0021, v4_hello())));
    check_carries_hello(ethernet(0x8100, vlan(0x8864, pppoe(0x0057, v6_hello()))));
    check_carries_hello(ethernet(0x8847, Octets{0, 1, 0x00, 64, 0, 2, 0x01, 64} + v4_hello()));
    check_carries_hello(ethernet(kEthertypeIpv4, ipv4({.protocol = 4}, v4_hello())));

    const auto six_in_four = ethernet(kEthertypeIpv4, ipv4({.protocol = 41}, v6_hello()));
    check_carries_hello(six_in_four);
    CHECK_FALSE(decode_frame(packet(six_in_four))->source_mac.has_value());
}

TEST(Frame, LooksInsideGreAndVxlan) {
    const Octets plain_gre{0, 0, 0x08, 0x00};
    const Octets keyed_gre{0x20, 0, 0x86, 0xdd, 0, 0, 0, 9};
    const Octets vxlan_header{0x08, 0, 0, 0, 0, 0, 7, 0};
    check_carries_hello(ethernet(kEthertypeIpv4, ipv4({.protocol = 47}, plain_gre + v4_hello())));
    check_carries_hello(ethernet(kEthertypeIpv4, ipv4({.protocol = 47}, keyed_gre + v6_hello())));

    const auto inner = vxlan_header + ethernet(kEthertypeIpv4, v4_hello());
    const auto vxlan = ethernet(
        kEthertypeIpv4, ipv4({.protocol = 17}, udp({.source = 5000, .destination = 4789}, inner)));
    check_carries_hello(vxlan);
    STRCMP_EQUAL("3c:22:fb:12:34:01", decode_frame(packet(vxlan))->source_mac->text().c_str());
    check_carries_hello(ethernet(  // at the port that Linux takes by itself
        kEthertypeIpv4, ipv4({.protocol = 17}, udp({.source = 5000, .destination = 8472}, inner))));
}

TEST(Frame, LooksInsideGeneveAndTeredo) {
    const auto in_udp = [](std::uint16_t port, const Octets& payload) {
        return ethernet(kEthertypeIpv4, ipv4({.protocol = 17},
                                             udp({.source = 5000, .destination = port}, payload)));
    };
    const Octets geneve_ip{0, 0, 0x86, 0xdd, 0, 0, 7, 0};
    const Octets geneve_ethernet{0x01, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 4};  // one option
    check_carries_hello(in_udp(6081, geneve_ip + v6_hello()));
    check_carries_hello(in_udp(6081, geneve_ethernet + ethernet(kEthertypeIpv4, v4_hello())));

    const auto teredo = in_udp(3544, v6_hello());
    check_carries_hello(teredo);
    STRCMP_EQUAL("3c:22:fb:12:34:01", decode_frame(packet(teredo))->source_mac->text().c_str());
}

TEST(Frame, ReadsWhatAFirewallLogs) {
    const Octets mac_field{16, 0, 8, 0, 0, 6, 0, 0, 0x3c, 0x22, 0xfb, 0x12, 0x34, 0x01, 0, 0};
    const Octets mark_field{5, 0, 1, 0, 9, 0, 0, 0};  // padded to eight
    const auto length = static_cast<std::uint16_t>(4 + v4_hello().size());
    const Octets payload_field{static_cast<std::uint8_t>(length),
                               static_cast<std::uint8_t>(length >> 8U), 9, 0};
    const Octets logged =
        Octets{2, 0, 0, 5} + mark_field + mac_field + payload_field + v4_hello() + Octets{0, 0};
    check_carries_hello(logged, LinkType::Nflog);
    STRCMP_EQUAL("3c:22:fb:12:34:01",
                 decode_frame(packet(logged, {}, LinkType::Nflog))->source_mac->text().c_str());
}

TEST(Frame, TellsTunnelsThatItDoesNotReadAsTheyAre) {
    const Octets erspan{0x10, 0, 0x88, 0xbe, 0, 0, 0, 1};  // with a sequence number
    const auto frame = decode_frame(
        packet(ethernet(kEthertypeIpv4, ipv4({.protocol = 47}, erspan + Octets(40, 0)))));

    CHECK_FALSE(frame->is_tcp());
    CHECK_FALSE(frame->is_udp());
}

TEST(Frame, TakesThePacketAroundATunnelWhoseInsideMakesNoSense) {
    const auto bytes = ethernet(kEthertypeIpv4, ipv4({.protocol = 41}, octets("rubbish")));
    const auto frame = decode_frame(packet(bytes));

    LONGS_EQUAL(41, frame->protocol);
    STRCMP_EQUAL("192.168.1.20", frame->source.text().c_str());
    STRCMP_EQUAL("rubbish", text_of(frame->payload).c_str());
    LONGS_EQUAL(7, frame->payload_length);
}

TEST(Frame, WalksTheExtensionHeadersOfIpv6) {
    const Octets options{60, 0, 1, 4, 0, 0, 0, 0};  // hop-by-hop, then destination options
    const Octets more_options{6, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    auto fields = kV6;
    fields.protocol = 0;

    check_carries_hello(
        ethernet(kEthertypeIpv6, ipv6(fields, options + more_options + hello_segment())));
}

TEST(Frame, GivesUpOnAnEndlessChainOfExtensionHeaders) {
    Octets chain;
    for (int i = 0; i < 40; ++i) {
        chain = chain + Octets{60, 0, 1, 4, 0, 0, 0, 0};
    }
    auto fields = kV6;
    fields.protocol = 60;
    const auto bytes = ethernet(kEthertypeIpv6, ipv6(fields, chain));

    CHECK(decode_frame(packet(bytes)).error() == ParseError::LimitExceeded);
}

TEST(Frame, GivesUpOnLayersWithoutEnd) {
    Octets nested = v4_hello();
    for (int i = 0; i < 40; ++i) {
        nested = ipv4({.protocol = 4}, nested);
    }
    const auto bytes = ethernet(kEthertypeIpv4, nested);
    const auto frame = decode_frame(packet(bytes));

    LONGS_EQUAL(4, frame->protocol);  // a tunnel that was not entered
    CHECK_FALSE(frame->is_tcp());
}

TEST(Frame, CutsThePaddingOfShortEthernetPackets) {
    const auto bytes = ethernet(kEthertypeIpv4, ipv4({}, tcp({}, {}))) + Octets(6, 0);
    const auto frame = decode_frame(packet(bytes));

    LONGS_EQUAL(0, frame->payload.size());
    LONGS_EQUAL(0, frame->payload_length);
}

TEST(Frame, CountsWhatWasSentWhenTheCaptureCutThePacket) {
    const auto bytes = ethernet(kEthertypeIpv4, ipv4({}, tcp({}, Octets(1000, 'x'))));
    auto cut = packet(bytes);
    cut.bytes = cut.bytes.first(100);
    const auto frame = decode_frame(cut);

    LONGS_EQUAL(1040, frame->ip_length);
    LONGS_EQUAL(100 - 14 - 20 - 20, frame->payload.size());
    LONGS_EQUAL(1000, frame->payload_length);
}

TEST(Frame, TakesTheLengthOfASuperFrameFromTheWire) {
    auto bytes = ethernet(kEthertypeIpv4, ipv4({}, tcp({}, Octets(70000, 'x'))));
    bytes[16] = 0;  // the total length does not fit in 16 bits and is left at zero
    bytes[17] = 0;

    LONGS_EQUAL(70040, decode_frame(packet(bytes))->ip_length);
}

TEST(Frame, MarksFragmentsInsteadOfReadingPortsFromThem) {
    const auto v4 =
        ethernet(kEthertypeIpv4,
                 ipv4({.protocol = 17, .id = 9, .fragment_offset = 1480, .more_fragments = true},
                      octets("piece")));
    const auto frame = decode_frame(packet(v4));

    CHECK_FALSE(frame->is_udp());
    LONGS_EQUAL(9, frame->fragment->id);
    LONGS_EQUAL(1480, frame->fragment->offset);
    CHECK_TRUE(frame->fragment->more);
    STRCMP_EQUAL("piece", text_of(frame->payload).c_str());
}

TEST(Frame, MarksFragmentsOfIpv6) {
    auto fields = kV6;
    fields.protocol = 44;
    const Octets last_piece{6, 0, 0x05, 0xa8, 0, 0, 0x12, 0x34};
    const Octets whole{6, 0, 0, 0, 0, 0, 0, 1};
    const auto piece = ethernet(kEthertypeIpv6, ipv6(fields, last_piece + octets("piece")));
    const auto frame = decode_frame(packet(piece));

    LONGS_EQUAL(0x1234, frame->fragment->id);
    LONGS_EQUAL(1448, frame->fragment->offset);
    CHECK_FALSE(frame->fragment->more);
    check_carries_hello(ethernet(kEthertypeIpv6, ipv6(fields, whole + hello_segment())));
}

TEST(Frame, ShowsArpAndLeavesUnknownEthertypesAlone) {
    const auto arp = ethernet(kEthertypeArp, octets("who has?"));
    const auto lldp = ethernet(0x88cc, octets("chassis"));

    STRCMP_EQUAL("who has?", text_of(decode_frame(packet(arp))->network).c_str());
    CHECK_FALSE(decode_frame(packet(arp))->has_ip);
    LONGS_EQUAL(0, decode_frame(packet(lldp))->ethertype);
}

TEST(Frame, RefusesLengthsThatContradictThemselves) {
    auto short_header = ethernet(kEthertypeIpv4, v4_hello());
    short_header[14] = 0x44;
    auto short_total = ethernet(kEthertypeIpv4, v4_hello());
    short_total[17] = 19;
    auto short_tcp = ethernet(kEthertypeIpv4, v4_hello());
    short_tcp[14 + 20 + 12] = 0x40;
    auto long_udp = ethernet(kEthertypeIpv4, ipv4({.protocol = 17}, udp({}, octets("x"))));
    long_udp[14 + 20 + 5] = 200;

    for (const auto& bytes : {short_header, short_total, short_tcp, long_udp}) {
        CHECK(decode_frame(packet(bytes)).error() == ParseError::Malformed);
    }
}

TEST(Frame, IsTruncatedAtEveryLengthShortOfTheHeaders) {
    const auto whole = ethernet(0x8100, vlan(kEthertypeIpv6, v6_hello()));
    const std::size_t headers = 14 + 4 + 40 + 20;

    for (std::size_t length = 0; length < headers; ++length) {
        auto cut = packet(whole);
        cut.bytes = cut.bytes.first(length);
        CHECK(decode_frame(cut).error() == ParseError::Truncated);
    }
}

TEST(Frame, ReadsTheTransportHeaderOfAReassembledDatagram) {
    const auto bytes = ethernet(
        kEthertypeIpv4, ipv4({.protocol = 17, .fragment_offset = 8, .more_fragments = false}, {}));
    const auto whole = udp({.source = 5353, .destination = 53}, octets("question"));
    const auto frame = decode_reassembled(*decode_frame(packet(bytes)), whole);

    CHECK_TRUE(frame->is_udp());
    LONGS_EQUAL(53, frame->destination_port);
    STRCMP_EQUAL("question", text_of(frame->payload).c_str());
}
