#pragma once

#include "core/base/result.h"
#include "core/policy/household.h"

namespace sporvakt::policy {

/// Whether a household as a whole can be taken over: each part makes sense (household_codec.h),
/// nothing stands there twice, all groups that are named are there, and all of it is within the
/// limits of HouseholdRules.  An error tells the owner what is wrong.
Result<void> check(const HouseholdRules& household);

}  // namespace sporvakt::policy
