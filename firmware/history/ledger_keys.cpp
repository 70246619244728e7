#include "firmware/history/ledger_keys.h"

#include <chrono>
#include <cstdint>
#include <string>

#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

/// Hours of more days would not fit into the ledger's limit in any house.
constexpr std::int64_t kDetailDaysMax = 90;
constexpr std::int64_t kSumDaysMax = 3650;

}  // namespace

void LedgerKeys::read(std::string_view key, const toml::node& value) {
    if (key != "ledger.keeps") {
        days(key, value);
        return;
    }
    const auto text = value.value<std::string>();
    const auto level = ledger::record_level_from_text(text.value_or(""));
    if (!value.is_string()) {
        fault_(value, "ledger.keeps must be a text in quotes");
    } else if (!level) {
        fault_(value, R"(ledger.keeps must be "full", "trackers" or "counts")");
    }
    ledger_.level = level.value_or(ledger_.level);
}

void LedgerKeys::days(std::string_view key, const toml::node& value) {
    const bool is_detail = key == "ledger.detail_days";
    const std::int64_t least = is_detail ? 1 : 0;
    const std::int64_t most = is_detail ? kDetailDaysMax : kSumDaysMax;
    const auto number = value.value_exact<std::int64_t>();
    if (!number || *number < least || *number > most) {
        fault_(value,
               fmt::format("{} must be a whole number of days from {} to {}", key, least, most));
        return;
    }
    (is_detail ? ledger_.detailed : ledger_.summed) = std::chrono::days(*number);
}

}  // namespace sporvakt::firmware
