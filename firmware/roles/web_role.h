#pragma once

#include "firmware/channel.h"
#include "firmware/roles/role_ground.h"

#include <stop_token>
#include <string>

namespace sporvakt::firmware {

struct WebRole {
    RoleGround ground;
    Channel keeper;
    std::string version;
};

/// Serves the page until `stop`.  0; 69 (EX_UNAVAILABLE) when it cannot listen, for example because
/// another program does.
int run_web_role(WebRole role, const std::stop_token& stop);

}  // namespace sporvakt::firmware
