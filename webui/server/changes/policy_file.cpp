#include "webui/server/changes/policy_file.h"

#include "core/policy/household_check.h"
#include "webui/server/changes/policy_json.h"

#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <toml++/toml.h>

namespace sporvakt::webui {
namespace {

using nlohmann::json;

constexpr std::string_view kHeading =
    "# What this household stops for whom.  `sporvakt policy import FILE` takes it over;\n"
    "# with --dry-run it only says what would change.\n\n";

// TOML has no null; and a list of nothing says no more than no list, but for a group that holds no
// list of trackers at all.
bool says_something(const std::string& name, const json& value) {
    return !value.is_null() && !(value.is_array() && value.empty() && name != "lists");
}

// What is written is ours, and four levels deep.
// NOLINTBEGIN(misc-no-recursion)
toml::table table_of(const json& object);

toml::array array_of(const json& list) {
    toml::array array;
    for (const json& item : list) {
        if (item.is_object()) {
            array.push_back(table_of(item));
        } else {
            array.push_back(item.get<std::string>());
        }
    }
    return array;
}

toml::table table_of(const json& object) {
    toml::table table;
    for (const auto& [name, value] : object.items()) {
        if (!says_something(name, value)) {
            continue;
        }
        if (value.is_array()) {
            table.insert(name, array_of(value));
        } else if (value.is_boolean()) {
            table.insert(name, value.get<bool>());
        } else {
            table.insert(name, value.get<std::string>());
        }
    }
    return table;
}
// NOLINTEND(misc-no-recursion)

}  // namespace

std::string policy_file(const policy::HouseholdRules& household) {
    json policy = policy_json(household);
    policy.erase("pauses");
    std::ostringstream out;
    out << kHeading << table_of(policy) << '\n';
    return std::move(out).str();
}

Answered<policy::HouseholdRules> household_from_file(std::string_view text) {
    std::ostringstream as_json;
    try {
        as_json << toml::json_formatter(toml::parse(text));
    } catch (const toml::parse_error& fault) {  // how toml++ says it
        return refuse(Problem::InvalidBody,
                      fmt::format("line {}: {}", fault.source().begin.line, fault.description()));
    }
    const json policy = json::parse(std::move(as_json).str(), nullptr, false);
    if (policy.is_discarded()) {
        return refuse(Problem::InvalidBody, "Something stands there that JSON cannot say.");
    }
    auto household = SPORVAKT_TRY(policy_from_json(policy));
    if (const auto sound = policy::check(household); !sound) {
        return refuse(Problem::InvalidBody, sound.error().message);
    }
    return household;
}

}  // namespace sporvakt::webui
