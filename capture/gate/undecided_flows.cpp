#include "capture/gate/undecided_flows.h"

#include "core/base/assert.h"

#include <algorithm>
#include <utility>

namespace sporvakt::capture {

UndecidedFlow* UndecidedFlows::find(const FlowKey& key) {
    const auto place = by_key_.find(key);
    return place == by_key_.end() ? nullptr : &*place->second;
}

UndecidedFlow* UndecidedFlows::in_the_way_of(const devices::DeviceId& device) {
    const auto share = shares_.find(device);
    if (share != shares_.end() && share->second >= kShareMax) {
        return &*least_worth(&device);
    }
    return flows_.size() < kFlowsMax ? nullptr : &*least_worth(nullptr);
}

/// Of the device, or of all: the oldest that holds nothing, for nothing is lost with it; else the
/// oldest.
UndecidedFlows::Flows::iterator UndecidedFlows::least_worth(const devices::DeviceId* device) {
    auto oldest = flows_.end();
    for (auto flow = flows_.begin(); flow != flows_.end(); ++flow) {
        if (device != nullptr && flow->device != *device) {
            continue;
        }
        if (flow->held.empty()) {
            return flow;
        }
        oldest = oldest == flows_.end() ? flow : oldest;
    }
    SPORVAKT_ASSERT(oldest != flows_.end());
    return oldest;
}

UndecidedFlow& UndecidedFlows::begin(const FlowKey& key, const devices::DeviceId& device,
                                     const Frame& first) {
    SPORVAKT_ASSERT(flows_.size() < kFlowsMax);
    flows_.push_back({key, device, Opening(first), std::nullopt, 0, {}, Moment{}, false, false});
    const bool is_new = by_key_.emplace(key, std::prev(flows_.end())).second;
    SPORVAKT_ASSERT(is_new);
    ++shares_[device];
    return flows_.back();
}

void UndecidedFlows::erase(const UndecidedFlow& flow) {
    const auto place = by_key_.find(flow.key);
    SPORVAKT_ASSERT(place != by_key_.end());
    const auto share = shares_.find(flow.device);
    if (--share->second == 0) {
        shares_.erase(share);
    }
    flows_.erase(place->second);
    by_key_.erase(place);
}

void UndecidedFlows::each(const std::function<void(UndecidedFlow&)>& visit) {
    for (auto flow = flows_.begin(); flow != flows_.end();) {
        visit(*flow++);
    }
}

}  // namespace sporvakt::capture
