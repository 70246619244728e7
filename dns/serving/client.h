#pragma once

#include "core/base/ip_address.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include <sys/socket.h>

namespace sporvakt::dns {

/// A UDP client, as the kernel told of it: where the answer goes, and from which of our addresses
/// (IP_PKTINFO, kept as received), so that a host with many answers from the one that was asked.
struct UdpPeer {
    static constexpr std::size_t kControlLength = 64;

    std::size_t socket = 0;  ///< Which of the worker's UDP sockets.
    sockaddr_storage address{};
    socklen_t address_length = 0;
    alignas(cmsghdr) std::array<std::uint8_t, kControlLength> control{};
    std::size_t control_length = 0;
};

enum class Transport : std::uint8_t { Udp, Tcp, Tls };

/// How long a connection may be silent: "on the order of a few seconds" (RFC 7766 §6.2.3), but
/// longer than an upstream may take.  Clients that ask are told (RFC 7828).
constexpr std::chrono::seconds kConnectionIdleMax{10};

/// Who asks, and the way back.
struct Client {
    Transport transport = Transport::Udp;
    IpAddress address;
    IpAddress own_address;         ///< Tcp, Tls: which of ours it connected to.
    UdpPeer peer;                  ///< Udp
    std::uint64_t connection = 0;  ///< Tcp, Tls: its number with this worker.
    std::uint16_t port = 0;        ///< Tcp, Tls
    std::uint16_t own_port = 0;    ///< Tcp, Tls
};

/// Empty for anything but IPv4 and IPv6.
Parsed<IpAddress> address_of(const sockaddr_storage& address);

/// 0 for anything but IPv4 and IPv6.
std::uint16_t port_of(const sockaddr_storage& address);

/// Where the client asks from.
Endpoint endpoint_of(const Client& client);

/// Which of our addresses the client asked.  `listening` are those of the worker's UDP sockets, in
/// their order.
IpAddress asked_address(const Client& client, std::span<const Endpoint> listening);
/// The same with the port.
Endpoint asked_endpoint(const Client& client, std::span<const Endpoint> listening);

}  // namespace sporvakt::dns
