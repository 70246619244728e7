#include "core/devices/device_table.h"

#include <utility>

namespace sporvakt::devices {

DeviceTable::DeviceTable(std::vector<Device> devices) : devices_(std::move(devices)) {
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        by_id_.emplace(devices_[i].id, i);
        if (!devices_[i].id.mac()) {
            continue;  // named by its address: whoever has the address with a MAC knows better
        }
        for (const IpAddress& address : devices_[i].addresses) {
            const auto [owner, is_first] = by_address_.emplace(address, i);
            // An address that wandered (DHCP gave it to somebody else) belongs to the last user.
            if (!is_first && devices_[owner->second].last_seen < devices_[i].last_seen) {
                owner->second = i;
            }
        }
    }
}

DeviceId DeviceTable::owner_of(const IpAddress& address) const {
    const auto owner = by_address_.find(address);
    return owner == by_address_.end() ? DeviceId(address) : devices_[owner->second].id;
}

const Device* DeviceTable::find(const DeviceId& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &devices_[found->second];
}

}  // namespace sporvakt::devices
