#include "core/policy/reason_text.h"

#include <algorithm>

namespace sporvakt::policy {
namespace {

/// Whose own rule it is: the group's, or everybody's.
const Group* owner_of_rule(const Verdict& verdict, const Group* group) {
    const bool is_groups = group != nullptr && std::any_of(group->rules.begin(), group->rules.end(),
                                                           [&](const OwnRule& rule) {
                                                               return rule.text == verdict.rule;
                                                           });
    return is_groups ? group : nullptr;
}

void add_rule(ReasonText& text, const Verdict& verdict, const Policy& policy) {
    text.add("The rule ");
    text.add(verdict.rule);
    text.add(" of ");
    if (verdict.reason == Reason::List) {
        text.add("the list ");
        text.add(verdict.list);
    } else {
        add_whose(text, owner_of_rule(verdict, policy.group(verdict.group)));
    }
}

void add_what_is_said(ReasonText& text, const Verdict& verdict, const Policy& policy) {
    text.add("What ");
    add_whose(text, policy.group(verdict.group));
    text.add(" says about ");
    if (verdict.reason == Reason::Company) {
        const auto company = policy.company(verdict.company);
        text.add(company ? company->name : verdict.rule);
    } else {
        text.add("this purpose (");
        text.add(trackers::purpose_info(verdict.purpose).label_english);
        text.add(")");
    }
}

void add_nothing(ReasonText& text, const Verdict& verdict) {
    if (trackers::is_way_around(verdict.evasion)) {
        text.add("Nothing blocks it, but it is ");
        text.add(trackers::evasion_text(verdict.evasion));
        text.add(": a way around the household");
        return;
    }
    text.add("Nothing speaks of this name");
}

}  // namespace

void ReasonText::add(std::string_view text) {
    const std::size_t kept = std::min(text.size(), bytes_.size() - length_);
    std::copy_n(text.begin(), kept, bytes_.begin() + static_cast<std::ptrdiff_t>(length_));
    length_ += kept;
}

void add_whose(ReasonText& text, const Group* group) {
    if (group == nullptr) {
        text.add("the household");
        return;
    }
    text.add("the group ");
    text.add(group->name);
}

ReasonText reason_text(const Verdict& verdict, const Policy& policy) {
    ReasonText text;
    switch (verdict.reason) {
        case Reason::List:
        case Reason::Household:
            add_rule(text, verdict, policy);
            text.add(verdict.is_blocked() ? " blocks it" : " allows it");
            break;
        case Reason::Company:
        case Reason::Purpose:
            add_what_is_said(text, verdict, policy);
            text.add(verdict.is_blocked() ? " blocks it" : " allows it");
            break;
        case Reason::Schedule:
            text.add("The schedule ");
            text.add(verdict.rule);
            text.add(" of ");
            add_whose(text, policy.group(verdict.group));
            text.add(" stops it at this time");
            break;
        case Reason::AllowOnly:
            text.add("Devices of ");
            add_whose(text, policy.group(verdict.group));
            text.add(" may reach only what is allowed, and this is not");
            break;
        case Reason::Paused:
            text.add("It would be blocked, but protection is paused");
            break;
        case Reason::Reported:
            text.add("Nothing blocks this tracker; what it gets is reported");
            break;
        case Reason::NoRule:
            add_nothing(text, verdict);
            break;
    }
    return text;
}

}  // namespace sporvakt::policy
