#pragma once

#include "core/base/ip_address.h"
#include "core/policy/group_finder.h"

#include <vector>

namespace sporvakt::firmware {

/// By which addresses the house reaches a program that listens on `listen`: those named there;
/// where one says "any", those of this machine's network cards, of the house's own networks if
/// there are such.  Loopback only where nothing else is left.  At most kOwnAddressesMax.
std::vector<IpAddress> own_addresses(const std::vector<Endpoint>& listen);

constexpr std::size_t kOwnAddressesMax = 8;

/// The networks that this machine's cards are in, in the kernel's order; those of loopback and of
/// one link alone (fe80::/10), which say nothing about where a device is, left out.
std::vector<policy::InterfaceNetwork> interface_networks();

}  // namespace sporvakt::firmware
