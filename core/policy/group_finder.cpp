#include "core/policy/group_finder.h"

#include <algorithm>

namespace sporvakt::policy {
namespace {

std::optional<std::size_t> index_of(const HouseholdRules& household, std::string_view id) {
    const auto found = std::find_if(household.groups.begin(), household.groups.end(),
                                    [id](const Group& group) { return group.id == id; });
    return found == household.groups.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - household.groups.begin()));
}

}  // namespace

GroupFinder::GroupFinder(const HouseholdRules& household, std::span<const devices::Device> devices,
                         std::span<const InterfaceNetwork> interfaces)
    : unknown_(index_of(household, household.unknown_group)) {
    for (std::size_t group = 0; group < household.groups.size(); ++group) {
        for (const Membership& member : household.groups[group].members) {
            add(member, group, interfaces);
        }
    }
    if (household.groups.empty() || !names_.compile()) {
        return;
    }
    for (const devices::Device& device : devices) {
        const auto put = index_of(household, device.group);
        known_.emplace(device.id, put ? put : by_membership(device));
    }
}

void GroupFinder::add(const Membership& member, std::size_t group,
                      std::span<const InterfaceNetwork> interfaces) {
    switch (member.by) {
        case Membership::By::Name:
            if (names_.add(trackers::NameExpressions::of_wildcard(member.text))) {
                groups_of_names_.push_back(group);
            }
            return;
        case Membership::By::Network:
            if (const auto network = IpPrefix::from_text(member.text)) {
                networks_.emplace_back(*network, group);
            }
            return;
        case Membership::By::Device:
            if (const auto device = devices::DeviceId::from_text(member.text)) {
                named_.emplace(*device, group);
            }
            return;
        case Membership::By::Interface:
            for (const InterfaceNetwork& one : interfaces) {
                if (one.interface == member.text) {
                    networks_.emplace_back(one.network, group);
                }
            }
            return;
    }
}

std::optional<std::size_t> GroupFinder::group_of(const devices::DeviceId& device) const {
    if (const auto known = known_.find(device); known != known_.end()) {
        return known->second;
    }
    if (const auto named = named_.find(device); named != named_.end()) {
        return named->second;
    }
    const auto address = networks_.empty() ? std::nullopt : device.address();
    return address ? by_address(*address) : unknown_;
}

std::optional<std::size_t> GroupFinder::by_membership(const devices::Device& device) const {
    if (const auto named = named_.find(device.id); named != named_.end()) {
        return named->second;
    }
    if (const auto found = names_.matches(device.display_name()); !found.empty()) {
        return groups_of_names_[found.front()];
    }
    for (const IpAddress& address : device.addresses) {
        if (const auto group = by_address(address); group != unknown_) {
            return group;
        }
    }
    return unknown_;
}

std::optional<std::size_t> GroupFinder::by_address(const IpAddress& address) const {
    for (const auto& [network, group] : networks_) {
        if (network.contains(address)) {
            return group;
        }
    }
    return unknown_;
}

}  // namespace sporvakt::policy
