#pragma once

#include "capture/packet.h"
#include "core/base/byte_reader.h"
#include "core/base/ip_address.h"
#include "core/base/mac_address.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sporvakt::test {

using Octets = std::vector<std::uint8_t>;

// Each function puts one header in front of what it carries, so that a test spells a packet from
// the outside in: ethernet(kEthertypeIpv4, ipv4({...}, udp({...}, payload))).
// Lengths are right; checksums are zero, for nothing reads them.

struct MacPair {
    std::string_view source = "3c:22:fb:12:34:01";
    std::string_view destination = "dc:a6:32:77:00:01";
};

struct IpFields {
    std::string_view source = "192.168.1.20";
    std::string_view destination = "203.0.113.80";
    std::uint8_t protocol = 6;
    std::uint16_t id = 1;
    std::uint16_t fragment_offset = 0;  ///< In bytes.
    bool more_fragments = false;
};

struct TcpFields {
    std::uint16_t source_port = 40000;
    std::uint16_t destination_port = 443;
    std::uint32_t sequence = 1000;
    std::uint8_t flags = 0x10;
    std::uint32_t acknowledgement = 0;
};

struct Ports {
    std::uint16_t source = 50000;
    std::uint16_t destination = 443;
};

Octets octets(std::string_view text);
Octets operator+(Octets left, const Octets& right);
Octets from_hex(std::string_view hex);

Octets ethernet(std::uint16_t ethertype, const Octets& payload, const MacPair& macs = {});
Octets vlan(std::uint16_t ethertype, const Octets& payload);  ///< What follows the tag's type.
Octets pppoe(std::uint16_t ppp_protocol, const Octets& payload);
Octets ipv4(const IpFields& fields, const Octets& payload);
Octets ipv6(const IpFields& fields, const Octets& payload);
Octets tcp(const TcpFields& fields, const Octets& payload);
Octets udp(const Ports& ports, const Octets& payload);

/// A whole packet as captured on Ethernet.  The bytes must outlive it.
capture::Packet packet(const Octets& bytes, Timestamp at = Timestamp{},
                       capture::LinkType link = capture::LinkType::Ethernet);

}  // namespace sporvakt::test
