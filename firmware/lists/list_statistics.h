#pragma once

#include "core/base/result.h"
#include "core/trackers/list_report.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sporvakt::firmware {

/// What one list in force is worth to the household.
struct ListStatistics {
    trackers::ListReport report;
    /// Lists that have many of its names, most first, and how many they have.
    std::vector<std::pair<std::string, std::uint64_t>> shared;
    /// Contacts prevented for which it is named, of those that are kept; nothing: there is no
    /// record of contacts yet.
    std::optional<std::uint64_t> prevented;
};

/// Of every list in force, what is built in first.  Reads the storage directory alone, also while
/// the gateway runs, which may be up to half a minute ahead.  Fails when the record of contacts
/// cannot be read; a catalogue that cannot be opened is left out and logged.
Result<std::vector<ListStatistics>> list_statistics(const std::string& storage_dir,
                                                    const std::string& built_in);

}  // namespace sporvakt::firmware
