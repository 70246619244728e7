#include "core/ledger/tally.h"

#include "core/base/byte_writer.h"
#include "core/ledger/fields.h"
#include "core/ledger/slot.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sporvakt::ledger {
namespace {

void cut(std::string& text) {
    text.resize(cut_text(text, kTextBytesMax).size());
}

/// Lists and packets write these texts: they are cut, not refused.
void cut_texts(Sighting& sighting) {
    for (std::string* text :
         {&sighting.rule, &sighting.list, &sighting.detail, &sighting.context}) {
        cut(*text);
    }
    sighting.last = std::clamp(sighting.last, sighting.at, kTimeMax);
}

bool is_recordable(const Sighting& sighting) {
    return is_time(sighting.at) && sighting.device != devices::DeviceId{} && is_name(sighting.name);
}

bool is_recordable(const devices::DeviceClue& clue) {
    return is_time(clue.at) && clue.device != devices::DeviceId{};
}

/// Everything but times and sums: what has the same is one.
std::string identity_of(const Sighting& sighting) {
    ByteWriter out;
    out.u64(milliseconds_of(sighting.at) /
            static_cast<std::uint64_t>(Timestamp::duration(kSlotLength).count()))
        .bytes(sighting.device.stored())
        .u32(static_cast<std::uint32_t>(sighting.company))
        .u8(static_cast<std::uint8_t>(sighting.purpose))
        .u8(static_cast<std::uint8_t>(sighting.outcome))
        .u8(static_cast<std::uint8_t>(sighting.source))
        .u8(static_cast<std::uint8_t>(sighting.cause))
        .text16(sighting.name)
        .text16(sighting.rule)
        .text16(sighting.list)
        .text16(sighting.detail)
        .text16(sighting.context);
    return std::string(as_text(out.result()));
}

std::string identity_of(const devices::DeviceClue& clue) {
    ByteWriter out;
    out.bytes(clue.device.stored())
        .text16(clue.host_name)
        .text16(clue.vendor_class)
        .text16(clue.announced_name);
    if (clue.address) {
        out.bytes(clue.address->bytes());
    }
    return std::string(as_text(out.result()));
}

void merge(Sighting& into, const Sighting& from) {
    into.at = std::min(into.at, from.at);
    into.last = std::max(into.last, from.last);
    const auto room = std::numeric_limits<std::uint32_t>::max() - into.attempts;
    into.attempts += std::min(room, from.attempts);
    into.bytes_up = saturating_sum(into.bytes_up, from.bytes_up);
    into.bytes_down = saturating_sum(into.bytes_down, from.bytes_down);
}

}  // namespace

void Tally::drop() {
    const std::lock_guard lock(mutex_);
    ++content_.dropped;
}

void Tally::record(Sighting sighting) {
    if (!is_recordable(sighting)) {
        drop();
        return;
    }
    cut_texts(sighting);
    const std::string identity = identity_of(sighting);
    const std::lock_guard lock(mutex_);
    const auto known = sighting_places_.find(identity);
    if (known != sighting_places_.end()) {
        merge(content_.sightings[known->second], sighting);
    } else if (content_.sightings.size() < limits_.sightings_max) {
        sighting_places_.emplace(identity, content_.sightings.size());
        content_.sightings.push_back(std::move(sighting));
    } else {
        ++content_.dropped;
    }
}

void Tally::note(devices::DeviceClue clue) {
    if (!is_recordable(clue)) {
        drop();
        return;
    }
    for (std::string* text : {&clue.host_name, &clue.vendor_class, &clue.announced_name}) {
        cut(*text);
    }
    const std::string identity = identity_of(clue);
    const std::lock_guard lock(mutex_);
    const auto known = clue_places_.find(identity);
    if (known != clue_places_.end()) {
        Timestamp& at = content_.clues[known->second].at;
        at = std::max(at, clue.at);
    } else if (content_.clues.size() < limits_.clues_max) {
        clue_places_.emplace(identity, content_.clues.size());
        content_.clues.push_back(std::move(clue));
    } else {
        ++content_.dropped;
    }
}

Tally::Content Tally::take() {
    const std::lock_guard lock(mutex_);
    Content taken;
    taken.dropped = content_.dropped;
    std::swap(taken, content_);
    sighting_places_.clear();
    clue_places_.clear();
    return taken;
}

std::uint64_t Tally::dropped() const {
    const std::lock_guard lock(mutex_);
    return content_.dropped;
}

}  // namespace sporvakt::ledger
