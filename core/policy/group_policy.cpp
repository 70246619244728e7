#include "core/policy/group_policy.h"

#include "core/policy/weekly_window.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sporvakt::policy {
namespace {

Action action_of(HouseholdRule rule) {
    return rule == HouseholdRule::Block ? Action::Block : Action::Allow;
}

std::size_t index_of(trackers::Purpose purpose) {
    return static_cast<std::size_t>(purpose);
}

bool set(Verdict& verdict, Action action, Reason reason, std::string_view rule) {
    verdict.action = action;
    verdict.reason = reason;
    verdict.rule = rule;
    return true;
}

}  // namespace

bool reaches(CompanyReach reach, trackers::Purpose purpose) {
    return reach == CompanyReach::Everything || trackers::is_tracking(purpose);
}

GroupPolicy::GroupPolicy(const Group& group, const CompanyFamilies& families, Catalogues catalogues,
                         Timestamp at)
    : group_(group), own_rules_(group_.rules, at) {
    if (group_.lists) {
        std::transform(catalogues.begin(), catalogues.end(), std::back_inserter(lists_),
                       [&](const auto& catalogue) { return catalogue->select(*group_.lists); });
    }
    for (const auto& [purpose, rule] : group_.purposes) {
        purposes_.at(index_of(purpose)) = rule;
    }
    // The largest family first: what was said of a company is nearer than what was said of those
    // that own it.
    std::vector<std::pair<std::vector<trackers::CompanyId>, std::size_t>> by_family;
    for (std::size_t place = 0; place < group_.companies.size(); ++place) {
        by_family.emplace_back(families.of(group_.companies[place].company), place);
    }
    std::stable_sort(by_family.begin(), by_family.end(), [](const auto& left, const auto& right) {
        return left.first.size() > right.first.size();
    });
    for (const auto& [family, place] : by_family) {
        for (const trackers::CompanyId id : family) {
            companies_[id] = place;
        }
    }
    for (const Schedule& schedule : group_.schedules) {
        if (!is_within(schedule.windows, at)) {
            continue;
        }
        Closed closed{schedule.name, schedule.stops_everything, {}, {}};
        for (const trackers::Purpose purpose : schedule.purposes) {
            closed.purposes.set(index_of(purpose));
        }
        for (const std::string& slug : schedule.companies) {
            const auto family = families.of(slug);
            closed.companies.insert(closed.companies.end(), family.begin(), family.end());
        }
        std::sort(closed.companies.begin(), closed.companies.end());
        closed_.push_back(std::move(closed));
    }
}

bool GroupPolicy::Closed::stops(const Verdict& verdict) const {
    return is_everything || purposes.test(index_of(verdict.purpose)) ||
           std::binary_search(companies.begin(), companies.end(), verdict.company);
}

bool GroupPolicy::decide(Verdict& verdict) const {
    if (group_.allow_only) {
        return set(verdict, Action::Block, Reason::AllowOnly, {});
    }
    for (const Closed& closed : closed_) {
        if (closed.stops(verdict)) {
            return set(verdict, Action::Block, Reason::Schedule, closed.name);
        }
    }
    if (const auto found = companies_.find(verdict.company); found != companies_.end()) {
        const CompanyRule& rule = group_.companies[found->second];
        if (reaches(rule.reach, verdict.purpose)) {
            return set(verdict, action_of(rule.action), Reason::Company, rule.company);
        }
    }
    if (const auto rule = purposes_.at(index_of(verdict.purpose))) {
        return set(verdict, action_of(*rule), Reason::Purpose,
                   trackers::purpose_info(verdict.purpose).id);
    }
    return false;
}

}  // namespace sporvakt::policy
