#include "core/knowledge/decisions.h"

#include "core/base/country_code.h"
#include "core/trackers/built_in/facts.h"
#include "core/trackers/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace sporvakt::knowledge {
namespace {

constexpr std::size_t kFields = 12;
constexpr std::array<std::string_view, 5> kStatusTexts{"decided", "upheld", "set-aside", "appealed",
                                                       "notice"};

std::optional<DecisionStatus> status_from_text(std::string_view text) {
    const auto* const found = std::find(kStatusTexts.begin(), kStatusTexts.end(), text);
    if (found == kStatusTexts.end()) {
        return std::nullopt;
    }
    return static_cast<DecisionStatus>(found - kStatusTexts.begin());
}

/// Digits where `form` has 9, else its own characters.
bool has_form(std::string_view text, std::string_view form) {
    return std::equal(text.begin(), text.end(), form.begin(), form.end(), [](char c, char wanted) {
        return wanted == '9' ? c >= '0' && c <= '9' : c == wanted;
    });
}

bool is_between(std::string_view digits, std::string_view low, std::string_view high) {
    return digits >= low && digits <= high;
}

bool is_month(std::string_view text) {
    return has_form(text, "9999-99") && is_between(text.substr(5), "01", "12");
}

bool is_day(std::string_view text) {
    return has_form(text, "9999-99-99") && is_month(text.substr(0, 7)) &&
           is_between(text.substr(8), "01", "31");
}

bool is_currency(std::string_view text) {
    return text.size() == 3 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        words.emplace_back(trackers::take_word(text));
    }
    return words;
}

/// "1000000 NOK", "1000000 NOK/day"
std::optional<Amount> amount_from_text(std::string_view text) {
    Amount amount;
    const std::string_view digits = trackers::take_word(text);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), amount.value);
    const std::string_view currency = trackers::take_until(text, '/');
    if (error != std::errc{} || end != digits.data() + digits.size() || amount.value == 0 ||
        !is_currency(currency) || (!text.empty() && text != "day")) {
        return std::nullopt;
    }
    amount.currency = currency;
    amount.runs = text.empty() ? Amount::Runs::Once : Amount::Runs::EachDay;
    return amount;
}

/// What the row says; or, in plain words, what is wrong with it.
using Read = tl::expected<Decision, std::string>;

Read decision_of(std::vector<std::string> fields) {
    Decision decision;
    decision.date = std::move(fields[0]);
    decision.authority = std::move(fields[1]);
    decision.country = std::move(fields[2]);
    decision.company = std::move(fields[3]);
    decision.party = std::move(fields[4]);
    decision.trackers = words_of(fields[5]);
    decision.case_number = std::move(fields[6]);
    decision.outcome = std::move(fields[7]);
    const auto status = status_from_text(fields[9]);
    decision.status_date = std::move(fields[10]);
    decision.sources = words_of(fields[11]);
    if (!is_day(decision.date) && !is_month(decision.date)) {
        return tl::unexpected<std::string>("'" + decision.date + "' is not a date");
    }
    if (!is_country_code(decision.country) && decision.country != "EU") {
        return tl::unexpected<std::string>("'" + decision.country + "' is not a country");
    }
    if (!status) {
        return tl::unexpected<std::string>("'" + fields[9] + "' is not a status");
    }
    decision.status = *status;
    if (!decision.status_date.empty() && !is_day(decision.status_date)) {
        return tl::unexpected<std::string>("'" + decision.status_date + "' is not a date");
    }
    if (decision.authority.empty() || decision.party.empty() || decision.outcome.empty()) {
        return tl::unexpected<std::string>("the authority, the party or the outcome is missing");
    }
    const bool are_sources_addresses =
        std::all_of(decision.sources.begin(), decision.sources.end(),
                    [](const std::string& source) { return source.starts_with("https://"); });
    if (decision.sources.empty() || !are_sources_addresses) {
        return tl::unexpected<std::string>("a source is missing, or not an https:// address");
    }
    if (!fields[8].empty()) {
        decision.amount = amount_from_text(fields[8]);
        if (!decision.amount) {
            return tl::unexpected<std::string>("'" + fields[8] + "' is not an amount");
        }
    }
    return decision;
}

}  // namespace

std::string_view status_text(DecisionStatus status) {
    return kStatusTexts.at(static_cast<std::size_t>(status));
}

bool Decision::concerns(std::string_view slug) const {
    return company == slug || std::find(trackers.begin(), trackers.end(), slug) != trackers.end();
}

Result<std::vector<Decision>> read_decisions(const std::string& path) {
    std::vector<Decision> decisions;
    for (trackers::FactRow& row : SPORVAKT_TRY(trackers::read_facts(path, kFields))) {
        Read read = decision_of(std::move(row.fields));
        if (!read) {
            return fail(Errc::InvalidInput,
                        path + ":" + std::to_string(row.line) + ": " + read.error());
        }
        decisions.push_back(std::move(*read));
    }
    std::stable_sort(decisions.begin(), decisions.end(),
                     [](const Decision& a, const Decision& b) { return a.date > b.date; });
    return decisions;
}

}  // namespace sporvakt::knowledge
