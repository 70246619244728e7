#pragma once

#include "core/base/clock.h"
#include "core/policy/verdict.h"
#include "core/trackers/purpose.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a household decided: values, as they are stored, sent and exported.  Policy judges by them.

namespace sporvakt::policy {

/// What the household itself said about a name, a purpose or a company.  Stored: never renumber.
enum class HouseholdRule : std::uint8_t { Block = 0, Allow = 1 };

/// Which names an own rule speaks of.  Stored: never renumber.
enum class RuleForm : std::uint8_t {
    WithSubdomains = 0,  ///< The name and everything below it.
    Exact = 1,           ///< The name alone.
    Wildcard = 2,        ///< '*' stands for any characters: "ads*.example", "*-metrics.*".
    Expression = 3,      ///< RE2 syntax, found anywhere in the name, in any case.
};

/// One of the household's own rules about names.
struct OwnRule {
    std::string text;  ///< A name in DomainName's form, a wildcard, or an expression.
    HouseholdRule action = HouseholdRule::Block;
    RuleForm form = RuleForm::WithSubdomains;
    std::optional<Timestamp> until{};  ///< Says nothing from then on; empty: for ever.

    friend bool operator==(const OwnRule&, const OwnRule&) = default;
};

/// How much of a company a rule means.  Stored: never renumber.
enum class CompanyReach : std::uint8_t {
    Trackers = 0,    ///< Its names that observe people.
    Everything = 1,  ///< All that it owns.
};

/// A rule about a company and everything that belongs to it.
struct CompanyRule {
    std::string company;  ///< Its slug.
    HouseholdRule action = HouseholdRule::Block;
    CompanyReach reach = CompanyReach::Trackers;

    friend bool operator==(const CompanyRule&, const CompanyRule&) = default;
};

/// A stretch of time that comes every week, in the machine's time zone.
struct WeeklyWindow {
    static constexpr std::uint16_t kDayMinutes = 24 * 60;

    std::uint8_t days = 0;    ///< Those on which it begins: bit 0 is Monday, bit 6 Sunday.
    std::uint16_t begin = 0;  ///< Minutes after midnight.
    /// Minutes after midnight; of the next day when it is not later than `begin`.  kDayMinutes is
    /// midnight at the day's end.
    std::uint16_t end = 0;

    friend bool operator==(const WeeklyWindow&, const WeeklyWindow&) = default;
};

/// What a group may not reach at certain times.
struct Schedule {
    std::string name;  ///< "bedtime"
    std::vector<WeeklyWindow> windows{};
    bool stops_everything = false;  ///< Else what is named here.
    std::vector<trackers::Purpose> purposes{};
    std::vector<std::string> companies{};  ///< Slugs; all that they own.

    friend bool operator==(const Schedule&, const Schedule&) = default;
};

/// Which devices belong to a group without being put there one by one.
struct Membership {
    enum class By : std::uint8_t {  // stored: never renumber
        Network = 0,                ///< "192.168.40.0/24": any of the device's addresses.
        Name = 1,                   ///< "tv-*": the device's name, in any case.
        Device = 2,                 ///< "3c:22:fb:12:34:01": DeviceId's text.
        Interface = 3,              ///< "wlan1": this machine's card whose network it is in.
    };
    By by = By::Network;
    std::string text;

    friend bool operator==(const Membership&, const Membership&) = default;
};

/// Devices that share a policy: the children's, the guests', the kiosk.
struct Group {
    std::string id;    ///< "children"; [a-z0-9-], in URLs and exports.
    std::string name;  ///< The household's word for it.
    std::vector<OwnRule> rules{};
    std::map<trackers::Purpose, HouseholdRule> purposes{};
    std::vector<CompanyRule> companies{};
    std::vector<Schedule> schedules{};
    std::vector<Membership> members{};
    /// A kiosk's: only what an own rule allows may be reached.
    bool allow_only = false;
    /// Names of the lists that hold for it; nothing: all of them.
    std::optional<std::vector<std::string>> lists{};
    AnswerWishes answers{};

    friend bool operator==(const Group&, const Group&) = default;
};

/// Protection that the owner laid down for a while: nothing that would be blocked is.  A kiosk's
/// allow_only stays.
struct Pause {
    enum class Scope : std::uint8_t {  // stored: never renumber
        Everybody = 0,
        Group = 1,    ///< `what` is its id.
        Device = 2,   ///< DeviceId's text.
        Company = 3,  ///< A slug, and all that belongs to it.
        Name = 4,     ///< A name and what is below it.
    };
    Scope scope = Scope::Everybody;
    std::string what{};
    Timestamp until{};  ///< There is always an end.

    friend bool operator==(const Pause&, const Pause&) = default;
};

/// All of it.
struct HouseholdRules {
    /// More cost memory in every role.
    static constexpr std::size_t kRulesMax = 10'000;
    static constexpr std::size_t kExpressionsMax = 500;
    static constexpr std::size_t kGroupsMax = 64;
    static constexpr std::size_t kPausesMax = 256;

    std::vector<OwnRule> rules{};  ///< For everybody; a group's own come before them.
    std::vector<Group> groups{};
    std::string unknown_group{};  ///< Where devices land that nobody put anywhere; may be none.
    std::vector<Pause> pauses{};

    friend bool operator==(const HouseholdRules&, const HouseholdRules&) = default;
};

}  // namespace sporvakt::policy
