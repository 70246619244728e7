#include "core/policy/household_check.h"

#include "core/policy/household_codec.h"

#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

namespace sporvakt::policy {
namespace {

/// Adds up what is in a household, and refuses what is too much or comes twice.
class Inspector {
public:
    Result<void> take_groups(const HouseholdRules& household) {
        for (const Group& group : household.groups) {
            SPORVAKT_TRY(check(group));
            SPORVAKT_TRY(once(groups_.insert(group.id).second, "group", group.id));
        }
        return within(groups_.size(), HouseholdRules::kGroupsMax, "groups");
    }

    Result<void> take_rules(const std::string& group, const std::vector<OwnRule>& rules) {
        for (const OwnRule& rule : rules) {
            SPORVAKT_TRY(check(rule));
            const bool is_new = rules_.insert({group, rule.form, rule.text}).second;
            SPORVAKT_TRY(once(is_new, "rule", rule.text));
            const bool is_expression =
                rule.form == RuleForm::Wildcard || rule.form == RuleForm::Expression;
            expressions_ += is_expression ? 1U : 0U;
        }
        SPORVAKT_TRY(within(rules_.size(), HouseholdRules::kRulesMax, "rules"));
        return within(expressions_, HouseholdRules::kExpressionsMax, "wildcards and expressions");
    }

    Result<void> take_pauses(const std::vector<Pause>& pauses) {
        for (const Pause& pause : pauses) {
            SPORVAKT_TRY(check(pause));
            const bool is_new = pauses_.insert({pause.scope, pause.what}).second;
            SPORVAKT_TRY(once(is_new, "pause", pause.what));
        }
        return within(pauses_.size(), HouseholdRules::kPausesMax, "pauses");
    }

    [[nodiscard]] Result<void> needs(const std::string& group) const {
        return group.empty() || groups_.contains(group)
                   ? Result<void>()
                   : fail(Errc::InvalidInput,
                          fmt::format("unknown devices cannot be in the group '{}', which is not "
                                      "there",
                                      group));
    }

private:
    static Result<void> once(bool is_new, std::string_view thing, std::string_view which) {
        return is_new ? Result<void>()
                      : fail(Errc::InvalidInput,
                             fmt::format("the {} '{}' stands there twice", thing, which));
    }
    static Result<void> within(std::size_t count, std::size_t most, std::string_view what) {
        return count <= most ? Result<void>()
                             : fail(Errc::InvalidInput,
                                    fmt::format("{} {}, and {} is the most", count, what, most));
    }

    std::set<std::string> groups_;
    std::set<std::tuple<std::string, RuleForm, std::string>> rules_;
    std::set<std::tuple<Pause::Scope, std::string>> pauses_;
    std::size_t expressions_ = 0;
};

}  // namespace

Result<void> check(const HouseholdRules& household) {
    Inspector inspector;
    SPORVAKT_TRY(inspector.take_groups(household));
    SPORVAKT_TRY(inspector.take_rules("", household.rules));
    for (const Group& group : household.groups) {
        SPORVAKT_TRY(inspector.take_rules(group.id, group.rules));
    }
    SPORVAKT_TRY(inspector.take_pauses(household.pauses));
    return inspector.needs(household.unknown_group);
}

}  // namespace sporvakt::policy
