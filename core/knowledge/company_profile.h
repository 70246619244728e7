#pragma once

#include "core/knowledge/company_names.h"
#include "core/knowledge/decisions.h"
#include "core/trackers/catalogue.h"
#include "core/trackers/purpose.h"

#include <map>
#include <span>
#include <string_view>
#include <vector>

namespace sporvakt::knowledge {

/// Everything that is known about a company, put together.  Views and pointers live as long as the
/// catalogues and the decisions.
struct CompanyProfile {
    trackers::Company company;
    std::vector<trackers::Company> owners;  ///< Nearest first; at most kOwnersMax.
    std::vector<trackers::Company> owned;   ///< Directly, by slug.
    /// By what they are for; each domain in one place, sorted.
    std::map<trackers::Purpose, std::vector<std::string_view>> domains;
    std::vector<std::string_view> disguises;  ///< Those that other websites' names lead to; sorted.
    std::vector<const Decision*> decisions;   ///< Newest first.

    /// A circle of owners, which facts of ours cannot have and a foreign catalogue might, ends
    /// here.
    static constexpr std::size_t kOwnersMax = 4;
};

/// Reads every catalogue from end to end: some thousand rows, for a person who asks.
CompanyProfile profile_of(const trackers::Company& company, Catalogues catalogues,
                          std::span<const Decision> decisions);

}  // namespace sporvakt::knowledge
