#include "core/policy/policy.h"

#include "core/base/domain_name.h"

#include <utility>

namespace sporvakt::policy {
namespace {

Reason reason_without_rule(trackers::Purpose purpose) {
    return trackers::is_tracking(purpose) ? Reason::Reported : Reason::NoRule;
}

}  // namespace

Policy::Policy(std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues,
               HouseholdRules household)
    : catalogues_(std::move(catalogues)), household_(std::move(household)) {}

Verdict Policy::judge(const Question& question) const {
    Verdict verdict = attributed(question.name);
    if (const auto own = household_rule(question.name)) {
        // First: what the owner says beats every list, in both directions.
        verdict.reason = Reason::Household;
        verdict.action = *own == HouseholdRule::Block ? Action::Block : Action::Allow;
        return verdict;
    }
    if (const auto match = strongest_rule(question)) {
        verdict.reason = Reason::List;
        verdict.action =
            match->action == trackers::RuleAction::Block ? Action::Block : Action::Allow;
        verdict.rule = match->rule;
        verdict.list = match->list;
        return verdict;
    }
    verdict.reason = reason_without_rule(verdict.purpose);
    return verdict;
}

std::optional<trackers::Company> Policy::company(trackers::CompanyId id) const {
    for (const auto& catalogue : catalogues_) {
        if (auto found = catalogue->company(id)) {
            return found;
        }
    }
    return std::nullopt;
}

Verdict Policy::attributed(std::string_view name) const {
    Verdict verdict;
    for (const auto& catalogue : catalogues_) {
        if (const auto known = catalogue->attribution_of(name)) {
            verdict.company = known->company;
            verdict.purpose = known->purpose;
            break;
        }
    }
    return verdict;
}

std::optional<trackers::RuleMatch> Policy::strongest_rule(const Question& question) const {
    std::optional<trackers::RuleMatch> best;
    for (const auto& catalogue : catalogues_) {
        if (const auto match = catalogue->find_rule(question.name, question.type)) {
            best = best ? trackers::stronger(*best, *match) : *match;
        }
    }
    return best;
}

std::optional<HouseholdRule> Policy::household_rule(std::string_view name) const {
    if (household_.names.empty()) {
        return std::nullopt;
    }
    // The longest suffix wins: "allow cdn.shop.example" holds inside "block shop.example".
    for (std::string_view suffix = name; !suffix.empty(); suffix = parent_suffix(suffix)) {
        if (const auto found = household_.names.find(suffix); found != household_.names.end()) {
            return found->second;
        }
    }
    return std::nullopt;
}

}  // namespace sporvakt::policy
