#pragma once

#include "core/base/ip_address.h"
#include "core/devices/device.h"

#include <optional>
#include <unordered_map>
#include <vector>

namespace sporvakt::devices {

/// All devices of the household at one moment.  An immutable value, shared by Snapshot: const
/// members may be called from any thread.
class DeviceTable {
public:
    DeviceTable() = default;
    explicit DeviceTable(std::vector<Device> devices);

    /// Whose address this is: the device that used it last; the address itself when nobody did.
    [[nodiscard]] DeviceId owner_of(const IpAddress& address) const;

    /// Null when unknown.  Lives as long as the table.
    [[nodiscard]] const Device* find(const DeviceId& id) const;

    [[nodiscard]] const std::vector<Device>& devices() const { return devices_; }

private:
    std::vector<Device> devices_;
    std::unordered_map<IpAddress, std::size_t> by_address_;
    std::unordered_map<DeviceId, std::size_t> by_id_;
};

}  // namespace sporvakt::devices
