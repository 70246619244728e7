#include "tests/support/memory_reports.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>

namespace sporvakt::test {
namespace {

void count_in(ledger::Totals& totals, const ledger::Contact& contact) {
    const bool is_leaked = contact.outcome == ledger::Outcome::Leaked;
    (is_leaked ? totals.leaked : totals.prevented) += contact.contacts;
    (is_leaked ? totals.leaked_flows : totals.prevented_attempts) += contact.attempts;
    totals.bytes_up += contact.bytes_up;
    totals.bytes_down += contact.bytes_down;
    totals.last = std::max(totals.last, contact.last);
}

}  // namespace

Result<void> MemoryReports::check() const {
    if (throws_) {
        throw std::runtime_error("made to throw");
    }
    if (!failure_.empty()) {
        return fail(Errc::Storage, failure_);
    }
    return {};
}

Result<ledger::Totals> MemoryReports::totals(const ledger::Filter& filter) const {
    SPORVAKT_TRY(check());
    ledger::Totals totals;
    for (const auto& contact : contacts_) {
        if (matches(filter, contact)) {
            count_in(totals, contact);
        }
    }
    return totals;
}

Result<std::vector<ledger::MatrixCell>> MemoryReports::matrix(const ledger::Filter& filter) const {
    SPORVAKT_TRY(check());
    std::map<std::pair<devices::DeviceId, trackers::CompanyId>, ledger::Totals> sums;
    for (const auto& contact : contacts_) {
        if (matches(filter, contact)) {
            count_in(sums[{contact.device, contact.company}], contact);
        }
    }
    std::vector<ledger::MatrixCell> cells;
    for (const auto& [key, totals] : sums) {
        cells.push_back({key.first, key.second, totals});
    }
    std::stable_sort(cells.begin(), cells.end(), [](const auto& left, const auto& right) {
        return left.totals.leaked > right.totals.leaked;
    });
    return cells;
}

Result<std::vector<ledger::PurposeCell>> MemoryReports::purposes(
    const ledger::Filter& filter) const {
    SPORVAKT_TRY(check());
    std::map<std::pair<trackers::CompanyId, trackers::Purpose>, ledger::Totals> sums;
    for (const auto& contact : contacts_) {
        if (matches(filter, contact)) {
            count_in(sums[{contact.company, contact.purpose}], contact);
        }
    }
    std::vector<ledger::PurposeCell> cells;
    for (const auto& [key, totals] : sums) {
        cells.push_back({key.first, key.second, totals});
    }
    std::stable_sort(cells.begin(), cells.end(), [](const auto& left, const auto& right) {
        return left.totals.leaked + left.totals.prevented >
               right.totals.leaked + right.totals.prevented;
    });
    return cells;
}

Result<std::vector<ledger::ListCell>> MemoryReports::lists(const ledger::Filter& filter) const {
    SPORVAKT_TRY(check());
    std::map<std::string, ledger::Totals> sums;
    for (const auto& contact : contacts_) {
        if (matches(filter, contact) && !contact.list.empty()) {
            count_in(sums[contact.list], contact);
        }
    }
    std::vector<ledger::ListCell> cells;
    for (const auto& [list, totals] : sums) {
        cells.push_back({list, totals});
    }
    return cells;
}

Result<ledger::Series> MemoryReports::series(const ledger::Filter& filter,
                                             std::chrono::minutes step) const {
    SPORVAKT_TRY(check());
    ledger::Series series;
    for (Timestamp start = filter.from; start < filter.to; start += step) {
        ledger::Filter part = filter;
        part.from = start;
        part.to = std::min<Timestamp>(start + step, filter.to);
        series.points.push_back({start, *totals(part)});
    }
    return series;
}

Result<ledger::ContactPage> MemoryReports::contacts(const ledger::Filter& filter,
                                                    const std::string& cursor,
                                                    std::size_t limit) const {
    SPORVAKT_TRY(check());
    std::size_t given = 0;
    const char* const end = cursor.data() + cursor.size();
    if (!cursor.empty() && std::from_chars(cursor.data(), end, given).ptr != end) {
        return fail(Errc::InvalidInput, "That is not a cursor of ours.");
    }
    ledger::ContactPage page;
    std::size_t seen = 0;
    for (auto contact = contacts_.rbegin(); contact != contacts_.rend(); ++contact) {
        if (!matches(filter, *contact) || ++seen <= given) {
            continue;
        }
        if (page.contacts.size() == limit) {
            page.next = std::to_string(given + limit);
            break;
        }
        page.contacts.push_back(*contact);
    }
    return page;
}

}  // namespace sporvakt::test
