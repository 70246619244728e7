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

constexpr std::chrono::minutes kDay = std::chrono::days(1);

/// Shows the slots of a row that the filter wants, as contacts.
template <class Visitor>
void visit_contacts(const Row& row, const Filter& filter, const Visitor& visitor) {
    for (std::size_t i = 0; i < kSlotsPerHour; ++i) {
        if (row.slots.at(i) && matches(filter, *row.slots.at(i))) {
            visitor(row.contact(i));
        }
    }
}

template <class Visitor>
void visit_contacts(const DayRow& row, const Filter& filter, const Visitor& visitor) {
    for (std::size_t i = 0; i < row.parts.size(); ++i) {
        if (matches(filter, row.parts[i])) {
            visitor(row.contact(i));
        }
    }
}

/// Shows the newest rows that are not on the page yet, those of one hour or, where a day has rows
/// of its own, of that day: what begins in it may lie before and after the rest of its hours.
Result<std::optional<Hour>> add_newest(const RowScan& scan, const Filter& filter, Hour end,
                                       PageBuilder& page) {
    const auto hour = SPORVAKT_TRY(scan.newest_hour_before(end));
    const auto day = SPORVAKT_TRY(scan.newest_day_before(end));
    const bool is_day = day && (!hour || *hour < *day + std::chrono::days(1));
    if (!is_day && !hour) {
        return std::nullopt;
    }
    const Hour from = is_day ? *day : *hour;
    const RowScan::Hours hours{
        from, is_day ? std::min(end, from + std::chrono::days(1)) : from + std::chrono::hours(1)};
    SPORVAKT_TRY(scan.visit(hours, filter, [&](const Row& row) { page.add(row, filter); }));
    if (is_day) {
        SPORVAKT_TRY(
            scan.visit_days(hours, filter, [&](const DayRow& row) { page.add(row, filter); }));
    }
    return from;
}

/// What a series adds up, step by step.
class Steps {
public:
    Steps(const Filter& filter, Timestamp::duration length, std::size_t count)
        : begin_(filter.from), length_(length) {
        series_.points.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            series_.points[i].start = begin_ + length_ * static_cast<std::int64_t>(i);
        }
    }

    void add(const Contact& contact) {
        const auto place = static_cast<std::size_t>((contact.first - begin_) / length_);
        series_.points.at(place).totals += contact;
    }
    void add_day(const Contact& contact) {
        if (length_ % kDay == Timestamp::duration(0)) {
            add(contact);
        } else {
            series_.undated += contact;
        }
    }
    Series take() { return std::move(series_); }

private:
    Timestamp begin_;
    Timestamp::duration length_;
    Series series_;
};

}  // namespace

StoredReports::StoredReports(std::shared_ptr<store::Environment> environment, LiveRows& live)
    : environment_(std::move(environment)), live_(live) {}

template <class Visitor>
Result<void> StoredReports::visit(const Filter& filter, const Visitor& visitor) const {
    const RowScan scan = SPORVAKT_TRY(RowScan::begin(*environment_, live_));
    const RowScan::Hours hours = hours_between(filter.from, filter.to);
    SPORVAKT_TRY(scan.visit_days(hours, filter,
                                 [&](const DayRow& row) { visit_contacts(row, filter, visitor); }));
    return scan.visit(hours, filter, [&](const Row& row) { visit_contacts(row, filter, visitor); });
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

Result<Series> StoredReports::series(const Filter& filter, std::chrono::minutes step) const {
    if (step < kSlotLength || step % kSlotLength != std::chrono::minutes(0)) {
        return fail(Errc::InvalidInput, "a step must be ten minutes or a multiple of them");
    }
    const Timestamp::duration length = step;
    const auto span = std::max(filter.to - filter.from, Timestamp::duration(0));
    const auto count = static_cast<std::size_t>((span + length - Timestamp::duration(1)) / length);
    if (count > kSeriesPointsMax) {
        return fail(Errc::InvalidInput, "too many steps; ask for a shorter time or longer steps");
    }
    Steps steps(filter, length, count);
    const RowScan::Hours hours = hours_between(filter.from, filter.to);
    const RowScan scan = SPORVAKT_TRY(RowScan::begin(*environment_, live_));
    SPORVAKT_TRY(scan.visit(hours, filter, [&](const Row& row) {
        visit_contacts(row, filter, [&](const Contact& contact) { steps.add(contact); });
    }));
    SPORVAKT_TRY(scan.visit_days(hours, filter, [&](const DayRow& row) {
        visit_contacts(row, filter, [&](const Contact& contact) { steps.add_day(contact); });
    }));
    return steps.take();
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
    const Hour first = hours_between(filter.from, filter.to).from;
    while (end > first && !page.is_full()) {
        const auto shown = SPORVAKT_TRY(add_newest(scan, filter, end, page));
        if (!shown) {
            break;
        }
        end = *shown;
    }
    return page.finish();
}

}  // namespace sporvakt::ledger
