#pragma once

#include "core/base/byte_reader.h"
#include "core/base/mac_address.h"

#include <cstdint>
#include <optional>

namespace sporvakt::capture {

/// What a ruling on a packet that waits in the kernel's queue has to say: which, and its own mark.
struct PacketTicket {
    std::uint32_t id = 0;
    std::uint32_t mark = 0;  ///< The packet's own, of which other programs may use bits.

    friend bool operator==(const PacketTicket&, const PacketTicket&) = default;
};

/// A packet that waits in the kernel's queue for a ruling.
struct QueuedPacket {
    PacketTicket ticket;
    std::optional<MacAddress> source_mac;  ///< Of who sent it on its last link.
    Bytes bytes;                           ///< From the IP header on; the queue's, until the next.
};

enum class Ruling : std::uint8_t {
    Pass,      ///< This packet; nothing is said of its flow.
    PassFlow,  ///< And all of its flow: none of it is queued again.
    CutFlow,   ///< None of its flow: the rules refuse the packet so that the client hears of it.
    Drop,      ///< This packet disappears.
};

/// Where rulings go.  Each packet gets one; it may be given long after the packet came.
class Rulings {
public:
    Rulings() = default;
    Rulings(const Rulings&) = delete;
    Rulings& operator=(const Rulings&) = delete;
    Rulings(Rulings&&) = delete;
    Rulings& operator=(Rulings&&) = delete;
    virtual ~Rulings() = default;

    virtual void rule(const PacketTicket& packet, Ruling ruling) = 0;
};

}  // namespace sporvakt::capture
