#pragma once

#include "dns/serving/sockets.h"
#include "firmware/channel.h"
#include "firmware/roles/role_ground.h"

#include <stop_token>

namespace sporvakt::firmware {

struct ResolverRole {
    RoleGround ground;
    dns::ResolverSockets sockets;
    Channel keeper;
};

/// Answers the house's questions until `stop`.  0, or 1 when it cannot begin.
int run_resolver_role(ResolverRole role, const std::stop_token& stop);

}  // namespace sporvakt::firmware
