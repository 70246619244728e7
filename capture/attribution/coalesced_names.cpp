#include "capture/attribution/coalesced_names.h"

#include "core/ledger/slot.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sporvakt::capture {
namespace {

constexpr std::uint16_t kHttps = 443;

bool leads_to(const Resolution& resolution, const Flow& flow, const IpAddress& server) {
    const auto& addresses = resolution.addresses;
    return std::find(addresses.begin(), addresses.end(), server) != addresses.end() &&
           resolution.device == flow.device();
}

/// How many packets long enough for a request it takes until one was for the name: a connection
/// that had just begun sends the end of its handshake and what it was opened for first.
unsigned requests_wanted(const Flow& flow, Timestamp resolved) {
    constexpr std::chrono::seconds kSettled{1};
    return resolved - flow.first_seen >= kSettled ? 1 : 3;
}

}  // namespace

bool CoalescedNames::may_carry(const Flow& flow) {
    const bool is_web = flow.origin == NameOrigin::Tls || flow.origin == NameOrigin::Quic;
    return flow.is_used && flow.is_countable && !flow.is_closed && is_web && !flow.is_inferred() &&
           flow.server().port == kHttps;
}

CoalescedNames::Waiting* CoalescedNames::find(const devices::DeviceId& device,
                                              std::string_view name) {
    const auto known = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& one) {
        return one.resolution.name == name && one.resolution.device == device;
    });
    return known == waiting_.end() ? nullptr : &*known;
}

CoalescedNames::Waiting* CoalescedNames::add(const Resolution& resolution) {
    const auto share = std::count_if(waiting_.begin(), waiting_.end(), [&](const Waiting& one) {
        return one.resolution.device == resolution.device;
    });
    if (waiting_.size() >= kResolutionsMax || static_cast<std::size_t>(share) >= kShareMax) {
        return nullptr;
    }
    Waiting waiting;
    waiting.resolution = resolution;
    waiting.resolution.addresses.clear();
    waiting_.push_back(std::move(waiting));
    return &waiting_.back();
}

void CoalescedNames::resolved(const Resolution& resolution) {
    Waiting* waiting = find(resolution.device, resolution.name);
    waiting = waiting != nullptr ? waiting : add(resolution);
    if (waiting == nullptr) {
        return;
    }
    waiting->latest = resolution.at;
    auto& known = waiting->resolution.addresses;
    for (const IpAddress& address : resolution.addresses) {
        if (known.size() < kResolvedMax &&
            std::find(known.begin(), known.end(), address) == known.end()) {
            known.push_back(address);
        }
        watch_flows_to(resolution.device, address);
    }
}

void CoalescedNames::watch_flows_to(const devices::DeviceId& device, const IpAddress& address) {
    const Flows* flows = flows_.find(device, address);
    if (flows == nullptr) {
        return;
    }
    for (Flow* flow : *flows) {
        // Its place may have another flow by now.
        if (flow != nullptr && may_carry(*flow) && flow->server().address == address &&
            flow->device() == device) {
            flow->may_carry = true;
        }
    }
}

void CoalescedNames::named(Flow& flow) {
    const auto device = flow.device();
    if (Waiting* own = find(device, flow.name())) {
        own->state = State::HasOwnFlow;
    }
    flow.may_carry = false;
    if (!may_carry(flow)) {
        return;
    }
    const IpAddress server = flow.server().address;
    Flows& flows = flows_.at(device, server);
    if (std::find(flows.begin(), flows.end(), &flow) == flows.end()) {
        std::move_backward(flows.begin(), std::prev(flows.end()), flows.end());
        flows.front() = &flow;
    }
    flow.may_carry = std::any_of(waiting_.begin(), waiting_.end(), [&](const Waiting& one) {
        return leads_to(one.resolution, flow, server);
    });
}

void CoalescedNames::sent(Flow& flow, Timestamp at) {
    if (!flow.is_answered) {
        return;
    }
    const IpAddress server = flow.server().address;
    flow.may_carry = false;
    for (Waiting& one : waiting_) {
        const bool is_in_time = at - one.latest <= kRequestWithin;
        if (one.state != State::Waits || !is_in_time || !leads_to(one.resolution, flow, server)) {
            continue;
        }
        if (flow.name() == one.resolution.name) {
            one.state = State::HasOwnFlow;
        } else if (++one.sent >= requests_wanted(flow, one.resolution.at)) {
            one.state = State::HasRidden;
            one.ridden_at = at;
        } else {
            flow.may_carry = true;
        }
    }
}

std::vector<CoalescedContact> CoalescedNames::take_due(Timestamp now) {
    std::vector<CoalescedContact> due;
    std::erase_if(waiting_, [&](const Waiting& one) {
        const Resolution& resolution = one.resolution;
        // A clock that was set back would keep it for ever.
        const bool is_over = now - resolution.at >= kPatience || now < resolution.at - kPatience;
        if (is_over && one.state == State::HasRidden) {
            const auto same_contact = std::clamp<std::chrono::seconds>(
                resolution.ttl, std::chrono::minutes(1), ledger::kSlotLength);
            due.push_back(
                {resolution.device, resolution.name, one.ridden_at, one.ridden_at + same_contact});
        }
        return is_over;
    });
    return due;
}

}  // namespace sporvakt::capture
