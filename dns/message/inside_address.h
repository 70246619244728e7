#pragma once

#include "core/base/ip_address.h"

namespace sporvakt::dns {

/// An address that reaches something inside the house, or this very machine: unspecified and
/// "this network" (RFC 1122 §3.2.1.3), loopback, private, link-local, and an IPv4 one of these
/// inside the well-known prefix for NAT64 (RFC 6052 §3.1 forbids them there).
bool is_inside_address(const IpAddress& address);

}  // namespace sporvakt::dns
