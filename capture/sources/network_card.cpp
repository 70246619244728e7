#include "capture/sources/network_card.h"

#include "core/base/file_descriptor.h"

#include <array>
#include <cstring>

#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace sporvakt::capture {
namespace {

std::optional<MacAddress> mac_of(const ifreq& request) {
    if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER) {
        return std::nullopt;
    }
    std::array<std::uint8_t, MacAddress::kLength> bytes{};
    std::memcpy(bytes.data(), request.ifr_hwaddr.sa_data, bytes.size());
    const MacAddress mac(bytes);
    return mac != MacAddress() ? std::optional(mac) : std::nullopt;
}

}  // namespace

std::optional<NetworkCard> find_card(const std::string& name) {
    // Not from /sys: it may show another network than this process is in.
    const FileDescriptor any(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    if (name.size() >= sizeof(request.ifr_name)) {
        return std::nullopt;
    }
    std::memcpy(request.ifr_name, name.data(), name.size());
    const auto ask = [&](unsigned long what) {
        return ::ioctl(any.get(), what, &request) == 0;  // NOLINT(*-vararg)
    };
    NetworkCard card;
    if (!ask(SIOCGIFINDEX)) {
        return std::nullopt;
    }
    card.index = static_cast<unsigned>(request.ifr_ifindex);
    if (!ask(SIOCGIFFLAGS)) {
        return std::nullopt;  // gone between two questions
    }
    constexpr unsigned kUp = IFF_UP | IFF_RUNNING;
    card.is_up = (static_cast<unsigned>(request.ifr_flags) & kUp) == kUp;
    if (ask(SIOCGIFHWADDR)) {
        card.mac = mac_of(request);
    }
    return card;
}

}  // namespace sporvakt::capture
