#pragma once

#include "tests/support/packets/packet_builder.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::test {

// The messages by which devices of one house find each other, from the inside of their headers.

/// ARP (RFC 826): the sender's claim, as a request for `target` or, with `operation` 2, an answer.
struct ArpFields {
    std::string_view sender = "3c:22:fb:12:34:01";
    std::string_view sender_address = "192.168.1.20";
    std::string_view target = "00:00:00:00:00:00";
    std::string_view target_address = "192.168.1.1";
    std::uint16_t operation = 1;
};
Octets arp(const ArpFields& fields);

/// The bytes of an address as they stand in a packet.
Octets address_octets(std::string_view address);
Octets mac_octets(std::string_view mac);

/// An option of DHCPv4 (RFC 2132).
Octets dhcp_option(std::uint8_t code, const Octets& value);

struct DhcpFields {
    std::uint8_t operation = 1;  ///< 1 from the client, 2 from the server.
    std::string_view client = "3c:22:fb:12:34:01";
    std::string_view client_address = "0.0.0.0";
    std::string_view your_address = "0.0.0.0";
    std::string_view relay = "0.0.0.0";
    std::string_view file;  ///< The boot file field, which may hold options.
};

/// DHCPv4 (RFC 2131 §2): the fixed part, `options`, and the end mark.
Octets dhcp(const DhcpFields& fields, const Octets& options);

/// A name in DNS's wire form; the labels as they are, dots and all.
Octets dns_name(const std::vector<std::string_view>& labels);

/// The same of a host name in text.
Octets dns_host(std::string_view name);

/// A resource record (RFC 1035 §4.1.3) of class IN.
Octets dns_record(const Octets& owner, std::uint16_t type, std::uint32_t ttl, const Octets& data);

struct DnsSections {
    std::uint16_t id = 0;
    std::uint16_t flags = 0x8400;     ///< Answer, authoritative.
    std::vector<Octets> questions{};  ///< Name, type and class.
    std::vector<Octets> answers{};
    std::vector<Octets> authorities{};
    std::vector<Octets> additionals{};
};
Octets dns_message(const DnsSections& sections);

/// Neighbour discovery (RFC 4861 §4), from the type on.  `options` are added as they are.
Octets neighbour_solicitation(std::string_view target, const Octets& options = {});
Octets neighbour_advertisement(std::string_view target, const Octets& options = {});
Octets router_solicitation(const Octets& options = {});
Octets router_advertisement(std::uint16_t lifetime_seconds, const Octets& options = {});
Octets link_address_option(std::uint8_t type, std::string_view mac);
Octets prefix_option(std::string_view prefix, std::uint8_t length, std::uint8_t flags = 0xc0);

}  // namespace sporvakt::test
