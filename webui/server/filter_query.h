#pragma once

#include "core/base/clock.h"
#include "core/ledger/reports.h"
#include "core/policy/policy.h"
#include "webui/server/query.h"
#include "webui/server/response.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace sporvakt::webui {

/// The parameters that every report takes.
constexpr std::array<std::string_view, 8> kFilterParameters{
    "range", "from", "to", "device", "company", "result", "purpose", "q"};

constexpr std::chrono::days kSpanMax{366};
constexpr std::size_t kPageRowsDefault = 100;

/// What a company is called where nobody knows one: ?company=none.
constexpr std::string_view kNoCompany = "none";

/// The contacts that the query asks for; without times, those of the last 24 hours.  Companies are
/// looked up in the policy's catalogues.
Answered<ledger::Filter> filter_of(const Query& query, const policy::Policy& policy,
                                   const Clock& clock);

/// The parameter `limit`: 1 to ledger::Reports::kPageMax rows.
Answered<std::size_t> limit_of(const Query& query);

struct Step {
    std::string_view text;  ///< "1h"
    std::chrono::minutes length;
};

/// The parameter `step`.
Answered<Step> step_of(const Query& query);

/// "x-0a1b2c3d", for a company that the ledger remembers and no catalogue knows any more.
std::string nameless_slug(trackers::CompanyId id);

}  // namespace sporvakt::webui
