#pragma once

#include "core/base/ip_address.h"
#include "core/devices/device_id.h"

#include <cstddef>
#include <list>
#include <map>
#include <tuple>
#include <utility>

namespace sporvakt::capture {

/// Something kept of each device about an address out there.  Bounded: when one more does not fit,
/// what was longest unused gives way; of the same device, if it has its share, so that one that
/// fills the table takes from itself.  Every call costs the logarithm of the number kept, whatever
/// was asked before.  Not thread-safe.
template <class Value>
class AddressMemory {
public:
    struct Limits {
        std::size_t count_max = 0;
        std::size_t share_max = 0;  ///< Of one device.
    };

    explicit AddressMemory(Limits limits) : limits_(limits) {}

    /// Null when nothing is kept.  Counts as a use.  Valid until the next at() or forget.
    Value* find(const devices::DeviceId& device, const IpAddress& address) {
        const auto known = entries_.find({device, address});
        return known == entries_.end() ? nullptr : &used(known->second).value;
    }

    /// What is kept, else a new one.  Counts as a use.
    Value& at(const devices::DeviceId& device, const IpAddress& address) {
        if (Value* known = find(device, address)) {
            return *known;
        }
        make_room(device);
        const auto place = entries_.try_emplace({device, address}).first;
        auto& own_uses = shares_[device];
        Entry& entry = place->second;
        entry.key = &place->first;
        entry.use = uses_.insert(uses_.begin(), &entry);
        entry.own_use = own_uses.insert(own_uses.begin(), &entry);
        return entry.value;
    }

    /// The one longest unused, of all or of the device; there must be one.
    void forget_oldest() { forget(*uses_.back()); }
    void forget_oldest(const devices::DeviceId& device) { forget(*shares_.at(device).back()); }

    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::size_t count_of(const devices::DeviceId& device) const {
        const auto share = shares_.find(device);
        return share == shares_.end() ? 0 : share->second.size();
    }

private:
    struct Key {
        devices::DeviceId device;
        IpAddress address;

        friend bool operator<(const Key& left, const Key& right) {
            return std::tie(left.device, left.address) < std::tie(right.device, right.address);
        }
    };
    struct Entry {
        const Key* key = nullptr;
        Value value{};
        typename std::list<Entry*>::iterator use;
        typename std::list<Entry*>::iterator own_use;
    };

    Entry& used(Entry& entry) {
        uses_.splice(uses_.begin(), uses_, entry.use);
        auto& own_uses = shares_.find(entry.key->device)->second;
        own_uses.splice(own_uses.begin(), own_uses, entry.own_use);
        return entry;
    }

    void make_room(const devices::DeviceId& device) {
        if (count_of(device) >= limits_.share_max) {
            forget_oldest(device);
        } else if (size() >= limits_.count_max) {
            forget_oldest();
        }
    }

    void forget(const Entry& entry) {
        const auto share = shares_.find(entry.key->device);
        share->second.erase(entry.own_use);
        if (share->second.empty()) {
            shares_.erase(share);
        }
        uses_.erase(entry.use);
        entries_.erase(entries_.find(*entry.key));
    }

    Limits limits_;
    std::map<Key, Entry> entries_;
    std::list<Entry*> uses_;                                 ///< Latest first.
    std::map<devices::DeviceId, std::list<Entry*>> shares_;  ///< Each device's, latest first.
};

}  // namespace sporvakt::capture
