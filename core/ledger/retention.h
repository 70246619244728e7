#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/environment.h"

#include <chrono>
#include <cstddef>

namespace sporvakt::ledger {

/// How long contacts are kept, and from when on only as the sums of days.
struct Retention {
    std::chrono::hours detailed{24 * 14};  ///< Hour by hour.
    /// As rows of days (core/ledger/day_row.h), counted from the contact.  Not longer than
    /// `detailed`: not at all.
    std::chrono::hours summed{24 * 365};
    /// Of both; more makes the oldest go earlier, rather than fill the disk: days before hours.
    std::size_t bytes_max = std::size_t{160} << 20U;
    /// What one transaction looks at, so that the keeper's other work waits no longer.
    std::size_t rows_per_step = 2000;
};

/// Whether tidy_stored() would find anything to do.
Result<bool> is_tidying_due(const store::Environment& environment,
                            const store::ReadTransaction& transaction, const Retention& retention,
                            Timestamp now);

/// One step: adds rows that are too old to their days' and takes them out, in the same transaction,
/// so that a contact is always in one of both; forgets what is older still, and what there is no
/// room for.  Goes on where it stopped when it is called again.
Result<void> tidy_stored(const store::Environment& environment,
                         store::WriteTransaction& transaction, const Retention& retention,
                         Timestamp now);

}  // namespace sporvakt::ledger
