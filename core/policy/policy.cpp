#include "core/policy/policy.h"

#include "core/policy/weekly_window.h"

#include <algorithm>
#include <utility>

namespace sporvakt::policy {
namespace {

Reason reason_without_rule(trackers::Purpose purpose) {
    return trackers::is_tracking(purpose) ? Reason::Reported : Reason::NoRule;
}

/// Who owns whom costs reading all companies: only where somebody asks.
CompanyFamilies families_for(
    const HouseholdRules& household,
    const std::vector<std::shared_ptr<const trackers::Catalogue>>& catalogues) {
    const bool is_asked =
        !household.groups.empty() ||
        std::any_of(household.pauses.begin(), household.pauses.end(),
                    [](const Pause& pause) { return pause.scope == Pause::Scope::Company; });
    return CompanyFamilies(is_asked ? catalogues : decltype(catalogues){});
}

/// When the first of all that comes and goes does so, after `at`.
class NextChange {
public:
    explicit NextChange(Timestamp at) : at_(at) {}

    void add(Timestamp change) { next_ = change > at_ ? std::min(next_, change) : next_; }
    void add(const std::vector<OwnRule>& rules) {
        for (const OwnRule& rule : rules) {
            add(rule.until.value_or(Timestamp::max()));
        }
    }
    void add(const Group& group) {
        add(group.rules);
        for (const Schedule& schedule : group.schedules) {
            add(policy::next_change(schedule.windows, at_));
        }
    }
    [[nodiscard]] Timestamp result() const { return next_; }

private:
    Timestamp at_;
    Timestamp next_ = Timestamp::max();
};

Timestamp next_change(const HouseholdRules& household, Timestamp at) {
    NextChange next(at);
    next.add(household.rules);
    for (const Group& group : household.groups) {
        next.add(group);
    }
    for (const Pause& pause : household.pauses) {
        next.add(pause.until);
    }
    return next.result();
}

}  // namespace

Policy::Policy(std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues,
               HouseholdRules household, const Circumstances& circumstances)
    : Policy(std::move(catalogues), std::move(household), circumstances,
             families_for(household, catalogues)) {}

// By reference: nothing has been moved from when the families are read.
Policy::Policy(std::vector<std::shared_ptr<const trackers::Catalogue>>&& catalogues,
               HouseholdRules&& household, const Circumstances& circumstances,
               const CompanyFamilies& families)
    : catalogues_(std::move(catalogues)),
      household_(std::move(household)),
      own_rules_(household_.rules, circumstances.at),
      finder_(household_, circumstances.devices, circumstances.interfaces),
      pauses_(household_.pauses, families, circumstances.at),
      valid_until_(next_change(household_, circumstances.at)) {
    for (const Group& group : household_.groups) {
        groups_.emplace_back(group, families, catalogues_, circumstances.at);
    }
}

Verdict Policy::judge(const Question& question) const {
    Verdict verdict = attributed(question.name);
    const GroupPolicy* const group = policy_of(question.device);
    if (group != nullptr) {
        verdict.group = group->group().id;
        verdict.answers = group->group().answers;
    }
    weigh(question, group, verdict);
    if (verdict.is_blocked() && pauses_.lift(verdict, question.device, question.name)) {
        verdict.action = Action::Allow;
        verdict.reason = Reason::Paused;
    }
    return verdict;
}

void Policy::weigh(const Question& question, const GroupPolicy* group, Verdict& verdict) const {
    const OwnRule* own = group == nullptr ? nullptr : group->own_rule(question.name);
    own = own == nullptr ? own_rules_.find(question.name) : own;
    if (own != nullptr) {
        verdict.reason = Reason::Household;
        verdict.action = own->action == HouseholdRule::Block ? Action::Block : Action::Allow;
        verdict.rule = own->text;
        return;
    }
    if (group != nullptr && group->decide(verdict)) {
        return;
    }
    if (const auto match = strongest_rule(question, group)) {
        verdict.reason = Reason::List;
        verdict.action =
            match->action == trackers::RuleAction::Block ? Action::Block : Action::Allow;
        verdict.rule = match->rule;
        verdict.list = match->list;
        return;
    }
    verdict.reason = reason_without_rule(verdict.purpose);
}

const GroupPolicy* Policy::policy_of(const devices::DeviceId& device) const {
    if (groups_.empty()) {
        return nullptr;
    }
    const auto place = finder_.group_of(device);
    return place ? &groups_[*place] : nullptr;
}

const Group* Policy::group_of(const devices::DeviceId& device) const {
    const GroupPolicy* const found = policy_of(device);
    return found == nullptr ? nullptr : &found->group();
}

const Group* Policy::group(std::string_view id) const {
    const auto found = std::find_if(groups_.begin(), groups_.end(),
                                    [id](const GroupPolicy& one) { return one.group().id == id; });
    return found == groups_.end() ? nullptr : &found->group();
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
            verdict.evasion = known->evasion;
            break;
        }
    }
    return verdict;
}

trackers::Evasion Policy::evasion_at(const IpAddress& address) const {
    for (const auto& catalogue : catalogues_) {
        if (const auto known = catalogue->evasion_at(address); known != trackers::Evasion::None) {
            return known;
        }
    }
    return trackers::Evasion::None;
}

std::optional<trackers::RuleMatch> Policy::strongest_rule(const Question& question,
                                                          const GroupPolicy* group) const {
    std::optional<trackers::RuleMatch> best;
    for (std::size_t place = 0; place < catalogues_.size(); ++place) {
        const trackers::Catalogue& catalogue = *catalogues_[place];
        const auto* const lists = group == nullptr ? nullptr : group->lists_of(place);
        const auto match = lists == nullptr
                               ? catalogue.find_rule(question.name, question.type)
                               : catalogue.find_rule(question.name, question.type, *lists);
        if (match) {
            best = best ? trackers::stronger(*best, *match) : *match;
        }
    }
    return best;
}

std::vector<trackers::RuleVoice> Policy::list_rules_about(const Question& question) const {
    const Group* const group = group_of(question.device);
    const auto is_off = [group](std::string_view list) {
        return group != nullptr && group->lists &&
               std::find(group->lists->begin(), group->lists->end(), list) == group->lists->end();
    };
    std::vector<trackers::RuleVoice> all;
    for (const auto& catalogue : catalogues_) {
        for (trackers::RuleVoice& voice : catalogue->rules_about(question.name, question.type)) {
            std::erase_if(voice.lists, is_off);
            if (!voice.lists.empty()) {
                voice.match.list = voice.lists.front();
                all.push_back(std::move(voice));
            }
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& left, const auto& right) {
        return trackers::is_stronger(left.match, right.match);
    });
    return all;
}

}  // namespace sporvakt::policy
