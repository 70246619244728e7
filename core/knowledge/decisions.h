#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::knowledge {

/// Where a decision stands, as far as is known.
enum class DecisionStatus : std::uint8_t {
    Decided,   ///< Nothing is known of its being tried or changed.
    Upheld,    ///< Tried, and it stood.
    SetAside,  ///< Tried, and it fell.
    Appealed,  ///< How the trial ended is not known.
    Notice,    ///< Said to be coming; not decided.
};

/// "decided", "upheld", "set-aside", "appealed" and "notice": in the facts, the API and reports.
std::string_view status_text(DecisionStatus status);

struct Amount {
    enum class Runs : std::uint8_t { Once, EachDay };

    std::uint64_t value = 0;  ///< In whole units of the currency.
    std::string currency;     ///< ISO 4217: "NOK"
    Runs runs = Runs::Once;
};

/// What an authority or a court decided about tracking.  A fact with its sources; no opinion.
struct Decision {
    std::string date;                   ///< "2023-07-14", or "2021-09" where the day is not known.
    std::string authority;              ///< "Datatilsynet"
    std::string country;                ///< ISO 3166-1 alpha-2, or "EU".
    std::string company;                ///< Slug of whom it was about; empty: none of ours.
    std::string party;                  ///< The same, in the source's words.
    std::vector<std::string> trackers;  ///< Slugs of those whose tracking it was about.
    std::string case_number;            ///< May be empty.
    std::string outcome;                ///< A phrase in English.
    std::optional<Amount> amount;
    DecisionStatus status = DecisionStatus::Decided;
    std::string status_date;  ///< Since when; may be empty.
    std::vector<std::string> sources;

    /// Whether it was about this company, or about its tracking on another's pages.
    [[nodiscard]] bool concerns(std::string_view slug) const;
};

/// Reads core/knowledge/facts/decisions.txt, which says what its columns are; newest first.
/// Fails, and names the line, when a row breaks the rules that stand there.
Result<std::vector<Decision>> read_decisions(const std::string& path);

}  // namespace sporvakt::knowledge
