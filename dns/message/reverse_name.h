#pragma once

#include "core/base/ip_address.h"

#include <optional>
#include <string_view>

namespace sporvakt::dns {

/// The address that a name of the reverse tree stands for, "20.1.168.192.in-addr.arpa" (RFC 1035
/// §3.5) or 32 nibbles below ip6.arpa (RFC 3596 §2.5).  `name` is in DomainName's form.  Empty for
/// every other name, and for those of whole networks.
std::optional<IpAddress> address_of_reverse_name(std::string_view name);

}  // namespace sporvakt::dns
