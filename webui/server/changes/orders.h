#pragma once

#include "core/ledger/order.h"
#include "core/policy/household_change.h"
#include "webui/server/call.h"

#include <vector>

namespace sporvakt::webui {

/// Hands the order to the keeper and waits until it is carried out and in force.
Answered<void> submit(const Call& call, const ledger::Order& order);

/// The same for changes of the policy: all of them or none.
Answered<void> change_policy(const Call& call, const std::vector<policy::HouseholdChange>& changes);

}  // namespace sporvakt::webui
