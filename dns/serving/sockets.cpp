#include "dns/serving/sockets.h"

#include "dns/serving/client.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace sporvakt::dns {
namespace {

constexpr int kTcpBacklog = 128;
constexpr unsigned kWorkerCountMax = 64;
/// How often another free port is tried, where one is free for UDP but not for TCP.
constexpr unsigned kAnyPortAttempts = 16;
/// A burst while the resolver restarts (under a second) waits here: some 4,000 queries.
constexpr int kUdpReceiveBytes = 4 * 1024 * 1024;
/// What the kernel keeps of answers that a TCP client does not read: the longest answer.  By itself
/// it would keep megabytes for each.
constexpr int kTcpSendBytes = 64 * 1024;

enum class Kind : std::uint8_t { Udp, Tcp };
enum class Sharing : std::uint8_t { Alone, WithWorkers };

std::string_view advice_for(int code) {
    switch (code) {
        case EADDRINUSE:
            return "another program answers DNS there (systemd-resolved, dnsmasq or a second "
                   "sporvakt?): stop it, or change [dns] listen";
        case EADDRNOTAVAIL:
            return "this machine does not have that address: change [dns] listen, or wait for the "
                   "network to come up";
        case EACCES:
        case EPERM:
            return "ports below 1024 need root or CAP_NET_BIND_SERVICE: start it with that right, "
                   "or choose a higher port in [dns] listen";
        default:
            return "change [dns] listen";
    }
}

tl::unexpected<Error> cannot_listen(const Endpoint& endpoint, Kind kind, int code) {
    return fail(Errc::Unavailable,
                fmt::format("cannot listen on {} ({}): {}; {}", endpoint.text(),
                            kind == Kind::Udp ? "UDP" : "TCP",
                            std::generic_category().message(code), advice_for(code)));
}

bool switch_on(int descriptor, int level, int option) {
    const int on = 1;
    return setsockopt(descriptor, level, option, &on, sizeof(on)) == 0;
}

// A socket for all addresses must answer from the one that was asked.
void ask_for_destination(int descriptor, const Endpoint& endpoint) {
    if (endpoint.address.family() == IpFamily::V4) {
        switch_on(descriptor, IPPROTO_IP, IP_PKTINFO);
    } else {
        switch_on(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO);
    }
}

// Beyond net.core.rmem_max, which leaves a twentieth of it on most machines, where we have the
// right.
void keep_bursts(int descriptor) {
    for (const int option : {SO_RCVBUFFORCE, SO_RCVBUF}) {
        if (setsockopt(descriptor, SOL_SOCKET, option, &kUdpReceiveBytes,
                       sizeof(kUdpReceiveBytes)) == 0) {
            return;
        }
    }
}

void prepare(int descriptor, const Endpoint& endpoint, Kind kind, Sharing sharing) {
    if (sharing == Sharing::WithWorkers) {
        switch_on(descriptor, SOL_SOCKET, SO_REUSEPORT);
    }
    if (endpoint.address.family() == IpFamily::V6) {
        switch_on(descriptor, IPPROTO_IPV6, IPV6_V6ONLY);  // 0.0.0.0 is an entry of its own
    }
    if (kind == Kind::Tcp) {
        switch_on(descriptor, SOL_SOCKET, SO_REUSEADDR);  // past connections do not hold the port
        switch_on(descriptor, IPPROTO_TCP, TCP_NODELAY);
        // Those that are accepted have it too.
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &kTcpSendBytes, sizeof(kTcpSendBytes));
        return;
    }
    keep_bursts(descriptor);
    if (endpoint.address.is_unspecified()) {
        ask_for_destination(descriptor, endpoint);
    }
}

Result<FileDescriptor> open_socket(const Endpoint& endpoint, Kind kind, Sharing sharing) {
    const int family = endpoint.address.family() == IpFamily::V4 ? AF_INET : AF_INET6;
    const int type = kind == Kind::Udp ? SOCK_DGRAM : SOCK_STREAM;
    FileDescriptor opened(socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!opened.is_open()) {
        return cannot_listen(endpoint, kind, errno);
    }
    prepare(opened.get(), endpoint, kind, sharing);
    sockaddr_storage storage{};
    const socklen_t length = to_sockaddr(endpoint, storage);
    const auto* address = static_cast<const sockaddr*>(static_cast<const void*>(&storage));
    if (bind(opened.get(), address, length) != 0 ||
        (kind == Kind::Tcp && listen(opened.get(), kTcpBacklog) != 0)) {
        return cannot_listen(endpoint, kind, errno);
    }
    return opened;
}

/// A port that nobody else has, for both kinds.  SO_REUSEPORT alone would let a second sporvakt of
/// the same user in silently, and each would get half of the queries.
Result<std::uint16_t> free_port(const Endpoint& endpoint) {
    const FileDescriptor udp = SPORVAKT_TRY(open_socket(endpoint, Kind::Udp, Sharing::Alone));
    Endpoint exact = endpoint;
    exact.port = SPORVAKT_TRY(local_endpoint(udp)).port;
    SPORVAKT_TRY(open_socket(exact, Kind::Tcp, Sharing::Alone));
    return exact.port;
}

Result<Endpoint> claim(Endpoint endpoint) {
    auto port = free_port(endpoint);
    for (unsigned attempt = 1; !port && endpoint.port == 0 && attempt < kAnyPortAttempts;
         ++attempt) {
        port = free_port(endpoint);
    }
    endpoint.port = SPORVAKT_TRY(std::move(port));
    return endpoint;
}

// The same for a kind that stands alone.
Result<Endpoint> claim_tcp(Endpoint endpoint) {
    const FileDescriptor tcp = SPORVAKT_TRY(open_socket(endpoint, Kind::Tcp, Sharing::Alone));
    endpoint.port = SPORVAKT_TRY(local_endpoint(tcp)).port;
    return endpoint;
}

}  // namespace

Result<Endpoint> local_endpoint(const FileDescriptor& socket) {
    sockaddr_storage storage{};
    socklen_t length = sizeof(storage);
    auto* address = static_cast<sockaddr*>(static_cast<void*>(&storage));
    if (getsockname(socket.get(), address, &length) != 0) {
        return system_failure("getsockname");
    }
    const auto own = address_of(storage);
    if (!own) {
        return fail(Errc::InvalidInput, "getsockname: not an IP socket");
    }
    return Endpoint{*own, port_of(storage)};
}

socklen_t to_sockaddr(const Endpoint& endpoint, sockaddr_storage& storage) {
    const Bytes address = endpoint.address.bytes();
    if (endpoint.address.family() == IpFamily::V4) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::memcpy(&v4.sin_addr, address.data(), address.size());
        std::memcpy(&storage, &v4, sizeof(v4));
        return sizeof(v4);
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    std::memcpy(&v6.sin6_addr, address.data(), address.size());
    std::memcpy(&storage, &v6, sizeof(v6));
    return sizeof(v6);
}

unsigned default_worker_count() {
    return std::clamp(std::thread::hardware_concurrency(), 1U, kWorkerCountMax);
}

Result<ResolverSockets> open_sockets(std::span<const Endpoint> listen, unsigned workers) {
    if (listen.empty()) {
        return fail(Errc::InvalidInput,
                    "the resolver has no address to listen on: add one to [dns] listen");
    }
    ResolverSockets sockets;
    sockets.workers.resize(std::clamp(workers, 1U, kWorkerCountMax));
    for (const Endpoint& wanted : listen) {
        const Endpoint endpoint = SPORVAKT_TRY(claim(wanted));
        for (WorkerSockets& worker : sockets.workers) {
            worker.udp.push_back(
                SPORVAKT_TRY(open_socket(endpoint, Kind::Udp, Sharing::WithWorkers)));
            worker.tcp.push_back(
                SPORVAKT_TRY(open_socket(endpoint, Kind::Tcp, Sharing::WithWorkers)));
        }
        sockets.endpoints.push_back(endpoint);
    }
    return sockets;
}

Result<void> open_tls_sockets(std::span<const Endpoint> listen, ResolverSockets& sockets) {
    for (const Endpoint& wanted : listen) {
        const Endpoint endpoint = SPORVAKT_TRY(claim_tcp(wanted));
        for (WorkerSockets& worker : sockets.workers) {
            worker.tls.push_back(
                SPORVAKT_TRY(open_socket(endpoint, Kind::Tcp, Sharing::WithWorkers)));
        }
        sockets.tls_endpoints.push_back(endpoint);
    }
    return {};
}

}  // namespace sporvakt::dns
