#include "capture/attribution/recent_contacts.h"

#include "core/ledger/slot.h"

#include <chrono>
#include <functional>

namespace sporvakt::capture {
namespace {

std::uint64_t hash_of(const devices::DeviceId& device, std::string_view name) {
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;  // 2^64 by the golden ratio
    return std::hash<devices::DeviceId>{}(device)*kOdd + std::hash<std::string_view>{}(name);
}

}  // namespace

const RecentContacts::Slot* RecentContacts::find(const devices::DeviceId& device,
                                                 std::string_view name) const {
    const std::uint64_t hash = hash_of(device, name);
    const Slot& slot = slots_[hash % kSlots];
    return slot.way != Way::None && slot.hash == hash ? &slot : nullptr;
}

void RecentContacts::met(const devices::DeviceId& device, std::string_view name, Timestamp at) {
    const std::uint64_t hash = hash_of(device, name);
    slots_[hash % kSlots] = {hash, at, at + std::chrono::minutes(1), Way::OwnFlow};
}

void RecentContacts::rode(const devices::DeviceId& device, std::string_view name, Timestamp at,
                          Timestamp until) {
    const std::uint64_t hash = hash_of(device, name);
    slots_[hash % kSlots] = {hash, at, until, Way::Ridden};
}

bool RecentContacts::is_counted(const devices::DeviceId& device, std::string_view name,
                                Timestamp at) const {
    const Slot* slot = find(device, name);
    return slot != nullptr &&
           (ledger::is_same_slot(slot->at, at) || (slot->at <= at && at <= slot->until));
}

std::optional<Timestamp> RecentContacts::ride_before(const devices::DeviceId& device,
                                                     std::string_view name, Timestamp at) const {
    const Slot* slot = find(device, name);
    const bool is_same_contact = slot != nullptr && slot->way == Way::Ridden && slot->at <= at &&
                                 (at <= slot->until || ledger::is_same_slot(slot->at, at));
    return is_same_contact ? std::optional(slot->at) : std::nullopt;
}

}  // namespace sporvakt::capture
