#pragma once

#include "core/base/clock.h"

#include <chrono>
#include <cstddef>

namespace sporvakt::ledger {

/// An hour of UTC, as the ledger's keys count them.
using Hour = std::chrono::sys_time<std::chrono::hours>;

/// The length of a contact: retries within one aligned slot are the same contact.
constexpr std::chrono::minutes kSlotLength{10};
constexpr std::size_t kSlotsPerHour = std::chrono::hours(1) / kSlotLength;
static_assert(kSlotsPerHour == 6);  // stored: rows have six slots

inline Hour hour_of(Timestamp at) {
    return std::chrono::floor<std::chrono::hours>(at);
}

/// Which slot of its hour the time lies in: 0..5.
inline std::size_t slot_in_hour(Timestamp at) {
    return static_cast<std::size_t>((at - hour_of(at)) / kSlotLength);
}

inline bool is_same_slot(Timestamp left, Timestamp right) {
    return hour_of(left) == hour_of(right) && slot_in_hour(left) == slot_in_hour(right);
}

inline Timestamp slot_start(Hour hour, std::size_t slot) {
    return Timestamp(hour) + kSlotLength * static_cast<int>(slot);
}

}  // namespace sporvakt::ledger
