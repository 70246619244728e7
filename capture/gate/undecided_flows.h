#pragma once

#include "capture/flow.h"
#include "capture/frame.h"
#include "capture/gate/opening.h"
#include "capture/gate/queued_packet.h"
#include "core/base/clock.h"
#include "core/devices/device_id.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <vector>

namespace sporvakt::capture {

/// A flow whose fate the kernel does not know yet.
struct UndecidedFlow {
    FlowKey key;
    devices::DeviceId device;
    Opening opening;
    std::optional<std::uint32_t> initial_sequence;  ///< TCP, if its SYN was seen.
    std::uint32_t packets = 0;                      ///< That were queued.
    std::vector<PacketTicket> held;                 ///< Wait for the ruling, in order of arrival.
    Moment due;             ///< When the wait is over, or what is known here no longer matters.
    bool has_sent = false;  ///< The client sent payload.
    /// Cut, and kept so that what was queued before the kernel knew is cut too.
    bool is_cut = false;
};

/// The flows that the gate has begun to read and those that it has just cut.
///
/// At most kFlowsMax, of which one device has at most kShareMax: one that opens flows without end
/// pushes out its own.  A flow stays where it is until it is erased.  Not thread-safe.
class UndecidedFlows {
public:
    static constexpr std::size_t kFlowsMax = 1024;
    static constexpr std::size_t kShareMax = kFlowsMax / 4;

    /// Null when it is not there.
    [[nodiscard]] UndecidedFlow* find(const FlowKey& key);

    /// Whom to rule upon and erase() before another flow of the device may begin; null while there
    /// is room.
    [[nodiscard]] UndecidedFlow* in_the_way_of(const devices::DeviceId& device);

    /// The key must not be there, and there must be room.
    UndecidedFlow& begin(const FlowKey& key, const devices::DeviceId& device, const Frame& first);

    void erase(const UndecidedFlow& flow);

    /// `visit` may erase the flow that it is given.
    void each(const std::function<void(UndecidedFlow&)>& visit);

    [[nodiscard]] std::size_t size() const { return flows_.size(); }

private:
    struct Earlier {
        bool operator()(const FlowKey& a, const FlowKey& b) const { return a.words < b.words; }
    };
    using Flows = std::list<UndecidedFlow>;

    [[nodiscard]] Flows::iterator least_worth(const devices::DeviceId* device);

    Flows flows_;  ///< In the order of their beginning.
    /// A tree: whoever chooses ports and addresses cannot make it slow, as one could a hash table.
    std::map<FlowKey, Flows::iterator, Earlier> by_key_;
    std::map<devices::DeviceId, std::size_t> shares_;
};

}  // namespace sporvakt::capture
