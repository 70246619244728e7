#pragma once

#include "core/policy/household.h"
#include "webui/server/response.h"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace sporvakt::webui {

/// What the household decided, as schema Policy of docs/api/openapi.yaml has it.
nlohmann::json policy_json(const policy::HouseholdRules& household);
nlohmann::json group_json(const policy::Group& group);
nlohmann::json pause_json(const policy::Pause& pause);

/// A group as schema Group has it; what is left out is empty.  A fault names the member that is
/// wrong or not known; what makes no sense in itself is left to policy::check().
Answered<policy::Group> group_from_json(std::string id, const nlohmann::json& body);

/// The whole of it, as policy_json() writes it; members that are left out are empty.
Answered<policy::HouseholdRules> policy_from_json(const nlohmann::json& body);

/// A pause of schema NewPause, which begins at `now`.
Answered<policy::Pause> pause_from_json(const nlohmann::json& body, Timestamp now);

Answered<policy::Pause::Scope> pause_scope_from_text(std::string_view text);

}  // namespace sporvakt::webui
