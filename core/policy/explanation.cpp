#include "core/policy/explanation.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sporvakt::policy {
namespace {

std::string_view word_for(Action action) {
    return action == Action::Block ? "blocks" : "allows";
}

/// "the group Children", or "the household" for a device that is in none.
std::string whose(const Verdict& verdict, const Policy& policy) {
    const Group* const group = policy.group(verdict.group);
    return group == nullptr ? "the household" : fmt::format("the group {}", group->name);
}

/// Whose own rule it is: the group's, or everybody's.
std::string owner_of_rule(const Verdict& verdict, const Policy& policy) {
    const Group* const group = policy.group(verdict.group);
    const bool is_groups = group != nullptr && std::any_of(group->rules.begin(), group->rules.end(),
                                                           [&](const OwnRule& rule) {
                                                               return rule.text == verdict.rule;
                                                           });
    return is_groups ? whose(verdict, policy) : "the household";
}

std::string company_name(const Verdict& verdict, const Policy& policy) {
    const auto company = policy.company(verdict.company);
    return std::string(company ? company->name : verdict.rule);
}

std::string because_of_list(const Verdict& verdict, const Question& question,
                            const Policy& policy) {
    constexpr std::size_t kNamedMax = 8;
    std::vector<std::string_view> others = agreeing_lists(verdict, question, policy);
    std::erase(others, verdict.list);
    std::string text = fmt::format("The rule {} of the list {} {} it", verdict.rule, verdict.list,
                                   word_for(verdict.action));
    if (others.empty()) {
        return text + ".";
    }
    const auto named = std::span(others).first(std::min(others.size(), kNamedMax));
    const std::size_t unnamed = others.size() - named.size();
    return fmt::format("{}; the list{} {}{} {} so too.", text, others.size() == 1 ? "" : "s",
                       fmt::join(named, ", "),
                       unnamed == 0 ? "" : fmt::format(" and {} more", unnamed),
                       others.size() == 1 ? "does" : "do");
}

}  // namespace

std::vector<std::string_view> agreeing_lists(const Verdict& verdict, const Question& question,
                                             const Policy& policy) {
    const auto action =
        verdict.is_blocked() ? trackers::RuleAction::Block : trackers::RuleAction::Allow;
    std::vector<std::string_view> lists;
    for (const trackers::RuleVoice& voice : policy.list_rules_about(question)) {
        for (const std::string_view list : voice.lists) {
            const bool is_new = std::find(lists.begin(), lists.end(), list) == lists.end();
            if (voice.match.action == action && is_new) {
                lists.push_back(list);
            }
        }
    }
    return lists;
}

Explanation explain(const Verdict& verdict, const Question& question, const Policy& policy) {
    const std::string_view does = word_for(verdict.action);
    const std::string to_allow =
        verdict.is_blocked() ? "An own rule that allows the name, or a pause." : "";
    switch (verdict.reason) {
        case Reason::List:
            return {because_of_list(verdict, question, policy),
                    verdict.is_blocked() ? to_allow : "An own rule that blocks the name."};
        case Reason::Household:
            return {fmt::format("The rule {} of {} {} it.", verdict.rule,
                                owner_of_rule(verdict, policy), does),
                    "Take that rule back."};
        case Reason::Company:
            return {fmt::format("What {} says about {} {} it.", whose(verdict, policy),
                                company_name(verdict, policy), does),
                    fmt::format("Change what {} says about {}, or give the name an own rule.",
                                whose(verdict, policy), verdict.rule)};
        case Reason::Purpose:
            return {
                fmt::format("What {} says about this purpose ({}) {} it.", whose(verdict, policy),
                            trackers::purpose_info(verdict.purpose).label_english, does),
                fmt::format("Change what {} says about that purpose, or give the name an own "
                            "rule.",
                            whose(verdict, policy))};
        case Reason::Schedule:
            return {fmt::format("The schedule {} of {} stops it at this time.", verdict.rule,
                                whose(verdict, policy)),
                    "Wait until the schedule ends, or pause protection."};
        case Reason::AllowOnly:
            return {fmt::format("Devices of {} may reach only what is allowed, and this is not.",
                                whose(verdict, policy)),
                    "An own rule that allows the name."};
        case Reason::Paused:
            return {"It would be blocked, but protection is paused.", "End the pause."};
        case Reason::Reported:
            return {"Nothing blocks this tracker; what it gets is reported.",
                    "An own rule that blocks the name."};
        case Reason::NoRule:
            break;
    }
    return {"Nothing speaks of this name.", "An own rule that blocks the name."};
}

std::string_view reason_id(Reason reason) {
    switch (reason) {
        case Reason::List:
            return "list";
        case Reason::Household:
            return "own_rule";
        case Reason::Paused:
            return "paused";
        case Reason::Reported:
            return "reported";
        case Reason::Company:
            return "company";
        case Reason::Purpose:
            return "purpose";
        case Reason::Schedule:
            return "schedule";
        case Reason::AllowOnly:
            return "allow_only";
        case Reason::NoRule:
            break;
    }
    return "no_rule";
}

}  // namespace sporvakt::policy
