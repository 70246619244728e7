#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"
#include "core/policy/household.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace sporvakt::policy {

/// What an owner changes.  `group` is a group's id; empty is everybody.
struct SetRule {
    std::string group{};
    OwnRule rule{};  ///< Replaces the one of the same form and text.

    friend bool operator==(const SetRule&, const SetRule&) = default;
};
struct RemoveRule {
    std::string group{};
    RuleForm form = RuleForm::WithSubdomains;
    std::string text{};

    friend bool operator==(const RemoveRule&, const RemoveRule&) = default;
};
struct SetGroup {
    Group group{};  ///< Replaces the one of that id, but for its rules, which it does not touch.

    friend bool operator==(const SetGroup&, const SetGroup&) = default;
};
struct RemoveGroup {
    std::string id{};  ///< With its rules.

    friend bool operator==(const RemoveGroup&, const RemoveGroup&) = default;
};
struct SetUnknownGroup {
    std::string id{};  ///< Empty: unknown devices are in none.

    friend bool operator==(const SetUnknownGroup&, const SetUnknownGroup&) = default;
};
struct SetPause {
    Pause pause{};  ///< Replaces the one of the same thing.

    friend bool operator==(const SetPause&, const SetPause&) = default;
};
struct EndPause {
    Pause::Scope scope = Pause::Scope::Everybody;
    std::string what{};

    friend bool operator==(const EndPause&, const EndPause&) = default;
};
/// Takes back all rules, groups and pauses: what an import begins with.
struct ClearHousehold {
    friend bool operator==(const ClearHousehold&, const ClearHousehold&) = default;
};

/// Encoded by their place: only append.
using HouseholdChange = std::variant<SetRule, RemoveRule, SetGroup, RemoveGroup, SetUnknownGroup,
                                     SetPause, EndPause, ClearHousehold>;

/// What one order carries; the keeper makes all of it or none.
constexpr std::size_t kChangesBytesMax = std::size_t{60} * 1024;

/// For the way from the web role to the keeper.  Not stored.
std::vector<std::uint8_t> encode(std::span<const HouseholdChange> changes);

/// Checks the form alone; what is said is checked where it is carried out (HouseholdStore).
Parsed<std::vector<HouseholdChange>> parse_changes(Bytes bytes);

/// The changes that make the one household of the other.
std::vector<HouseholdChange> replacing_by(const HouseholdRules& household);

}  // namespace sporvakt::policy
