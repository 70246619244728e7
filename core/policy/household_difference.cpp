#include "core/policy/household_difference.h"

#include "core/base/clock.h"

#include <array>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sporvakt::policy {
namespace {

/// Which thing somebody said something about.
struct Topic {
    std::string group;
    std::string subject;
    std::string what;

    friend bool operator<(const Topic& left, const Topic& right) {
        return std::tie(left.group, left.subject, left.what) <
               std::tie(right.group, right.subject, right.what);
    }
};

/// All that a household decided, each with what it says.
using Statements = std::map<Topic, std::string>;

std::string_view word(HouseholdRule rule) {
    return rule == HouseholdRule::Block ? "block" : "allow";
}

std::string_view word(RuleForm form) {
    constexpr std::array<std::string_view, 4> kWords{"with subdomains", "exact", "wildcard",
                                                     "expression"};
    return kWords.at(static_cast<std::size_t>(form));
}

std::string_view word(Pause::Scope scope) {
    constexpr std::array<std::string_view, 5> kWords{"everybody", "group", "device", "company",
                                                     "name"};
    return kWords.at(static_cast<std::size_t>(scope));
}

std::string_view word(Membership::By by) {
    constexpr std::array<std::string_view, 4> kWords{"network", "name", "device", "interface"};
    return kWords.at(static_cast<std::size_t>(by));
}

std::string clock_text(std::uint16_t minutes) {
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::string text_of(const WeeklyWindow& window) {
    constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu",
                                                    "fri", "sat", "sun"};
    std::string text;
    for (std::size_t day = 0; day < kDays.size(); ++day) {
        if ((window.days >> day & 1U) != 0) {
            text += fmt::format("{}{}", text.empty() ? "" : ",", kDays.at(day));
        }
    }
    return fmt::format("{} {}-{}", text, clock_text(window.begin), clock_text(window.end));
}

std::string text_of(const Schedule& schedule) {
    std::string text = schedule.stops_everything ? "everything" : "";
    const auto add = [&](std::string_view thing) {
        text += fmt::format("{}{}", text.empty() ? "" : ", ", thing);
    };
    for (const trackers::Purpose purpose : schedule.purposes) {
        add(trackers::purpose_info(purpose).id);
    }
    for (const std::string& company : schedule.companies) {
        add(company);
    }
    for (const WeeklyWindow& window : schedule.windows) {
        text += fmt::format("; {}", text_of(window));
    }
    return text;
}

class Teller {
public:
    explicit Teller(const HouseholdRules& household) {
        rules("", household.rules);
        for (const Group& group : household.groups) {
            tell(group);
        }
        if (!household.unknown_group.empty()) {
            say("", "unknown devices", "group", household.unknown_group);
        }
        for (const Pause& pause : household.pauses) {
            const std::string what = pause.what.empty()
                                         ? std::string(word(pause.scope))
                                         : fmt::format("{} {}", word(pause.scope), pause.what);
            say("", "pause", what, "until " + rfc3339(pause.until));
        }
    }

    [[nodiscard]] const Statements& statements() const { return statements_; }

private:
    void say(const std::string& group, std::string subject, std::string what, std::string words) {
        statements_[{group, std::move(subject), std::move(what)}] = std::move(words);
    }

    void rules(const std::string& group, const std::vector<OwnRule>& rules) {
        for (const OwnRule& rule : rules) {
            say(group, "rule", fmt::format("{}, {}", rule.text, word(rule.form)),
                rule.until ? fmt::format("{} until {}", word(rule.action), rfc3339(*rule.until))
                           : std::string(word(rule.action)));
        }
    }

    void tell(const Group& group) {
        say(group.id, "group", "name", group.name);
        if (group.allow_only) {
            say(group.id, "group", "reaches", "only what is allowed");
        }
        tell(group.id, group.answers);
        if (group.lists) {
            say(group.id, "group", "lists",
                group.lists->empty() ? "none" : fmt::format("{}", fmt::join(*group.lists, ", ")));
        }
        rules(group.id, group.rules);
        for (const auto& [purpose, rule] : group.purposes) {
            say(group.id, "purpose", trackers::purpose_info(purpose).id.data(),
                std::string(word(rule)));
        }
        for (const CompanyRule& rule : group.companies) {
            say(group.id, "company", rule.company,
                fmt::format("{} {}", word(rule.action),
                            rule.reach == CompanyReach::Trackers ? "its trackers" : "all it owns"));
        }
        for (const Schedule& schedule : group.schedules) {
            say(group.id, "schedule", schedule.name, text_of(schedule));
        }
        for (const Membership& member : group.members) {
            say(group.id, "member", fmt::format("{} {}", word(member.by), member.text), "");
        }
    }

    void tell(const std::string& group, const AnswerWishes& wishes) {
        using Wish = AnswerWishes::Wish;
        constexpr std::array<std::string_view, 5> kBlocked{"", "null", "nxdomain", "nodata",
                                                           "refused"};
        if (wishes.blocked != AnswerWishes::Blocked::AsHousehold) {
            say(group, "answers", "blocking",
                std::string(kBlocked.at(static_cast<std::size_t>(wishes.blocked))));
        }
        if (wishes.strip_ech != Wish::AsHousehold) {
            say(group, "answers", "strip_ech", wishes.strip_ech == Wish::Yes ? "yes" : "no");
        }
        if (wishes.canary_names != Wish::AsHousehold) {
            say(group, "answers", "canary_names", wishes.canary_names == Wish::Yes ? "yes" : "no");
        }
    }

    Statements statements_;
};

Difference difference(Difference::Kind kind, const Topic& topic) {
    return {kind, topic.group, topic.subject, topic.what};
}

}  // namespace

std::vector<Difference> differences(const HouseholdRules& before, const HouseholdRules& after) {
    const Teller was(before);
    const Teller will_be(after);
    std::map<Topic, Difference> found;
    for (const auto& [topic, words] : was.statements()) {
        found[topic] = difference(Difference::Kind::Removed, topic);
        found[topic].before = words;
    }
    for (const auto& [topic, words] : will_be.statements()) {
        const auto [place, is_new] =
            found.try_emplace(topic, difference(Difference::Kind::Added, topic));
        if (!is_new && place->second.before == words) {
            found.erase(place);
            continue;
        }
        place->second.kind = is_new ? Difference::Kind::Added : Difference::Kind::Changed;
        place->second.after = words;
    }
    std::vector<Difference> all;
    all.reserve(found.size());
    for (auto& [topic, one] : found) {
        all.push_back(std::move(one));
    }
    return all;
}

std::string line_of(const Difference& difference) {
    constexpr std::array<char, 3> kSigns{'+', '-', '~'};
    const std::string says = difference.kind == Difference::Kind::Changed
                                 ? fmt::format("{} -> {}", difference.before, difference.after)
                                 : difference.before + difference.after;
    return fmt::format("{} {}: {} {}{}{}", kSigns.at(static_cast<std::size_t>(difference.kind)),
                       difference.group.empty() ? "everybody" : difference.group,
                       difference.subject, difference.what, says.empty() ? "" : ": ", says);
}

std::string_view kind_text(Difference::Kind kind) {
    constexpr std::array<std::string_view, 3> kTexts{"added", "removed", "changed"};
    return kTexts.at(static_cast<std::size_t>(kind));
}

}  // namespace sporvakt::policy
