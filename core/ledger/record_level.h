#pragma once

#include "core/ledger/batch.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sporvakt::ledger {

/// How much of a contact is stored.
enum class RecordLevel : std::uint8_t {
    /// Every name that was stopped, also websites that only the household's own word stops: then
    /// the ledger tells who wanted to visit them.
    Full,
    /// Names of trackers, and what a list stops.  Of anything else that was stopped, that it was.
    Trackers,
    /// Which device met which company, when and how often: no names at all.
    Counts,
};

/// "full", "trackers" and "counts": in the configuration.
std::optional<RecordLevel> record_level_from_text(std::string_view text);

/// The batch without what may not be stored.  Names that go are added up as Ledger::kOtherNames.
Batch reduced(Batch batch, RecordLevel level);

}  // namespace sporvakt::ledger
