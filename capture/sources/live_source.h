#pragma once

#include "capture/sources/packet_source.h"
#include "core/base/result.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace sporvakt::capture {

struct LiveSettings {
    std::string interface;                ///< "br-lan"
    std::size_t ring_bytes = 32U << 20U;  ///< 16 MB on a board with 512 MB.
    /// How long the kernel may hold a block back that is not full: half of the 20 ms within which a
    /// packet is to be delivered.
    std::chrono::milliseconds block_timeout{10};
};

/// Opens an interface for capture: all of each packet, in promiscuous mode, through the kernel's
/// TPACKET_V3 ring.  Needs CAP_NET_RAW; reading does not.
///
/// Its place in the ring is memory of this process: after a fork only one of the two may read, and
/// a sniffer that is started again needs a source that was opened again.
Result<std::unique_ptr<PacketSource>> open_interface(const LiveSettings& settings);

}  // namespace sporvakt::capture
