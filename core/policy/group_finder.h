#pragma once

#include "core/base/ip_prefix.h"
#include "core/devices/device.h"
#include "core/policy/household.h"
#include "core/trackers/name_expressions.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sporvakt::policy {

/// Which group a device is in: where the household put it, else by its name, else by one of its
/// addresses, else the group for unknown devices, if there is one.  Of groups that all take it, the
/// first.  Immutable; const members may be called from any thread.
class GroupFinder {
public:
    /// `devices`: those of the household; need not live on.
    GroupFinder(const HouseholdRules& household, std::span<const devices::Device> devices);

    /// Index into the household's groups; nothing when it is in none.
    [[nodiscard]] std::optional<std::size_t> group_of(const devices::DeviceId& device) const;

private:
    void add(const Membership& member, std::size_t group);

    /// For what the household said of the device; nothing is known of others but their address.
    [[nodiscard]] std::optional<std::size_t> by_membership(const devices::Device& device) const;
    [[nodiscard]] std::optional<std::size_t> by_address(const IpAddress& address) const;

    std::vector<std::pair<IpPrefix, std::size_t>> networks_;
    trackers::NameExpressions names_;
    std::vector<std::size_t> groups_of_names_;
    std::unordered_map<devices::DeviceId, std::optional<std::size_t>> known_;
    std::optional<std::size_t> unknown_;
};

}  // namespace sporvakt::policy
