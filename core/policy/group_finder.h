#pragma once

#include "core/base/ip_prefix.h"
#include "core/devices/device.h"
#include "core/policy/household.h"
#include "core/trackers/name_expressions.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sporvakt::policy {

/// A network that one of this machine's cards is in.
struct InterfaceNetwork {
    std::string interface;  ///< "wlan1"
    IpPrefix network;

    friend bool operator==(const InterfaceNetwork&, const InterfaceNetwork&) = default;
};

/// Which group a device is in: where the household put it, else by its MAC, else by its name, else
/// by one of its addresses, else the group for unknown devices, if there is one.  Of groups that
/// all take it, the first.  Immutable; const members may be called from any thread.
class GroupFinder {
public:
    /// `devices`: those of the household; `interfaces`: what its cards are in.  Need not live on.
    GroupFinder(const HouseholdRules& household, std::span<const devices::Device> devices,
                std::span<const InterfaceNetwork> interfaces = {});

    /// Index into the household's groups; nothing when it is in none.
    [[nodiscard]] std::optional<std::size_t> group_of(const devices::DeviceId& device) const;

private:
    void add(const Membership& member, std::size_t group,
             std::span<const InterfaceNetwork> interfaces);

    /// For what the household said of the device; nothing is known of others but their address.
    [[nodiscard]] std::optional<std::size_t> by_membership(const devices::Device& device) const;
    [[nodiscard]] std::optional<std::size_t> by_address(const IpAddress& address) const;

    std::vector<std::pair<IpPrefix, std::size_t>> networks_;
    trackers::NameExpressions names_;
    std::vector<std::size_t> groups_of_names_;
    std::unordered_map<devices::DeviceId, std::size_t> named_;  ///< By its MAC.
    std::unordered_map<devices::DeviceId, std::optional<std::size_t>> known_;
    std::optional<std::size_t> unknown_;
};

}  // namespace sporvakt::policy
