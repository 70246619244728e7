#pragma once

#include "core/trackers/company.h"
#include "core/trackers/purpose.h"

#include <cstdint>
#include <string_view>

namespace sporvakt::policy {

enum class Action : std::uint8_t { Allow = 0, Block = 1 };  // stored: never renumber

/// Why.  Stored: never renumber.
enum class Reason : std::uint8_t {
    NoRule = 0,     ///< Nothing says anything about the name.
    List = 1,       ///< A rule of a list, named in the verdict.
    Household = 2,  ///< The owner's own rule about names.
    Paused = 3,     ///< Would have been blocked, but the owner paused protection.
    Reported = 4,   ///< A tracker that is only reported, not blocked, by the taxonomy's default.
    Company = 5,    ///< What the owner said about the company behind the name.
    Purpose = 6,    ///< What the owner said about what the name is for.
    Schedule = 7,   ///< Blocked at this time of the week.
    AllowOnly = 8,  ///< The group may reach only what is allowed, and this is not.
};

/// The answer to 'may this device reach this name?'.  Trivially copyable; its views live as long as
/// the Policy that gave it.
struct Verdict {
    Action action = Action::Allow;
    Reason reason = Reason::NoRule;
    trackers::CompanyId company = trackers::CompanyId::None;
    trackers::Purpose purpose = trackers::Purpose::Unknown;
    /// What decided, in its own words: a list's rule, an own rule, a company's slug, a purpose's
    /// id, the name of a schedule.  Of Paused: what was lifted.  Empty without one.
    std::string_view rule;
    std::string_view list;   ///< Of a list's rule.
    std::string_view group;  ///< The id of the device's group; empty when it is in none.

    [[nodiscard]] bool is_blocked() const { return action == Action::Block; }

    /// Whether the owner decided, not a list.
    [[nodiscard]] bool is_by_household() const {
        return reason == Reason::Household || reason == Reason::Company ||
               reason == Reason::Purpose || reason == Reason::Schedule ||
               reason == Reason::AllowOnly;
    }

    /// Whether a contact under this verdict is anybody's business to record: a tracker, or blocked.
    [[nodiscard]] bool is_recorded() const {
        return is_blocked() || reason == Reason::Paused || trackers::is_tracking(purpose);
    }
};

}  // namespace sporvakt::policy
