#pragma once

#include "core/base/byte_reader.h"
#include "core/ledger/reports.h"
#include "core/ledger/row.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sporvakt::ledger {

/// A day of UTC, as its first hour.  Not of the place: a time zone and its changes would let days
/// overlap, and the API's steps are of UTC too.
inline Hour day_of(Hour hour) {
    return std::chrono::floor<std::chrono::days>(hour);
}

/// Contacts of one day that were for the same purpose and stand in the same list.
struct DayPart {
    std::uint64_t contacts = 0;
    Timestamp first;
    Timestamp last;
    std::uint64_t attempts = 0;
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;
    Circumstances circumstances;  ///< Of the newest contact; without its context.

    friend bool operator==(const DayPart&, const DayPart&) = default;
};

/// What is left of a day's rows once they are too old to be kept hour by hour: one device, company,
/// outcome and name, with the sums of the contacts.
struct DayRow {
    /// A row of a busy day has one or two parts.  What would be one more is added to the last.
    static constexpr std::size_t kPartsMax = 32;

    RowKey key;  ///< Its hour is the day's first.
    std::vector<DayPart> parts;

    /// Adds all contacts of an hour's row of this day, device, company, outcome and name.
    void add(const Row& row);

    /// The part as one contact that stands for several.
    [[nodiscard]] Contact contact(std::size_t part) const;

    friend bool operator==(const DayRow&, const DayRow&) = default;
};

/// Where an hour's row is added.
RowKey day_key_of(const RowKey& key);

// Stored form: docs/storage-format.md, "days".  The key is a RowKey.

std::vector<std::uint8_t> encode_value(const DayRow& row);
Parsed<DayRow> parse_day_row(Bytes key, Bytes value);

}  // namespace sporvakt::ledger
