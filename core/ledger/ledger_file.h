#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/environment.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::ledger {

// The tables of ledger.mdb: docs/storage-format.md.

constexpr std::string_view kContactsTable = "contacts";           ///< RowKey -> Row
constexpr std::string_view kDaysTable = "days";                   ///< RowKey -> DayRow
constexpr std::string_view kChangedHoursTable = "changed_hours";  ///< Hour -> rev
constexpr std::string_view kMetaTable = "meta";                   ///< format, rev, senders

/// Opens ledger.mdb; ReadWrite creates it.  One opening per process, shared by the Ledger and the
/// StoredReports of that process.  Fails when a newer version wrote the file.
Result<std::shared_ptr<store::Environment>> open_ledger_file(const std::string& path,
                                                             store::Access access);

/// The rev of the newest change that the database holds: every change up to it is there.
Result<std::uint64_t> committed_rev(const store::Environment& environment,
                                    const store::ReadTransaction& transaction);
Result<void> set_committed_rev(const store::Environment& environment,
                               store::WriteTransaction& transaction, std::uint64_t rev);

/// How far the database has come with one sender's batches.
struct StoredSender {
    std::uint64_t id = 0;
    std::uint64_t committed = 0;
    Timestamp heard;

    friend bool operator==(const StoredSender&, const StoredSender&) = default;
};

Result<std::vector<StoredSender>> stored_senders(const store::Environment& environment,
                                                 const store::ReadTransaction& transaction);
/// These and no others.
Result<void> set_stored_senders(const store::Environment& environment,
                                store::WriteTransaction& transaction,
                                const std::vector<StoredSender>& senders);

/// The error for an entry that none of our versions wrote.
tl::unexpected<Error> damaged_ledger(const store::Environment& environment);

}  // namespace sporvakt::ledger
