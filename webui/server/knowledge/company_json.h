#pragma once

#include "core/knowledge/company_profile.h"

#include <nlohmann/json_fwd.hpp>

namespace sporvakt::webui {

/// Decision
nlohmann::json decision_json(const knowledge::Decision& decision);

/// CompanyProfile: what is known of a company, without what it did here.
nlohmann::json profile_json(const knowledge::CompanyProfile& profile);

}  // namespace sporvakt::webui
