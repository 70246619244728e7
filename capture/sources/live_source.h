#pragma once

#include "capture/sources/packet_source.h"
#include "core/base/mac_address.h"
#include "core/base/result.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace sporvakt::capture {

struct LiveSettings {
    std::string interface;                        ///< "br-lan"
    std::size_t ring_bytes = 32U << 20U;          ///< 16 MB on a board with 512 MB.
    std::chrono::milliseconds block_timeout{20};  ///< How long the kernel may hold a block back.
};

/// Opens an interface for capture: all of each packet, in promiscuous mode, through the kernel's
/// TPACKET_V3 ring.  Needs CAP_NET_RAW; reading does not.
///
/// Its place in the ring is memory of this process: after a fork only one of the two may read, and
/// a sniffer that is started again needs a source that was opened again.
Result<std::unique_ptr<PacketSource>> open_interface(const LiveSettings& settings);

/// The interface's own address, which is the gateway's on a network that we are the gateway of.
/// Empty when it has none.
std::optional<MacAddress> interface_mac(const std::string& interface);

}  // namespace sporvakt::capture
