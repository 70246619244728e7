#include "core/policy/own_rule_set.h"

#include "core/base/domain_name.h"
#include "core/base/log.h"

namespace sporvakt::policy {

OwnRuleSet::OwnRuleSet(std::span<const OwnRule> rules, Timestamp at) : is_empty_(rules.empty()) {
    for (const OwnRule& rule : rules) {
        if (!rule.until || *rule.until > at) {
            add(rule);
        }
    }
    if (!expressions_.compile()) {
        log::warning(
            "the household's wildcards and expressions need too much memory together, and "
            "none of them holds; take some back");
        expressions_ = {};
    }
}

void OwnRuleSet::add(const OwnRule& rule) {
    switch (rule.form) {
        case RuleForm::WithSubdomains:
            below_.emplace(rule.text, &rule);
            return;
        case RuleForm::Exact:
            exact_.emplace(rule.text, &rule);
            return;
        case RuleForm::Wildcard:
        case RuleForm::Expression:
            break;
    }
    const auto expression = rule.form == RuleForm::Wildcard
                                ? trackers::NameExpressions::of_wildcard(rule.text)
                                : rule.text;
    if (expressions_.add(expression)) {
        of_expression_.push_back(&rule);
    }
}

const OwnRule* OwnRuleSet::find_in_all(std::string_view name) const {
    if (const auto found = exact_.find(name); found != exact_.end()) {
        return found->second;
    }
    if (!below_.empty()) {
        for (std::string_view suffix = name; !suffix.empty(); suffix = parent_suffix(suffix)) {
            if (const auto found = below_.find(suffix); found != below_.end()) {
                return found->second;
            }
        }
    }
    return by_expression(name);
}

const OwnRule* OwnRuleSet::by_expression(std::string_view name) const {
    const OwnRule* decides = nullptr;
    for (const std::size_t number : expressions_.matches(name)) {
        const OwnRule& rule = *of_expression_[number];
        if (decides == nullptr ||
            (decides->action == HouseholdRule::Block && rule.action == HouseholdRule::Allow)) {
            decides = &rule;
        }
    }
    return decides;
}

}  // namespace sporvakt::policy
