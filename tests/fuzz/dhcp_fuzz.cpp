#include "capture/devices/dhcp_message.h"
#include "core/devices/device_name.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

/// What goes on to the keeper is safe to show: cleaning it again changes nothing.
void require_clean(const std::string& name) {
    if (sporvakt::devices::clean_name(name) != name) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (const auto message = sporvakt::capture::parse_dhcp({data, size})) {
        require_clean(message->host_name);
        require_clean(message->vendor_class);
    }
    if (const auto name = sporvakt::capture::parse_dhcp6_host_name({data, size}); name && *name) {
        require_clean(**name);
        if ((*name)->empty()) {
            std::abort();  // nothing is said by std::nullopt
        }
    }
    return 0;
}
