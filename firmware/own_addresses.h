#pragma once

#include "core/base/ip_address.h"

#include <vector>

namespace sporvakt::firmware {

/// By which addresses the house reaches a program that listens on `listen`: those named there;
/// where one says "any", those of this machine's network cards, of the house's own networks if
/// there are such.  Loopback only where nothing else is left.  At most kOwnAddressesMax.
std::vector<IpAddress> own_addresses(const std::vector<Endpoint>& listen);

constexpr std::size_t kOwnAddressesMax = 8;

}  // namespace sporvakt::firmware
