#pragma once

#include "core/base/byte_reader.h"
#include "core/ledger/reports.h"
#include "core/ledger/row.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace sporvakt::ledger {

/// A row that changed, and which of its slots did.
struct ChangedRow {
    Row row;
    std::uint8_t slots = 0;  ///< A bit each.

    friend bool operator==(const ChangedRow&, const ChangedRow&) = default;
};

enum class RowsMeaning : std::uint8_t {
    More,  ///< Besides what was said before.
    All,   ///< Forget what was said before.
};

struct ChangedRows {
    RowsMeaning meaning = RowsMeaning::More;
    std::vector<ChangedRow> rows;
};

/// Messages of at most kBatchBytesMax each; none for no more rows.
std::vector<std::vector<std::uint8_t>> encode(const std::vector<ChangedRow>& rows,
                                              RowsMeaning meaning);
Parsed<ChangedRows> parse_changed_rows(Bytes message);

/// Rows that the keeper has counted and not yet committed, so that a reader in another process is
/// up to date within a second although the disk is written every half minute.  Thread-safe.
class LiveRows {
public:
    /// More rows than the keeper keeps pending.
    static constexpr std::size_t kRowCountMax = 40'000;

    /// Takes over a message of Ledger::take_changes() or pending_changes(); gives the contacts that
    /// changed, oldest first, for a live page.  Repeated and old rows do no harm.
    Parsed<std::vector<Contact>> apply(Bytes message);

    /// All rows, in the order of their keys.
    [[nodiscard]] std::vector<std::shared_ptr<const Row>> rows() const;

    /// The database has every change up to this rev.
    void forget_up_to(std::uint64_t rev);

    [[nodiscard]] std::size_t size() const;

private:
    mutable std::mutex mutex_;
    std::map<RowKey, std::shared_ptr<const Row>> rows_;
};

}  // namespace sporvakt::ledger
