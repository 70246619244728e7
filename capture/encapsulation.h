#pragma once

#include "core/base/byte_reader.h"
#include "core/base/mac_address.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sporvakt::capture {

constexpr std::uint16_t kEthertypeBridging = 0x6558;  ///< A whole Ethernet frame (RFC 1701).

/// Whose MAC addresses a tunnel's outside has.
enum class TunnelEnds : std::uint8_t {
    Routers,  ///< They say nothing about who talks inside.
    Devices,  ///< The tunnel ends in the device that talks.
};

/// What a UDP datagram carries that is a tunnel's.
struct Encapsulated {
    std::size_t offset = 0;       ///< In the datagram's payload.
    std::uint16_t ethertype = 0;  ///< What begins there; kEthertypeBridging: Ethernet.
    TunnelEnds ends = TunnelEnds::Routers;

    friend bool operator==(const Encapsulated&, const Encapsulated&) = default;
};

constexpr std::uint16_t kVxlanPort = 4789;       ///< RFC 7348 §5
constexpr std::uint16_t kLinuxVxlanPort = 8472;  ///< What Linux takes unless told otherwise.
constexpr std::uint16_t kGenevePort = 6081;      ///< RFC 8926 §3.3
constexpr std::uint16_t kTeredoPort = 3544;      ///< RFC 4380 §2.7

/// Whether it is worth looking; nearly all datagrams are not.
inline bool may_encapsulate(std::uint16_t source_port, std::uint16_t destination_port) {
    return destination_port == kVxlanPort || destination_port == kLinuxVxlanPort ||
           destination_port == kGenevePort || destination_port == kTeredoPort ||
           source_port == kTeredoPort;
}

/// Looks for VXLAN (RFC 7348), GENEVE (RFC 8926) and Teredo (RFC 4380), by port and header.
std::optional<Encapsulated> encapsulated_in_udp(std::uint16_t source_port,
                                                std::uint16_t destination_port, Bytes payload);

/// The IP packet that a firewall rule logged.
struct LoggedPacket {
    std::size_t offset = 0;  ///< In what was captured.
    std::size_t length = 0;  ///< As it was logged; may be cut by the capture.
    std::optional<MacAddress> source_mac;
};

/// Reads the fields in front of a logged packet (www.tcpdump.org/linktypes: NFLOG).  They are in
/// the byte order of the machine that captured, which is taken to be little-endian.
Parsed<LoggedPacket> parse_nflog(Bytes bytes);

}  // namespace sporvakt::capture
