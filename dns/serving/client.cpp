#include "dns/serving/client.h"

#include <cstring>

#include <netinet/in.h>

namespace sporvakt::dns {
namespace {

template <class Field>
Parsed<IpAddress> address_from(const Field& field) {
    std::array<std::uint8_t, sizeof(Field)> bytes{};
    std::memcpy(bytes.data(), &field, bytes.size());
    return IpAddress::from_bytes(bytes);
}

// As the kernel told of the datagram (ip(7), RFC 3542 §6.2).
Parsed<IpAddress> destination_of(UdpPeer peer) {
    msghdr header{};
    header.msg_control = peer.control.data();
    header.msg_controllen = peer.control_length;
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
         part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO) {
            in_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(part), sizeof(info));
            return address_from(info.ipi_addr);
        }
        if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(part), sizeof(info));
            return address_from(info.ipi6_addr);
        }
    }
    return tl::unexpected(ParseError::Malformed);
}

}  // namespace

Parsed<IpAddress> address_of(const sockaddr_storage& address) {
    if (address.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof(v4));
        return address_from(v4.sin_addr);
    }
    if (address.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof(v6));
        return address_from(v6.sin6_addr);
    }
    return tl::unexpected(ParseError::Malformed);
}

std::uint16_t port_of(const sockaddr_storage& address) {
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6) {
        return 0;
    }
    sockaddr_in v4{};  // sin_port and sin6_port stand at the same place
    std::memcpy(&v4, &address, sizeof(v4));
    return ntohs(v4.sin_port);
}

Endpoint endpoint_of(const Client& client) {
    return {client.address,
            client.transport == Transport::Udp ? port_of(client.peer.address) : client.port};
}

Endpoint asked_endpoint(const Client& client, std::span<const Endpoint> listening) {
    std::uint16_t port = client.own_port;
    if (client.transport == Transport::Udp && client.peer.socket < listening.size()) {
        port = listening[client.peer.socket].port;
    }
    return {asked_address(client, listening), port};
}

IpAddress asked_address(const Client& client, std::span<const Endpoint> listening) {
    if (client.transport != Transport::Udp) {
        return client.own_address;
    }
    if (const auto destination = destination_of(client.peer)) {
        return *destination;
    }
    // Only sockets for all addresses are told: this one has its own.
    return client.peer.socket < listening.size() ? listening[client.peer.socket].address
                                                 : IpAddress();
}

}  // namespace sporvakt::dns
