#pragma once

#include "firmware/channel.h"
#include "firmware/roles/role_ground.h"

#include <functional>
#include <stop_token>

#include <sys/types.h>

namespace sporvakt::firmware {

struct GateRole {
    RoleGround ground;
    Channel keeper;
    pid_t supervisor = 0;
    /// Takes the gate's rules away.  The supervisor does so; where it was killed, this role does:
    /// with OnFailure::Closed nobody would reach the Internet any more.
    std::function<void()> clear_rules;
};

/// Rules upon the packets that the kernel queues until `stop`.  0; 1 when the queue cannot be read.
int run_gate_role(GateRole role, const std::stop_token& stop);

}  // namespace sporvakt::firmware
