#pragma once

#include "core/ledger/live_rows.h"
#include "core/ledger/reports.h"
#include "core/store/environment.h"

#include <memory>

namespace sporvakt::ledger {

/// Reports over ledger.mdb and, laid over it, the rows that are not committed yet.  Each call reads
/// in one short transaction.  Thread-safe.
class StoredReports final : public Reports {
public:
    /// The environment comes from open_ledger_file, for reading or writing.  `live` outlives this;
    /// without a keeper that feeds it, it stays empty.
    StoredReports(std::shared_ptr<store::Environment> environment, LiveRows& live);

    [[nodiscard]] Result<Totals> totals(const Filter& filter) const override;
    [[nodiscard]] Result<std::vector<MatrixCell>> matrix(const Filter& filter) const override;
    [[nodiscard]] Result<std::vector<PurposeCell>> purposes(const Filter& filter) const override;
    [[nodiscard]] Result<std::vector<ListCell>> lists(const Filter& filter) const override;
    [[nodiscard]] Result<Series> series(const Filter& filter,
                                        std::chrono::minutes step) const override;
    [[nodiscard]] Result<ContactPage> contacts(const Filter& filter, const std::string& cursor,
                                               std::size_t limit) const override;

private:
    template <class Visitor>
    Result<void> visit(const Filter& filter, const Visitor& visitor) const;

    std::shared_ptr<store::Environment> environment_;
    LiveRows& live_;
};

}  // namespace sporvakt::ledger
