#include "core/ledger/day_row.h"

#include "core/base/assert.h"
#include "core/base/byte_writer.h"
#include "core/ledger/fields.h"

#include <algorithm>
#include <utility>

namespace sporvakt::ledger {
namespace {

constexpr std::uint8_t kValueVersion = 1;
constexpr std::chrono::milliseconds kDay = std::chrono::days(1);

DayPart part_of(const Slot& slot) {
    DayPart part{1,
                 slot.first,
                 slot.last,
                 slot.attempts,
                 slot.bytes_up,
                 slot.bytes_down,
                 slot.circumstances};
    part.circumstances.context.clear();
    return part;
}

bool is_alike(const DayPart& part, const DayPart& other) {
    return part.circumstances.purpose == other.circumstances.purpose &&
           part.circumstances.list == other.circumstances.list;
}

void merge(DayPart& into, const DayPart& from) {
    if (from.last >= into.last && is_alike(into, from)) {
        into.circumstances = from.circumstances;
    }
    into.contacts = saturating_sum(into.contacts, from.contacts);
    into.first = std::min(into.first, from.first);
    into.last = std::max(into.last, from.last);
    into.attempts = saturating_sum(into.attempts, from.attempts);
    into.bytes_up = saturating_sum(into.bytes_up, from.bytes_up);
    into.bytes_down = saturating_sum(into.bytes_down, from.bytes_down);
}

Parsed<DayPart> read_part(ByteReader& in, Timestamp day) {
    DayPart part;
    part.circumstances = SPORVAKT_TRY(read_circumstances(in));
    part.contacts = SPORVAKT_TRY(in.u64());
    part.first = SPORVAKT_TRY(read_time(in));
    part.last = SPORVAKT_TRY(read_time(in));
    part.attempts = SPORVAKT_TRY(in.u64());
    part.bytes_up = SPORVAKT_TRY(in.u64());
    part.bytes_down = SPORVAKT_TRY(in.u64());
    const bool is_of_the_day = part.first >= day && part.first < day + kDay;
    if (part.contacts == 0 || !is_of_the_day || part.last < part.first) {
        return tl::unexpected(ParseError::Malformed);
    }
    return part;
}

}  // namespace

RowKey day_key_of(const RowKey& key) {
    RowKey day = key;
    day.hour = day_of(key.hour);
    return day;
}

void DayRow::add(const Row& row) {
    SPORVAKT_ASSERT(day_key_of(row.key) == key);
    for (const std::optional<Slot>& slot : row.slots) {
        if (!slot) {
            continue;
        }
        const DayPart fresh = part_of(*slot);
        const auto alike = std::find_if(parts.begin(), parts.end(),
                                        [&](const DayPart& part) { return is_alike(part, fresh); });
        if (alike != parts.end()) {
            merge(*alike, fresh);
        } else if (parts.size() == kPartsMax) {
            merge(parts.back(), fresh);
        } else {
            parts.push_back(fresh);
        }
    }
}

Contact DayRow::contact(std::size_t part) const {
    const DayPart& sum = parts.at(part);
    Contact contact = described(key, sum.circumstances);
    contact.first = sum.first;
    contact.last = sum.last;
    contact.contacts = sum.contacts;
    contact.attempts = sum.attempts;
    contact.bytes_up = sum.bytes_up;
    contact.bytes_down = sum.bytes_down;
    return contact;
}

std::vector<std::uint8_t> encode_value(const DayRow& row) {
    SPORVAKT_ASSERT(!row.parts.empty() && row.parts.size() <= DayRow::kPartsMax);
    ByteWriter out;
    out.u8(kValueVersion).u8(static_cast<std::uint8_t>(row.parts.size()));
    for (const DayPart& part : row.parts) {
        write_circumstances(out, part.circumstances);
        out.u64(part.contacts)
            .u64(milliseconds_of(part.first))
            .u64(milliseconds_of(part.last))
            .u64(part.attempts)
            .u64(part.bytes_up)
            .u64(part.bytes_down);
    }
    return out.result();
}

Parsed<DayRow> parse_day_row(Bytes key, Bytes value) {
    DayRow row;
    row.key = SPORVAKT_TRY(parse_row_key(key));
    ByteReader in(value);
    const std::uint8_t version = SPORVAKT_TRY(in.u8());
    const std::uint8_t count = SPORVAKT_TRY(in.u8());
    if (version != kValueVersion || count == 0 || count > DayRow::kPartsMax ||
        row.key.hour != day_of(row.key.hour)) {
        return tl::unexpected(ParseError::Malformed);
    }
    for (std::uint8_t i = 0; i < count; ++i) {
        row.parts.push_back(SPORVAKT_TRY(read_part(in, row.key.hour)));
    }
    if (!in.at_end()) {
        return tl::unexpected(ParseError::Malformed);
    }
    return row;
}

}  // namespace sporvakt::ledger
