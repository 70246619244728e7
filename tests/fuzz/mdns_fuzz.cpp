#include "capture/mdns_message.h"
#include "core/devices/device_name.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto announcement = sporvakt::capture::parse_mdns({data, size});
    if (!announcement) {
        return 0;
    }
    // What goes on to the keeper is safe to show: cleaning it again changes nothing.
    if (sporvakt::devices::clean_name(announcement->name) != announcement->name) {
        std::abort();
    }
    if (announcement->addresses.size() > sporvakt::capture::kMdnsRecordCountMax) {
        std::abort();
    }
    return 0;
}
