#pragma once

#include "capture/packet.h"
#include "core/base/byte_reader.h"
#include "core/base/ip_address.h"
#include "core/base/mac_address.h"
#include "core/base/result.h"

#include <cstdint>
#include <optional>

namespace sporvakt::capture {

constexpr std::uint16_t kEthertypeIpv4 = 0x0800;
constexpr std::uint16_t kEthertypeArp = 0x0806;
constexpr std::uint16_t kEthertypeIpv6 = 0x86dd;

constexpr std::uint8_t kProtocolIcmp = 1;
constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::uint8_t kProtocolUdp = 17;
constexpr std::uint8_t kProtocolIcmpv6 = 58;

/// The control bits of a TCP header (RFC 9293 §3.1).
constexpr std::uint8_t kTcpFin = 0x01;
constexpr std::uint8_t kTcpSyn = 0x02;
constexpr std::uint8_t kTcpRst = 0x04;
constexpr std::uint8_t kTcpAck = 0x10;

/// Which piece of an IP datagram this is (RFC 791 §3.2, RFC 8200 §4.5).
struct FragmentPart {
    std::uint32_t id = 0;
    std::uint16_t offset = 0;  ///< In bytes.
    bool more = false;         ///< Pieces follow this one.
};

/// One packet, decoded in place: everything is a view into the Packet's bytes or a small copy.
///
/// Without IP (ARP, unknown ethertypes) only the first group is set; a datagram that is neither
/// TCP nor UDP has no ports, and its `payload` begins with its own header (ICMPv6: the type).
/// A fragment has no ports either, and its `payload` is the piece (see IpFragments).
struct Frame {
    Timestamp at;
    /// Empty where the link has none, and inside tunnels, whose ends are not the devices.
    std::optional<MacAddress> source_mac;
    std::optional<MacAddress> destination_mac;
    std::uint16_t ethertype = 0;  ///< Behind all VLAN tags; 0 when it is not one we read.
    Bytes network;                ///< What the ethertype says this is: an ARP message, IP, ...

    bool has_ip = false;
    std::uint8_t protocol = 0;    ///< The upper protocol, behind all extension headers.
    std::uint8_t hop_limit = 0;   ///< NDP must arrive with 255 (RFC 4861 §7.1.1).
    std::uint32_t ip_length = 0;  ///< Header and all, from the IP header: what is counted.
    std::uint16_t packets = 1;    ///< That it came in: more when it was put together again.
    IpAddress source;
    IpAddress destination;
    std::optional<FragmentPart> fragment;

    std::uint16_t source_port = 0;  ///< TCP and UDP.
    std::uint16_t destination_port = 0;
    std::uint32_t tcp_sequence = 0;
    std::uint8_t tcp_flags = 0;
    /// Behind the TCP or UDP header, without Ethernet's padding; shorter than sent when the
    /// capture cut the packet.
    Bytes payload;
    std::uint32_t payload_length = 0;  ///< As sent.

    [[nodiscard]] bool is_tcp() const { return protocol == kProtocolTcp && !fragment; }
    [[nodiscard]] bool is_udp() const { return protocol == kProtocolUdp && !fragment; }
    [[nodiscard]] bool has_flags(std::uint8_t flags) const { return (tcp_flags & flags) == flags; }
};

/// Decodes Ethernet (VLAN tags to any depth, LLC with SNAP, PPPoE, MPLS), cooked, raw and loopback
/// links, what a firewall logs (NFLOG), IPv4, IPv6 with its extension headers, and what is inside
/// IP in IP, 6in4, GRE, VXLAN, GENEVE, Teredo or an MPLS wire.  At most kLayerMax layers.  Left
/// out: ERSPAN and PPTP's GRE, whose datagrams are told as they are.
///
/// Checksums are never verified: on the capturing host the card has yet to fill them in.
/// Malformed: some layer contradicts itself.  Truncated: a header is not all there.
Parsed<Frame> decode_frame(const Packet& packet);

/// Decodes what a datagram carries that was put together from fragments, as if it had come whole.
/// `frame` tells the datagram's IP header, `payload` what is behind it and outlives the frame.
Parsed<Frame> decode_reassembled(const Frame& frame, Bytes payload);

constexpr std::size_t kLayerMax = 16;

}  // namespace sporvakt::capture
