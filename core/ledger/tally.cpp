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
SightingView cut_texts(SightingView sighting) {
    for (std::string_view* text :
         {&sighting.rule, &sighting.list, &sighting.detail, &sighting.context}) {
        *text = cut_text(*text, kTextBytesMax);
    }
    return sighting;
}

bool is_recordable(const SightingView& sighting) {
    return is_time(sighting.at) && sighting.device != devices::DeviceId{} && is_name(sighting.name);
}

bool is_recordable(const devices::DeviceClue& clue) {
    return is_time(clue.at) && clue.device != devices::DeviceId{};
}

/// Some have a clock that went back.  `at` is_time().
Timestamp end_of(const SightingView& sighting) {
    return std::clamp(sighting.last, sighting.at, kTimeMax);
}

/// Of what nearly always tells sightings apart; is_same() has the last word.
std::uint64_t hash_of(const SightingView& sighting) {
    const std::uint64_t name = std::hash<std::string_view>{}(sighting.name);
    const std::uint64_t device = std::hash<devices::DeviceId>{}(sighting.device);
    return name ^ (device << 1U) ^ static_cast<std::uint64_t>(sighting.cause);
}

/// Everything but times within the slot and sums.
bool is_same(const Sighting& kept, const SightingView& fresh) {
    return is_same_slot(kept.at, fresh.at) && kept.device == fresh.device &&
           kept.company == fresh.company && kept.purpose == fresh.purpose &&
           kept.outcome == fresh.outcome && kept.source == fresh.source &&
           kept.cause == fresh.cause && kept.name == fresh.name && kept.rule == fresh.rule &&
           kept.list == fresh.list && kept.detail == fresh.detail && kept.context == fresh.context;
}

std::string identity_of(const devices::DeviceClue& clue) {
    ByteWriter out;
    out.bytes(clue.device.stored()).u8(static_cast<std::uint8_t>(clue.bypass));
    for (const auto text : devices::kClueTexts) {
        out.text16(clue.*text);
    }
    if (clue.address) {
        out.bytes(clue.address->bytes());
    }
    return std::string(as_text(out.result()));
}

void merge(Sighting& into, const SightingView& from) {
    into.at = std::min(into.at, from.at);
    into.last = std::max(into.last, end_of(from));
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

Sighting* Tally::find_same(std::uint64_t hash, const SightingView& sighting) {
    const auto [first, last] = sighting_places_.equal_range(hash);
    const auto found = std::find_if(first, last, [&](const auto& place) {
        return is_same(content_.sightings[place.second], sighting);
    });
    return found == last ? nullptr : &content_.sightings[found->second];
}

void Tally::record(const SightingView& sighting) {
    SightingView fresh = cut_texts(sighting);
    const std::uint64_t hash = hash_of(fresh);
    const std::lock_guard lock(mutex_);
    if (Sighting* known = find_same(hash, fresh); known != nullptr) {
        merge(*known, fresh);  // what is like one that was taken is one to take
    } else if (is_recordable(fresh) && content_.sightings.size() < limits_.sightings_max) {
        fresh.last = end_of(fresh);
        sighting_places_.emplace(hash, content_.sightings.size());
        content_.sightings.push_back(fresh.with_texts_as<std::string>());
    } else {
        ++content_.dropped;
    }
}

void Tally::note(devices::DeviceClue clue) {
    if (!is_recordable(clue)) {
        drop();
        return;
    }
    for (const auto text : devices::kClueTexts) {
        cut(clue.*text);
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
