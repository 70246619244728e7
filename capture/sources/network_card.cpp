#include "capture/sources/network_card.h"

#include "core/base/file_descriptor.h"

#include <array>
#include <cstring>
#include <fstream>
#include <memory>

#include <ifaddrs.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
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

bool is_switched_on(const std::string& path) {
    std::ifstream file(path);
    char value = '0';
    return file.get(value) && value != '0';
}

struct FreeAddresses {
    void operator()(ifaddrs* first) const { ::freeifaddrs(first); }
};

bool is_lasting_address(const sockaddr* address) {
    if (address == nullptr || address->sa_family == AF_INET) {
        return address != nullptr;
    }
    sockaddr_in6 v6{};
    if (address->sa_family != AF_INET6) {
        return false;
    }
    std::memcpy(&v6, address, sizeof(v6));
    return !IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr);
}

bool has_lasting_address(const std::string& name) {
    ifaddrs* raw = nullptr;
    if (::getifaddrs(&raw) != 0) {
        return false;
    }
    const std::unique_ptr<ifaddrs, FreeAddresses> first(raw);
    for (const ifaddrs* at = first.get(); at != nullptr; at = at->ifa_next) {
        if (name == at->ifa_name && is_lasting_address(at->ifa_addr)) {
            return true;
        }
    }
    return false;
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
    const auto ask = [&](unsigned what) {
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

bool is_gateway_card(const std::string& name) {
    const bool forwards = is_switched_on("/proc/sys/net/ipv4/conf/" + name + "/forwarding") ||
                          is_switched_on("/proc/sys/net/ipv6/conf/" + name + "/forwarding");
    return forwards && has_lasting_address(name);
}

}  // namespace sporvakt::capture
