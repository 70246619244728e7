#pragma once

#include "core/base/ip_address.h"

#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// The name servers that a resolv.conf(5) names, at most the three that the C library would use.
/// Link-local addresses with a zone are passed over.
std::vector<Endpoint> parse_resolv_conf(std::string_view text);

/// Those of this machine; none when the file cannot be read.
std::vector<Endpoint> system_resolvers(const std::string& path);

}  // namespace sporvakt::firmware
