#include "dns/serving/client.h"

#include <cstring>

#include <netinet/in.h>

namespace sporvakt::dns {

Parsed<IpAddress> address_of(const sockaddr_storage& address) {
    if (address.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof(v4));
        std::array<std::uint8_t, sizeof(v4.sin_addr)> bytes{};
        std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
        return IpAddress::from_bytes(bytes);
    }
    if (address.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof(v6));
        std::array<std::uint8_t, sizeof(v6.sin6_addr)> bytes{};
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return IpAddress::from_bytes(bytes);
    }
    return tl::unexpected(ParseError::Malformed);
}

}  // namespace sporvakt::dns
