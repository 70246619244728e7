#pragma once

#include "core/policy/company_families.h"
#include "core/policy/household.h"
#include "core/policy/own_rule_set.h"
#include "core/policy/verdict.h"
#include "core/trackers/catalogue.h"

#include <array>
#include <bitset>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sporvakt::policy {

/// What one group's owner said, ready to judge by, at one time.  Immutable; const members may be
/// called from any thread.
class GroupPolicy {
public:
    using Catalogues = std::span<const std::shared_ptr<const trackers::Catalogue>>;

    /// Schedules hold or not as they do at `at`.  The group outlives it.
    GroupPolicy(const Group& group, const CompanyFamilies& families, Catalogues catalogues,
                Timestamp at);

    [[nodiscard]] const Group& group() const { return group_; }

    /// What it says about names by name, before everything else.
    [[nodiscard]] const OwnRule* own_rule(std::string_view name) const {
        return own_rules_.find(name);
    }

    /// Sets what else it decides, and leaves the verdict alone where it says nothing.  In this
    /// order: allow_only, a schedule, the company, the purpose.  True when it decided.
    [[nodiscard]] bool decide(Verdict& verdict) const;

    /// Those lists of the catalogue of that place that hold for the group; null: all.
    [[nodiscard]] const trackers::ListSelection* lists_of(std::size_t catalogue) const {
        return lists_.empty() ? nullptr : &lists_[catalogue];
    }

private:
    static constexpr std::size_t kPurposes = 32;
    static_assert(static_cast<std::size_t>(trackers::kLastPurpose) < kPurposes);

    /// A schedule that holds now.
    struct Closed {
        std::string_view name;
        bool is_everything = false;
        std::bitset<kPurposes> purposes;
        std::vector<trackers::CompanyId> companies;  ///< Ascending.

        [[nodiscard]] bool stops(const Verdict& verdict) const;
    };

    const Group& group_;
    OwnRuleSet own_rules_;
    std::array<std::optional<HouseholdRule>, kPurposes> purposes_{};
    /// Indexes of group_.companies.
    std::unordered_map<trackers::CompanyId, std::size_t> companies_;
    std::vector<Closed> closed_;
    std::vector<trackers::ListSelection> lists_;  ///< By catalogue; none: all of each.
};

/// Whether a company's rule means a name with that purpose.
bool reaches(CompanyReach reach, trackers::Purpose purpose);

}  // namespace sporvakt::policy
