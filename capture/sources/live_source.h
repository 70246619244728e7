#pragma once

#include "capture/sources/packet_filter.h"
#include "capture/sources/packet_source.h"
#include "core/base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace sporvakt::capture {

/// The ring that a machine with so many bytes of memory can spare: 32 MB, 16 MB with 512 MB or
/// less.  Loss comes from gaps in scheduling, not from the rate: 32 MB are a second of 30,000 full
/// frames, and far more of those of which only the headers are taken.
std::size_t ring_bytes_for(std::uint64_t memory_bytes);

/// All of this machine's.
std::uint64_t machine_memory();

/// Which frames a card hands up.
enum class Reach : std::uint8_t {
    Everything,  ///< Promiscuous: also what is meant for others, on a mirror port or a bridge.
    OwnFrames,   ///< What is sent to this machine, by it, and to everybody.
};

struct LiveSettings {
    std::string interface;  ///< "br-lan"
    std::size_t ring_bytes = ring_bytes_for(machine_memory());
    Reach reach = Reach::Everything;
    Wanted wanted = Wanted::Bytes;
    /// How long the kernel may hold a block back that is not full: half of the 20 ms within which a
    /// packet is to be delivered.
    std::chrono::milliseconds block_timeout{10};
};

/// Opens an interface for capture through the kernel's TPACKET_V3 ring.  Needs CAP_NET_RAW; reading
/// does not.
///
/// Its place in the ring is memory of this process: after a fork only one of the two may read, and
/// a sniffer that is started again needs a source that was opened again.
Result<std::unique_ptr<PacketSource>> open_interface(const LiveSettings& settings);

}  // namespace sporvakt::capture
