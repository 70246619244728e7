#include "core/ledger/record_level.h"

#include "core/ledger/ledger.h"

#include <utility>

namespace sporvakt::ledger {
namespace {

bool may_be_named(const Sighting& sighting, RecordLevel level) {
    switch (level) {
        case RecordLevel::Full:
            return true;
        case RecordLevel::Trackers:
            return sighting.cause != Cause::Household || trackers::is_tracking(sighting.purpose);
        case RecordLevel::Counts:
            return false;
    }
    return false;
}

}  // namespace

std::optional<RecordLevel> record_level_from_text(std::string_view text) {
    if (text == "full") {
        return RecordLevel::Full;
    }
    if (text == "trackers") {
        return RecordLevel::Trackers;
    }
    if (text == "counts") {
        return RecordLevel::Counts;
    }
    return std::nullopt;
}

Batch reduced(Batch batch, RecordLevel level) {
    for (Sighting& sighting : batch.sightings) {
        if (!may_be_named(sighting, level)) {
            sighting.name = Ledger::kOtherNames;
            // A rule spells out the name that it is about, and so do these.
            sighting.rule.clear();
            sighting.detail.clear();
            sighting.context.clear();
        }
    }
    return batch;
}

}  // namespace sporvakt::ledger
