#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::trackers {

/// Where the built-in catalogue comes from; read when Sporvakt is built.
struct BuiltInSources {
    std::string facts;     ///< The folder core/trackers/facts.
    std::string entities;  ///< dist/entities-nostats.json of npm's third-party-web.
};

/// The list that built-in rules stand in.
constexpr std::string_view kBuiltInList = "Sporvakt";

struct BuiltInReport {
    std::size_t companies = 0;
    std::size_t domains = 0;
    std::size_t blocked = 0;
    std::vector<std::string> refused;  ///< No names; or not blocked, being public suffixes.
};

/// Compiles attribution and policy, which are two things: third-party-web knows who apple.com
/// belongs to, and files it under advertising, but nobody must block it.
///
/// A domain's purpose is its row in domains.txt, else its entity's in entities.txt, else that of
/// the entity's category.  A domain whose purpose is blocked by default becomes the rule ||domain^
/// of kBuiltInList, except for the domains below it that have another purpose.
///
/// Fails, and names the place, when the facts contradict themselves.
Result<BuiltInReport> compile_built_in(const BuiltInSources& sources, const std::string& out,
                                       std::string_view compiled_at);

}  // namespace sporvakt::trackers
