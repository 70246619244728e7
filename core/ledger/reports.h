#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/devices/device_id.h"
#include "core/ledger/sighting.h"
#include "core/trackers/company.h"
#include "core/trackers/purpose.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sporvakt::ledger {

/// One device, one name, one outcome, within one slot of ten minutes: retries are not counted
/// again. The unit of every number that the product shows, and one row of the Events page.
struct Contact {
    Timestamp first;
    Timestamp last;
    devices::DeviceId device;
    trackers::CompanyId company = trackers::CompanyId::None;
    trackers::Purpose purpose = trackers::Purpose::Unknown;
    std::string name;
    Outcome outcome = Outcome::Prevented;
    NameSource source = NameSource::Query;
    Cause cause = Cause::List;
    std::uint64_t attempts = 0;
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;
    std::string rule;
    std::string list;
    std::string detail;
    /// More than one: the sum of a day's contacts, which are kept no longer one by one.
    std::uint64_t contacts = 1;

    friend bool operator==(const Contact&, const Contact&) = default;
};

/// Which contacts a question is about.  `from` is inclusive, `to` exclusive.
struct Filter {
    Timestamp from;
    Timestamp to;
    std::optional<devices::DeviceId> device;
    std::optional<trackers::CompanyId> company;
    std::optional<trackers::Purpose> purpose;
    std::optional<Outcome> outcome;
    std::string name_contains;  ///< Lower case; empty matches all.
};

/// Whether it is one of those.
bool matches(const Filter& filter, const Contact& contact);

/// Sums over contacts.
struct Totals {
    std::uint64_t prevented = 0;           ///< contacts
    std::uint64_t leaked = 0;              ///< contacts
    std::uint64_t prevented_attempts = 0;  ///< queries
    std::uint64_t leaked_flows = 0;
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;
    Timestamp last;  ///< Newest contact; the epoch when there is none.

    Totals& operator+=(const Contact& contact);
    friend bool operator==(const Totals&, const Totals&) = default;
};

/// One cell of the device × company matrix.  The other tables are its margins.
struct MatrixCell {
    devices::DeviceId device;
    trackers::CompanyId company = trackers::CompanyId::None;
    Totals totals;
};

/// What one company's contacts were for.
struct PurposeCell {
    trackers::CompanyId company = trackers::CompanyId::None;
    trackers::Purpose purpose = trackers::Purpose::Unknown;
    Totals totals;
};

/// What one list prevented.
struct ListCell {
    std::string list;  ///< Its name.
    Totals totals;
};

struct SeriesPoint {
    Timestamp start;
    Totals totals;
};

struct Series {
    std::vector<SeriesPoint> points;
    /// What has no place among steps shorter than a day: contacts that are kept as sums of days.
    Totals undated;
};

/// Where a page of contacts goes on; opaque outside the ledger.
struct ContactPage {
    std::vector<Contact> contacts;    ///< Newest first.
    std::optional<std::string> next;  ///< Give back as `cursor` for the following page.
};

/// Questions to the ledger.  Each is one short read; thread-safe.
///
/// What is kept as the sum of a day counts wholly at the time of its first contact: exactly, where
/// a question is about whole days of UTC.
class Reports {
public:
    static constexpr std::size_t kPageMax = 500;

    Reports() = default;
    Reports(const Reports&) = delete;
    Reports& operator=(const Reports&) = delete;
    Reports(Reports&&) = delete;
    Reports& operator=(Reports&&) = delete;
    virtual ~Reports() = default;

    [[nodiscard]] virtual Result<Totals> totals(const Filter& filter) const = 0;

    /// Every device that met every company, most leaked contacts first.
    [[nodiscard]] virtual Result<std::vector<MatrixCell>> matrix(const Filter& filter) const = 0;

    /// Every company with every purpose that its contacts had, most contacts first.
    [[nodiscard]] virtual Result<std::vector<PurposeCell>> purposes(const Filter& filter) const = 0;

    /// Every list that contacts name, most contacts first.
    [[nodiscard]] virtual Result<std::vector<ListCell>> lists(const Filter& filter) const = 0;

    /// Steps of whole slots (ten minutes) from `filter.from`, empty ones included.
    [[nodiscard]] virtual Result<Series> series(const Filter& filter,
                                                std::chrono::minutes step) const = 0;

    [[nodiscard]] virtual Result<ContactPage> contacts(const Filter& filter,
                                                       const std::string& cursor,
                                                       std::size_t limit) const = 0;
};

}  // namespace sporvakt::ledger
