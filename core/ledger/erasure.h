#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/devices/device_id.h"
#include "core/store/environment.h"

#include <optional>

namespace sporvakt::ledger {

/// Which contacts somebody wants to be gone.  Times are widened to whole hours, and to
/// whole days of UTC where only their sums are kept; without one, there is no limit on that side,
/// and without a device all are meant.
struct Erasure {
    std::optional<devices::DeviceId> device;
    std::optional<Timestamp> from;
    std::optional<Timestamp> to;  ///< Not included.

    friend bool operator==(const Erasure&, const Erasure&) = default;
};

/// Whether a contact that began then is one of them.
bool covers(const Erasure& erasure, const devices::DeviceId& device, Timestamp first);

/// Takes their rows out of ledger.mdb, and hours that are empty then.  The bytes stay until
/// Environment::overwrite_erased().
Result<void> erase_stored(const store::Environment& environment,
                          store::WriteTransaction& transaction, const Erasure& erasure);

}  // namespace sporvakt::ledger
