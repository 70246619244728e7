#include "firmware/own_addresses.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <ifaddrs.h>
#include <netinet/in.h>

namespace sporvakt::firmware {
namespace {

struct InterfacesDeleter {
    void operator()(ifaddrs* first) const { freeifaddrs(first); }
};

std::optional<IpAddress> address_of(const sockaddr* socket_address) {
    if (socket_address == nullptr) {
        return std::nullopt;
    }
    std::array<std::uint8_t, 16> bytes{};
    std::size_t length = 0;
    if (socket_address->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, socket_address, sizeof(v4));
        length = sizeof(v4.sin_addr);
        std::memcpy(bytes.data(), &v4.sin_addr, length);
    } else if (socket_address->sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, socket_address, sizeof(v6));
        length = sizeof(v6.sin6_addr);
        std::memcpy(bytes.data(), &v6.sin6_addr, length);
    }
    const auto address = IpAddress::from_bytes(Bytes(bytes).first(length));
    return address ? std::optional(*address) : std::nullopt;
}

/// Needs the name of an interface behind it, which an answer of the DNS cannot hold.
bool is_link_local(const IpAddress& address) {
    return address.family() == IpFamily::V6 && address.bytes()[0] == 0xfe &&
           (address.bytes()[1] & 0xc0U) == 0x80;
}

unsigned bits_set(const IpAddress& mask) {
    unsigned count = 0;
    for (const std::uint8_t byte : mask.bytes()) {
        count += static_cast<unsigned>(std::popcount(byte));
    }
    return count;
}

struct InterfaceAddress {
    std::string interface;
    IpAddress address;
    unsigned prefix_length = 0;
};

/// Of all cards, but those of one link alone.
std::vector<InterfaceAddress> interface_addresses() {
    ifaddrs* raw = nullptr;
    if (getifaddrs(&raw) != 0) {
        return {};
    }
    const std::unique_ptr<ifaddrs, InterfacesDeleter> first(raw);
    std::vector<InterfaceAddress> all;
    for (const ifaddrs* at = first.get(); at != nullptr; at = at->ifa_next) {
        const auto address = address_of(at->ifa_addr);
        const auto mask = address_of(at->ifa_netmask);
        if (address && !is_link_local(*address)) {
            all.push_back({at->ifa_name, *address, mask ? bits_set(*mask) : 0});
        }
    }
    return all;
}

std::vector<IpAddress> house_addresses(IpFamily family) {
    std::vector<IpAddress> all;
    for (const InterfaceAddress& one : interface_addresses()) {
        if (one.address.family() == family) {
            all.push_back(one.address);
        }
    }
    // A router has an address of its provider's network too; the house uses the one inside.
    const bool has_private = std::any_of(
        all.begin(), all.end(), [](const IpAddress& address) { return address.is_private(); });
    std::vector<IpAddress> inside;
    std::copy_if(all.begin(), all.end(), std::back_inserter(inside),
                 [&](const IpAddress& address) { return !has_private || address.is_private(); });
    return inside;
}

}  // namespace

std::vector<IpAddress> own_addresses(const std::vector<Endpoint>& listen) {
    std::vector<IpAddress> own;
    const auto add = [&own](const IpAddress& address) {
        if (std::find(own.begin(), own.end(), address) == own.end()) {
            own.push_back(address);
        }
    };
    for (const Endpoint& endpoint : listen) {
        if (!endpoint.address.is_unspecified()) {
            add(endpoint.address);
            continue;
        }
        for (const IpAddress& address : house_addresses(endpoint.address.family())) {
            add(address);
        }
    }
    const auto outside = std::stable_partition(
        own.begin(), own.end(), [](const IpAddress& address) { return !address.is_loopback(); });
    if (outside != own.begin()) {
        own.erase(outside, own.end());
    }
    own.resize(std::min(own.size(), kOwnAddressesMax));
    return own;
}

std::vector<policy::InterfaceNetwork> interface_networks() {
    std::vector<policy::InterfaceNetwork> networks;
    for (InterfaceAddress& one : interface_addresses()) {
        if (!one.address.is_loopback() && one.prefix_length > 0) {
            networks.push_back(
                {std::move(one.interface), IpPrefix::around(one.address, one.prefix_length)});
        }
    }
    return networks;
}

}  // namespace sporvakt::firmware
