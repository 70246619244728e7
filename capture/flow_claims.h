#pragma once

#include "capture/flow.h"
#include "core/devices/device_id.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

namespace sporvakt::capture {

/// Which of several sniffers counts a flow that more than one of them sees: on a bridge and its
/// port, on a card and its VLAN, on a mirror port beside them.  Whoever sees it first, until it
/// ends there.
///
/// It is the same flow where protocol, both ends and the device's MAC address are the same.  Behind
/// a translation of addresses they are not, and need not be: there the gateway speaks, whose flows
/// nobody counts.  Holds at most kClaimsMax; what goes beyond is counted wherever it is seen.
/// Thread-safe; asked when a flow begins and when it ends.
class FlowClaims {
public:
    /// One of the sniffers.
    using Party = std::uint8_t;

    static constexpr std::size_t kClaimsMax = 131'072;  // two full flow tables

    /// Whether the flow is the party's to count.
    bool claim(const FlowKey& flow, const devices::DeviceId& device, Party party);

    /// The flow has ended there.  Nothing happens unless it was the party's.
    void release(const FlowKey& flow, const devices::DeviceId& device, Party party);

private:
    using Key = std::pair<std::array<std::uint64_t, 5>, devices::DeviceId>;

    std::mutex mutex_;
    std::map<Key, Party> claims_;  ///< Guarded by mutex_.  A tree: nobody can make keys collide.
};

}  // namespace sporvakt::capture
