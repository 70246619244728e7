#pragma once

#include "core/base/ip_address.h"
#include "core/devices/device_id.h"

namespace sporvakt::devices {

/// Whose address is this?  Implementations are thread-safe and answer from memory.
class DeviceFinder {
public:
    DeviceFinder() = default;
    DeviceFinder(const DeviceFinder&) = delete;
    DeviceFinder& operator=(const DeviceFinder&) = delete;
    DeviceFinder(DeviceFinder&&) = delete;
    DeviceFinder& operator=(DeviceFinder&&) = delete;
    virtual ~DeviceFinder() = default;

    /// The device that uses the address now; the address itself when nobody is known to.
    [[nodiscard]] virtual DeviceId device_at(const IpAddress& address) const = 0;
};

}  // namespace sporvakt::devices
