#pragma once

#include "core/base/byte_reader.h"
#include "core/base/ip_address.h"
#include "core/base/mac_address.h"
#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sporvakt::capture {

/// What an ARP message says about who sent it.
struct ArpMessage {
    MacAddress sender;
    /// Empty in a probe: the sender only asks whether somebody has the address (RFC 5227 §1.1).
    std::optional<IpAddress> sender_address;
};

/// Reads ARP for IPv4 on Ethernet (RFC 826).  Malformed: another protocol or hardware.
Parsed<ArpMessage> parse_arp(Bytes message);

/// A prefix whose addresses are on the link itself (RFC 4861 §4.6.2).
struct LinkPrefix {
    IpAddress address;
    std::uint8_t length = 0;  ///< Bits.

    [[nodiscard]] bool contains(const IpAddress& candidate) const;

    friend bool operator==(const LinkPrefix&, const LinkPrefix&) = default;
};

/// What a message of IPv6 neighbour discovery says about who sent it (RFC 4861 §4).
struct NeighbourMessage {
    /// Solicitation: the source, or the target that the sender is about to use (RFC 4862 §5.4.2).
    /// Advertisement: the target.  Nothing for a router's questions without a source.
    std::optional<IpAddress> address;
    /// From the link-layer address option, where there is one.
    std::optional<MacAddress> mac;
    bool is_router = false;           ///< Advertises itself as a way out.
    std::vector<LinkPrefix> on_link;  ///< Of a router advertisement; at most kPrefixCountMax.
};

constexpr std::size_t kPrefixCountMax = 8;

/// Reads an ICMPv6 message, from its type on.  Nothing for other types than 133 to 136.  The caller
/// has checked that it came with hop limit 255, thus from the link itself (RFC 4861 §7.1).
Parsed<std::optional<NeighbourMessage>> parse_neighbour_message(Bytes bytes,
                                                                const IpAddress& source);

}  // namespace sporvakt::capture
