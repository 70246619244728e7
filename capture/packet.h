#pragma once

#include "core/base/byte_reader.h"
#include "core/base/clock.h"

#include <cstdint>

namespace sporvakt::capture {

/// How a packet's bytes begin: what libpcap calls the link type, as far as we read it.
enum class LinkType : std::uint8_t {
    Unknown,    ///< Read and counted, but nothing in it is understood.
    Ethernet,   ///< DLT_EN10MB
    Null,       ///< DLT_NULL: protocol family in the capturing host's byte order
    Loop,       ///< DLT_LOOP: the same in network byte order
    RawIp,      ///< DLT_RAW, DLT_IPV4, DLT_IPV6: begins with the IP header
    LinuxSll,   ///< DLT_LINUX_SLL: "any" interface, cooked
    LinuxSll2,  ///< DLT_LINUX_SLL2
    Ppp,        ///< DLT_PPP, DLT_PPP_SERIAL
    Nflog,      ///< DLT_NFLOG: what a firewall rule logs, of a little-endian machine
};

/// One captured packet.  The bytes belong to the source that gave it.
struct Packet {
    Timestamp at;
    LinkType link = LinkType::Ethernet;
    Bytes bytes;                    ///< As many as were captured.
    std::uint32_t wire_length = 0;  ///< As many as there were.
};

}  // namespace sporvakt::capture
