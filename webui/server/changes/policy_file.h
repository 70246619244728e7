#pragma once

#include "core/base/result.h"
#include "core/policy/household.h"
#include "webui/server/response.h"

#include <string>
#include <string_view>

namespace sporvakt::webui {

/// What the household decided as one file that people can read, change and take back: TOML 1.0,
/// whose members are those of schema Policy in docs/api/openapi.yaml.  Pauses stay out: they are of
/// the moment.
std::string policy_file(const policy::HouseholdRules& household);

/// The way back, checked (policy::check).  A fault says in which line, or at which member,
/// something is wrong.
Answered<policy::HouseholdRules> household_from_file(std::string_view text);

}  // namespace sporvakt::webui
