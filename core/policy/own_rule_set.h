#pragma once

#include "core/policy/household.h"
#include "core/trackers/name_expressions.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sporvakt::policy {

/// Own rules of one group, or for everybody, ready to be looked up.  Immutable; const members may
/// be called from any thread.
class OwnRuleSet {
public:
    /// What is over at `at` is left out.  The rules outlive the set.
    OwnRuleSet(std::span<const OwnRule> rules, Timestamp at);

    /// The rule that decides: one for exactly this name, else the one for the longest suffix, else
    /// a wildcard or an expression, of which an allow beats a block.  Null without one.  Allocates
    /// only where there are wildcards or expressions.
    [[nodiscard]] const OwnRule* find(std::string_view name) const {
        return is_empty_ ? nullptr : find_in_all(name);  // most households have none
    }

private:
    using Index = std::unordered_map<std::string_view, const OwnRule*>;

    void add(const OwnRule& rule);
    [[nodiscard]] const OwnRule* find_in_all(std::string_view name) const;
    [[nodiscard]] const OwnRule* by_expression(std::string_view name) const;

    bool is_empty_;
    Index exact_;
    Index below_;
    trackers::NameExpressions expressions_;
    std::vector<const OwnRule*> of_expression_;
};

}  // namespace sporvakt::policy
