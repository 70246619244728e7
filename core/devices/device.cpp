#include "core/devices/device.h"

namespace sporvakt::devices {

std::string Device::display_name() const {
    for (const std::string* name : {&given_name, &announced_name, &host_name}) {
        if (!name->empty()) {
            return *name;
        }
    }
    const auto address = id.address();
    if (address && address->is_loopback()) {
        return "This computer";
    }
    return vendor.empty() ? id.text() : vendor + " " + id.text();
}

bool Device::has_randomised_address() const {
    const auto mac = id.mac();
    return mac && mac->is_local();
}

}  // namespace sporvakt::devices
