#pragma once

#include "firmware/keeper.h"
#include "firmware/roles/role_ground.h"

#include <stop_token>
#include <string>

namespace sporvakt::firmware {

struct KeeperRole {
    RoleGround ground;
    Keeper::Lines lines;
    Keeper::Settings settings;
    std::string vendor_prefixes;  ///< Path; without the file no device gets a vendor.
};

/// Opens the household's files, making what is missing, and keeps them until `stop`.
/// 0, or 74 (EX_IOERR) when the storage cannot be used.
int run_keeper_role(KeeperRole role, const std::stop_token& stop);

}  // namespace sporvakt::firmware
