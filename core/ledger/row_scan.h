#pragma once

#include "core/base/result.h"
#include "core/ledger/day_row.h"
#include "core/ledger/live_rows.h"
#include "core/ledger/reports.h"
#include "core/ledger/row.h"
#include "core/store/environment.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace sporvakt::ledger {

/// The ledger as it is at one moment: the rows of the database, with those over them that were
/// changed since.  Short-lived; not thread-safe.
class RowScan {
public:
    /// Hours with `from` <= hour < `to`.
    struct Hours {
        Hour from;
        Hour to;
    };
    using Visitor = std::function<void(const Row&)>;
    using DayVisitor = std::function<void(const DayRow&)>;

    /// Also forgets those live rows that the database has caught up with.
    static Result<RowScan> begin(store::Environment& environment, LiveRows& live);

    /// Shows the rows whose device, company, outcome and name the filter wants, in key order.  The
    /// filter's times and purpose are the visitor's to look at.
    [[nodiscard]] Result<void> visit(const Hours& hours, const Filter& filter,
                                     const Visitor& visitor) const;

    /// The same for the rows of all days that have some of these hours.
    [[nodiscard]] Result<void> visit_days(const Hours& hours, const Filter& filter,
                                          const DayVisitor& visitor) const;

    /// The newest hour before this one that has any row.
    [[nodiscard]] Result<std::optional<Hour>> newest_hour_before(Hour end) const;

    /// The newest day that begins before this hour and has any row of its own.
    [[nodiscard]] Result<std::optional<Hour>> newest_day_before(Hour end) const;

private:
    /// A live row beside its key in bytes, in which both sources are ordered.
    using Fresh = std::pair<std::vector<std::uint8_t>, std::shared_ptr<const Row>>;

    [[nodiscard]] Result<std::optional<Hour>> newest_stored(store::Table table, Hour end) const;

    RowScan(const store::Environment& environment, store::ReadTransaction transaction)
        : environment_(&environment), transaction_(std::move(transaction)) {}

    const store::Environment* environment_;
    store::ReadTransaction transaction_;
    std::vector<Fresh> fresh_;
};

/// The hours that contacts between these times lie in; none when `to` is not after `from`.
RowScan::Hours hours_between(Timestamp from, Timestamp to);

}  // namespace sporvakt::ledger
