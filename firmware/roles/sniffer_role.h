#pragma once

#include "firmware/channel.h"
#include "firmware/roles/role_ground.h"

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace sporvakt::firmware {

struct SnifferRole {
    RoleGround ground;
    Channel keeper;
    /// Memory for a capture::FlowJournal each, for as many interfaces as there are; it outlives the
    /// process.
    std::vector<std::span<std::uint8_t>> journals;
};

/// Watches the interfaces, or plays the file again and again, until `stop`.  An interface may come
/// later, go and come back: what is known of its flows and devices stays.  0.
int run_sniffer_role(SnifferRole role, const std::stop_token& stop);

}  // namespace sporvakt::firmware
