#pragma once

#include "core/policy/household.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::policy {

/// One thing that two households decided differently, in words that an owner can compare.
struct Difference {
    enum class Kind : std::uint8_t { Added, Removed, Changed };

    Kind kind = Kind::Added;
    std::string group{};    ///< A group's id; empty: for everybody.
    std::string subject{};  ///< "rule", "purpose", "company", "schedule", "member", "pause", ...
    std::string what{};     ///< Which of them: "shop.example, with subdomains".
    std::string before{};   ///< "block"; empty where there was none, or nothing more to say.
    std::string after{};

    friend bool operator==(const Difference&, const Difference&) = default;
};

/// What changes when `after` takes the place of `before`: everybody's first, then by group.
/// Nothing changes in judging where there is no difference.
std::vector<Difference> differences(const HouseholdRules& before, const HouseholdRules& after);

/// "children: rule shop.example, with subdomains: block -> allow", behind a '+', '-' or '~'.
std::string line_of(const Difference& difference);

/// For the API: "added", "removed", "changed".
std::string_view kind_text(Difference::Kind kind);

}  // namespace sporvakt::policy
