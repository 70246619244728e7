#include "capture/devices/neighbour_message.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace sporvakt;

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

}  // namespace

// As ARP, and as neighbour discovery from a host and from nobody.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, size);
    if (const auto arp = capture::parse_arp(bytes); arp && arp->sender_address) {
        require(arp->sender_address->family() == IpFamily::V4);
    }
    for (const char* source : {"fe80::1", "::"}) {
        const auto parsed = capture::parse_neighbour_message(bytes, *IpAddress::from_text(source));
        if (!parsed || !*parsed) {
            continue;
        }
        const capture::NeighbourMessage& message = **parsed;
        require(message.on_link.size() <= capture::kPrefixCountMax);
        require(!message.address || message.address->family() == IpFamily::V6);
        for (const capture::LinkPrefix& prefix : message.on_link) {
            require(prefix.length <= 128 && prefix.contains(prefix.address));
        }
    }
    return 0;
}
