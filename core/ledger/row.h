#pragma once

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/devices/device_id.h"
#include "core/ledger/reports.h"
#include "core/ledger/sighting.h"
#include "core/ledger/slot.h"
#include "core/trackers/company.h"
#include "core/trackers/purpose.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sporvakt::ledger {

/// What a row of ledger.mdb is about.  Compares like its stored bytes: by hour first.
struct RowKey {
    Hour hour;
    devices::DeviceId device;
    trackers::CompanyId company = trackers::CompanyId::None;
    Outcome outcome = Outcome::Prevented;
    std::string name;

    friend bool operator==(const RowKey&, const RowKey&) = default;
    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the hidden `< 0` for a pointer's.
    friend auto operator<=>(const RowKey&, const RowKey&) = default;
};

/// How a contact was seen and why it went as it did.
struct Circumstances {
    trackers::Purpose purpose = trackers::Purpose::Unknown;
    NameSource source = NameSource::Query;
    Cause cause = Cause::List;
    std::string rule;
    std::string list;
    std::string detail;
    std::string context;

    friend bool operator==(const Circumstances&, const Circumstances&) = default;
};

/// One contact's sums so far.
struct Slot {
    Timestamp first;
    Timestamp last;
    std::uint64_t attempts = 0;
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;
    Circumstances circumstances;  ///< Of the newest attempt; a guess never replaces what was seen.

    friend bool operator==(const Slot&, const Slot&) = default;
};

/// The contacts of one device with one name in one hour, in absolute totals: a row that is written
/// or sent twice says the same.  `rev` grows with each change, so that the newer of two is known.
struct Row {
    RowKey key;
    std::uint64_t rev = 0;
    std::array<std::optional<Slot>, kSlotsPerHour> slots;

    /// Adds a sighting of this row's hour, device, company, outcome and name.
    void add(const Sighting& sighting);

    /// The contact of a slot that is not empty.
    [[nodiscard]] Contact contact(std::size_t slot) const;

    friend bool operator==(const Row&, const Row&) = default;
};

/// A contact of such a row, without its times and sums.
Contact described(const RowKey& key, const Circumstances& circumstances);

/// Where the sighting belongs.
RowKey row_key_of(const Sighting& sighting);

// Stored form: docs/storage-format.md, "contacts".

/// The front of the keys of all rows of an hour.
std::vector<std::uint8_t> hour_key(Hour hour);
std::vector<std::uint8_t> encode(const RowKey& key);
std::vector<std::uint8_t> encode_value(const Row& row);
Parsed<RowKey> parse_row_key(Bytes key);
Parsed<Row> parse_row(Bytes key, Bytes value);
void write_circumstances(ByteWriter& out, const Circumstances& circumstances);
Parsed<Circumstances> read_circumstances(ByteReader& in);

}  // namespace sporvakt::ledger
