#include "capture/devices/mdns_message.h"
#include "core/devices/device_name.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto announcement = sporvakt::capture::parse_mdns({data, size});
    if (!announcement) {
        return 0;
    }
    // What goes on to the keeper is safe to show: cleaning it again changes nothing.
    std::vector<std::string> words = announcement->services;
    words.insert(words.end(), {announcement->name, announcement->model});
    for (const std::string& word : words) {
        if (sporvakt::devices::clean_name(word) != word) {
            std::abort();
        }
    }
    if (announcement->services.size() > sporvakt::capture::kMdnsServiceCountMax) {
        std::abort();
    }
    if (announcement->addresses.size() > sporvakt::capture::kMdnsRecordCountMax) {
        std::abort();
    }
    return 0;
}
