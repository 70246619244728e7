#include "capture/devices/ssdp_message.h"
#include "core/devices/device_name.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto announcement = sporvakt::capture::parse_ssdp({data, size});
    if (!announcement) {
        return 0;
    }
    // What goes on to the keeper is safe to show: cleaning it again changes nothing.
    for (const auto* words : {&announcement->product, &announcement->type}) {
        if (sporvakt::devices::clean_name(*words) != *words) {
            std::abort();
        }
    }
    return 0;
}
