#pragma once

#include "core/trackers/company.h"
#include "core/trackers/evasion.h"
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

/// How the devices of a group are answered, where otherwise than the household's others.  Stored:
/// never renumber.
struct AnswerWishes {
    /// How "no" is said (docs/configuration.md, dns.blocking).
    enum class Blocked : std::uint8_t {
        AsHousehold = 0,
        NullAddress = 1,
        NoSuchName = 2,
        NoData = 3,
        Refused = 4,
    };
    enum class Wish : std::uint8_t { AsHousehold = 0, No = 1, Yes = 2 };

    Blocked blocked = Blocked::AsHousehold;
    Wish strip_ech = Wish::AsHousehold;     ///< Take the keys of ECH out of HTTPS records.
    Wish canary_names = Wish::AsHousehold;  ///< Tell browsers to use this resolver.

    friend bool operator==(const AnswerWishes&, const AnswerWishes&) = default;
};

/// The answer to 'may this device reach this name?'.  Trivially copyable; its views live as long as
/// the Policy that gave it.
struct Verdict {
    Action action = Action::Allow;
    Reason reason = Reason::NoRule;
    trackers::CompanyId company = trackers::CompanyId::None;
    trackers::Purpose purpose = trackers::Purpose::Unknown;
    trackers::Evasion evasion = trackers::Evasion::None;
    /// What decided, in its own words: a list's rule, an own rule, a company's slug, a purpose's
    /// id, the name of a schedule.  Of Paused: what was lifted.  Empty without one.
    std::string_view rule;
    std::string_view list;   ///< Of a list's rule.
    std::string_view group;  ///< The id of the device's group; empty when it is in none.
    AnswerWishes answers;    ///< Of the device's group.

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
