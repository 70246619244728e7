#include "core/ledger/row.h"

#include "core/base/assert.h"
#include "core/base/byte_writer.h"
#include "core/ledger/fields.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sporvakt::ledger {
namespace {

constexpr std::uint8_t kValueVersion = 1;
constexpr std::uint8_t kSlotBits = (1U << kSlotsPerHour) - 1;

Circumstances circumstances_of(const Sighting& sighting) {
    return {sighting.purpose, sighting.source, sighting.cause,  sighting.rule,
            sighting.list,    sighting.detail, sighting.context};
}

Slot slot_of(const Sighting& sighting) {
    return {sighting.at,         std::max(sighting.at, sighting.last),
            sighting.attempts,   sighting.bytes_up,
            sighting.bytes_down, circumstances_of(sighting)};
}

/// A guess does not replace what was seen, and what is seen replaces a guess; else bytes alone say
/// nothing new about why.
bool explains(const Sighting& sighting, const Slot& slot) {
    const bool is_guess = sighting.source == NameSource::Inferred;
    const bool was_guess = slot.circumstances.source == NameSource::Inferred;
    return is_guess == was_guess ? sighting.attempts > 0 : was_guess;
}

/// Slots mostly share theirs, so each is written once and slots point to it.
std::vector<Circumstances> distinct_circumstances(const Row& row) {
    std::vector<Circumstances> distinct;
    for (const auto& slot : row.slots) {
        if (slot &&
            std::find(distinct.begin(), distinct.end(), slot->circumstances) == distinct.end()) {
            distinct.push_back(slot->circumstances);
        }
    }
    return distinct;
}

std::uint32_t milliseconds_after(Timestamp start, Timestamp at) {
    const auto after = static_cast<std::uint64_t>((at - start).count());
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(after, std::numeric_limits<std::uint32_t>::max()));
}

Parsed<Slot> read_slot(ByteReader& in, Timestamp start,
                       const std::vector<Circumstances>& circumstances) {
    Slot slot;
    const std::uint8_t index = SPORVAKT_TRY(in.u8());
    slot.first = start + std::chrono::milliseconds(SPORVAKT_TRY(in.u32()));
    slot.last = slot.first + std::chrono::milliseconds(SPORVAKT_TRY(in.u32()));
    slot.attempts = SPORVAKT_TRY(in.u64());
    slot.bytes_up = SPORVAKT_TRY(in.u64());
    slot.bytes_down = SPORVAKT_TRY(in.u64());
    if (index >= circumstances.size() || slot.first >= start + kSlotLength) {
        return tl::unexpected(ParseError::Malformed);
    }
    slot.circumstances = circumstances[index];
    return slot;
}

Parsed<void> read_slots(ByteReader& in, Row& row) {
    std::vector<Circumstances> circumstances(SPORVAKT_TRY(in.u8()));
    if (circumstances.size() > kSlotsPerHour) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    for (Circumstances& one : circumstances) {
        one = SPORVAKT_TRY(read_circumstances(in));
    }
    const std::uint8_t present = SPORVAKT_TRY(in.u8());
    if (present == 0 || present > kSlotBits) {
        return tl::unexpected(ParseError::Malformed);
    }
    for (std::size_t i = 0; i < kSlotsPerHour; ++i) {
        if ((present >> i & 1U) != 0) {
            row.slots.at(i) =
                SPORVAKT_TRY(read_slot(in, slot_start(row.key.hour, i), circumstances));
        }
    }
    return {};
}

}  // namespace

void write_circumstances(ByteWriter& out, const Circumstances& circumstances) {
    out.u8(static_cast<std::uint8_t>(circumstances.purpose))
        .u8(static_cast<std::uint8_t>(circumstances.source))
        .u8(static_cast<std::uint8_t>(circumstances.cause))
        .text16(circumstances.rule)
        .text16(circumstances.list)
        .text16(circumstances.detail)
        .text16(circumstances.context);
}

Parsed<Circumstances> read_circumstances(ByteReader& in) {
    Circumstances read;
    read.purpose = SPORVAKT_TRY(read_purpose(in));
    read.source = SPORVAKT_TRY(read_source(in));
    read.cause = SPORVAKT_TRY(read_cause(in));
    read.rule = SPORVAKT_TRY(read_text(in, kTextBytesMax));
    read.list = SPORVAKT_TRY(read_text(in, kTextBytesMax));
    read.detail = SPORVAKT_TRY(read_text(in, kTextBytesMax));
    read.context = SPORVAKT_TRY(read_text(in, kTextBytesMax));
    return read;
}

RowKey row_key_of(const Sighting& sighting) {
    return {hour_of(sighting.at), sighting.device, sighting.company, sighting.outcome,
            sighting.name};
}

void Row::add(const Sighting& sighting) {
    SPORVAKT_ASSERT(hour_of(sighting.at) == key.hour && sighting.outcome == key.outcome);
    std::optional<Slot>& slot = slots.at(slot_in_hour(sighting.at));
    if (!slot) {
        slot = slot_of(sighting);
        return;
    }
    slot->first = std::min(slot->first, sighting.at);
    slot->last = std::max({slot->last, sighting.at, sighting.last});
    if (explains(sighting, *slot)) {
        slot->circumstances = circumstances_of(sighting);
    }
    slot->attempts = saturating_sum(slot->attempts, sighting.attempts);
    slot->bytes_up = saturating_sum(slot->bytes_up, sighting.bytes_up);
    slot->bytes_down = saturating_sum(slot->bytes_down, sighting.bytes_down);
}

Contact described(const RowKey& key, const Circumstances& circumstances) {
    Contact contact;
    contact.device = key.device;
    contact.company = key.company;
    contact.purpose = circumstances.purpose;
    contact.name = key.name;
    contact.outcome = key.outcome;
    contact.source = circumstances.source;
    contact.cause = circumstances.cause;
    contact.rule = circumstances.rule;
    contact.list = circumstances.list;
    contact.detail = circumstances.detail;
    return contact;
}

Contact Row::contact(std::size_t slot) const {
    const std::optional<Slot>& at = slots.at(slot);
    SPORVAKT_ASSERT(at.has_value());
    Contact contact = described(key, at->circumstances);
    contact.first = at->first;
    contact.last = at->last;
    contact.attempts = at->attempts;
    contact.bytes_up = at->bytes_up;
    contact.bytes_down = at->bytes_down;
    return contact;
}

std::vector<std::uint8_t> hour_key(Hour hour) {
    return ByteWriter().u32(static_cast<std::uint32_t>(hour.time_since_epoch().count())).result();
}

std::vector<std::uint8_t> encode(const RowKey& key) {
    return ByteWriter()
        .bytes(hour_key(key.hour))
        .bytes(key.device.stored())
        .u32(static_cast<std::uint32_t>(key.company))
        .u8(static_cast<std::uint8_t>(key.outcome))
        .text(key.name)
        .result();
}

std::vector<std::uint8_t> encode_value(const Row& row) {
    const std::vector<Circumstances> circumstances = distinct_circumstances(row);
    ByteWriter out;
    out.u8(kValueVersion).u64(row.rev).u8(static_cast<std::uint8_t>(circumstances.size()));
    for (const Circumstances& one : circumstances) {
        write_circumstances(out, one);
    }
    unsigned present = 0;
    for (std::size_t i = 0; i < kSlotsPerHour; ++i) {
        present |= row.slots.at(i) ? 1U << i : 0U;
    }
    out.u8(static_cast<std::uint8_t>(present));
    for (std::size_t i = 0; i < kSlotsPerHour; ++i) {
        if (const auto& slot = row.slots.at(i)) {
            const auto place =
                std::find(circumstances.begin(), circumstances.end(), slot->circumstances);
            out.u8(static_cast<std::uint8_t>(place - circumstances.begin()))
                .u32(milliseconds_after(slot_start(row.key.hour, i), slot->first))
                .u32(milliseconds_after(slot->first, slot->last))
                .u64(slot->attempts)
                .u64(slot->bytes_up)
                .u64(slot->bytes_down);
        }
    }
    return out.result();
}

Parsed<RowKey> parse_row_key(Bytes key) {
    ByteReader in(key);
    RowKey parsed;
    const std::uint32_t hours = SPORVAKT_TRY(in.u32());
    if (hours >= hour_of(kTimeMax).time_since_epoch().count()) {
        return tl::unexpected(ParseError::Malformed);
    }
    parsed.hour = Hour(std::chrono::hours(hours));
    parsed.device = SPORVAKT_TRY(read_device(in));
    parsed.company = trackers::CompanyId{SPORVAKT_TRY(in.u32())};
    parsed.outcome = SPORVAKT_TRY(read_outcome(in));
    parsed.name = std::string(as_text(in.take_rest()));
    if (!is_name(parsed.name)) {
        return tl::unexpected(ParseError::Malformed);
    }
    return parsed;
}

Parsed<Row> parse_row(Bytes key, Bytes value) {
    Row row;
    row.key = SPORVAKT_TRY(parse_row_key(key));
    ByteReader in(value);
    if (SPORVAKT_TRY(in.u8()) != kValueVersion) {
        return tl::unexpected(ParseError::Malformed);
    }
    row.rev = SPORVAKT_TRY(in.u64());
    SPORVAKT_TRY(read_slots(in, row));
    if (!in.at_end()) {
        return tl::unexpected(ParseError::Malformed);
    }
    return row;
}

}  // namespace sporvakt::ledger
