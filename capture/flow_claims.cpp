#include "capture/flow_claims.h"

namespace sporvakt::capture {

bool FlowClaims::claim(const FlowKey& flow, const devices::DeviceId& device, Party party) {
    const std::lock_guard lock(mutex_);
    const Key key(flow.words, device);
    if (const auto held = claims_.find(key); held != claims_.end()) {
        return held->second == party;
    }
    if (claims_.size() < kClaimsMax) {
        claims_.emplace(key, party);
    }
    return true;
}

void FlowClaims::release(const FlowKey& flow, const devices::DeviceId& device, Party party) {
    const std::lock_guard lock(mutex_);
    const auto held = claims_.find(Key(flow.words, device));
    if (held != claims_.end() && held->second == party) {
        claims_.erase(held);
    }
}

}  // namespace sporvakt::capture
