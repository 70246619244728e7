#include "core/policy/explanation.h"

#include "core/policy/reason_text.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sporvakt::policy {
namespace {

/// "; the lists adaway, oisd do so too", and nothing where no other does.
std::string others_too(const Verdict& verdict, const Question& question, const Policy& policy) {
    constexpr std::size_t kNamedMax = 8;
    std::vector<std::string_view> others = agreeing_lists(verdict, question, policy);
    std::erase(others, verdict.list);
    if (others.empty()) {
        return {};
    }
    const auto named = std::span(others).first(std::min(others.size(), kNamedMax));
    const std::size_t unnamed = others.size() - named.size();
    return fmt::format("; the list{} {}{} {} so too", others.size() == 1 ? "" : "s",
                       fmt::join(named, ", "),
                       unnamed == 0 ? "" : fmt::format(" and {} more", unnamed),
                       others.size() == 1 ? "does" : "do");
}

std::string whose(const Verdict& verdict, const Policy& policy) {
    ReasonText text;
    add_whose(text, policy.group(verdict.group));
    return std::string(text.text());
}

std::string what_would_change_it(const Verdict& verdict, const Policy& policy) {
    constexpr const char* kToBlock = "An own rule that blocks the name.";
    switch (verdict.reason) {
        case Reason::List:
            return verdict.is_blocked() ? "An own rule that allows the name, or a pause."
                                        : kToBlock;
        case Reason::Household:
            return "Take that rule back.";
        case Reason::Company:
            return fmt::format("Change what {} says about {}, or give the name an own rule.",
                               whose(verdict, policy), verdict.rule);
        case Reason::Purpose:
            return fmt::format(
                "Change what {} says about that purpose, or give the name an own "
                "rule.",
                whose(verdict, policy));
        case Reason::Schedule:
            return "Wait until the schedule ends, or pause protection.";
        case Reason::AllowOnly:
            return "An own rule that allows the name.";
        case Reason::Paused:
            return "End the pause.";
        case Reason::NoRule:
            if (trackers::is_way_around(verdict.evasion)) {
                return "A group that blocks the purpose way-around, or an own rule that blocks the "
                       "name.";
            }
            break;
        case Reason::Reported:
            break;
    }
    return kToBlock;
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
    const ReasonText because = reason_text(verdict, policy);
    const std::string others =
        verdict.reason == Reason::List ? others_too(verdict, question, policy) : std::string();
    return {fmt::format("{}{}.", because.text(), others), what_would_change_it(verdict, policy)};
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
