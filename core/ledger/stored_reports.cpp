#include "core/ledger/stored_reports.h"

#include "core/base/assert.h"
#include "core/ledger/contact_page.h"
#include "core/ledger/row_scan.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace sporvakt::ledger {
namespace {

constexpr std::size_t kSeriesPointsMax = 10'000;

/// Shows the slots of a row that the filter wants, as contacts.
template <class Visitor>
void visit_contacts(const Row& row, const Filter& filter, const Visitor& visitor) {
    for (std::size_t i = 0; i < kSlotsPerHour; ++i) {
        if (row.slots.at(i) && matches(filter, *row.slots.at(i))) {
            visitor(row.contact(i));
        }
    }
}

}  // namespace

StoredReports::StoredReports(std::shared_ptr<store::Environment> environment, LiveRows& live)
    : environment_(std::move(environment)), live_(live) {}

template <class Visitor>
Result<void> StoredReports::visit(const Filter& filter, const Visitor& visitor) const {
    const RowScan scan = SPORVAKT_TRY(RowScan::begin(*environment_, live_));
    return scan.visit(hours_between(filter.from, filter.to), filter,
                      [&](const Row& row) { visit_contacts(row, filter, visitor); });
}

Result<Totals> StoredReports::totals(const Filter& filter) const {
    Totals totals;
    SPORVAKT_TRY(visit(filter, [&](const Contact& contact) { totals += contact; }));
    return totals;
}

Result<std::vector<MatrixCell>> StoredReports::matrix(const Filter& filter) const {
    std::map<std::pair<devices::DeviceId, trackers::CompanyId>, Totals> cells;
    SPORVAKT_TRY(visit(filter, [&](const Contact& contact) {
        cells[{contact.device, contact.company}] += contact;
    }));
    std::vector<MatrixCell> sorted;
    sorted.reserve(cells.size());
    for (const auto& [place, totals] : cells) {
        sorted.push_back({place.first, place.second, totals});
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const MatrixCell& a, const MatrixCell& b) {
        return std::pair(a.totals.leaked, a.totals.prevented) >
               std::pair(b.totals.leaked, b.totals.prevented);
    });
    return sorted;
}

Result<std::vector<PurposeCell>> StoredReports::purposes(const Filter& filter) const {
    std::map<std::pair<trackers::CompanyId, trackers::Purpose>, Totals> cells;
    SPORVAKT_TRY(visit(filter, [&](const Contact& contact) {
        cells[{contact.company, contact.purpose}] += contact;
    }));
    std::vector<PurposeCell> sorted;
    sorted.reserve(cells.size());
    for (const auto& [place, totals] : cells) {
        sorted.push_back({place.first, place.second, totals});
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const PurposeCell& a, const PurposeCell& b) {
        return a.totals.leaked + a.totals.prevented > b.totals.leaked + b.totals.prevented;
    });
    return sorted;
}

Result<std::vector<ListCell>> StoredReports::lists(const Filter& filter) const {
    std::map<std::string, Totals, std::less<>> cells;
    SPORVAKT_TRY(visit(filter, [&](const Contact& contact) {
        if (!contact.list.empty()) {
            cells[contact.list] += contact;
        }
    }));
    std::vector<ListCell> sorted;
    sorted.reserve(cells.size());
    for (const auto& [list, totals] : cells) {
        sorted.push_back({list, totals});
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const ListCell& a, const ListCell& b) {
        return a.totals.leaked + a.totals.prevented > b.totals.leaked + b.totals.prevented;
    });
    return sorted;
}

Result<std::vector<SeriesPoint>> StoredReports::series(const Filter& filter,
                                                       std::chrono::minutes step) const {
    if (step < kSlotLength || step % kSlotLength != std::chrono::minutes(0)) {
        return fail(Errc::InvalidInput, "a step must be ten minutes or a multiple of them");
    }
    const Timestamp::duration length = step;
    const auto span = std::max(filter.to - filter.from, Timestamp::duration(0));
    const auto count = static_cast<std::size_t>((span + length - Timestamp::duration(1)) / length);
    if (count > kSeriesPointsMax) {
        return fail(Errc::InvalidInput, "too many steps; ask for a shorter time or longer steps");
    }
    std::vector<SeriesPoint> points(count);
    for (std::size_t i = 0; i < count; ++i) {
        points[i].start = filter.from + length * static_cast<std::int64_t>(i);
    }
    SPORVAKT_TRY(visit(filter, [&](const Contact& contact) {
        const auto place = static_cast<std::size_t>((contact.first - filter.from) / length);
        points.at(place).totals += contact;
    }));
    return points;
}

Result<ContactPage> StoredReports::contacts(const Filter& filter, const std::string& cursor,
                                            std::size_t limit) const {
    if (limit == 0 || limit > kPageMax) {
        return fail(Errc::InvalidInput, "a page has 1 to 500 contacts");
    }
    PageBuilder page(limit);
    Hour end = hours_between(filter.from, filter.to).to;
    if (!cursor.empty()) {
        const std::optional<PagePlace> after = PagePlace::from_text(cursor);
        if (!after) {
            return fail(Errc::InvalidInput, "the cursor is not one that was given out");
        }
        end = std::min(end, hour_of(after->first) + std::chrono::hours(1));
        page.begin_after(*after);
    }
    const RowScan scan = SPORVAKT_TRY(RowScan::begin(*environment_, live_));
    std::optional<Hour> hour = SPORVAKT_TRY(scan.newest_hour_before(end));
    while (hour && *hour >= hours_between(filter.from, filter.to).from && !page.is_full()) {
        SPORVAKT_TRY(scan.visit({*hour, *hour + std::chrono::hours(1)}, filter,
                                [&](const Row& row) { page.add(row, filter); }));
        hour = SPORVAKT_TRY(scan.newest_hour_before(*hour));
    }
    return page.finish();
}

}  // namespace sporvakt::ledger
