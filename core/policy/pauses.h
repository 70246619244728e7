#pragma once

#include "core/devices/device_id.h"
#include "core/policy/company_families.h"
#include "core/policy/household.h"
#include "core/policy/own_rule_set.h"
#include "core/policy/verdict.h"

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::policy {

/// For whom and for what protection is laid down.  Immutable; const members may be called from any
/// thread.
class Pauses {
public:
    /// Those that are over at `at` are left out.
    Pauses(std::span<const Pause> pauses, const CompanyFamilies& families, Timestamp at);

    /// Whether one of them lifts the verdict, which says the device's group and the name's company.
    [[nodiscard]] bool lift(const Verdict& verdict, const devices::DeviceId& device,
                            std::string_view name) const;

private:
    bool for_everybody_ = false;
    std::set<std::string, std::less<>> groups_;
    std::set<devices::DeviceId> devices_;
    std::set<trackers::CompanyId> companies_;
    std::vector<OwnRule> name_rules_;
    OwnRuleSet names_;  ///< Of name_rules_.
};

}  // namespace sporvakt::policy
