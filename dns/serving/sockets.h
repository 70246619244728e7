#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/ip_address.h"
#include "core/base/result.h"

#include <span>
#include <vector>

#include <sys/socket.h>

namespace sporvakt::dns {

/// What one worker listens on: one socket of each kind for every address.
struct WorkerSockets {
    std::vector<FileDescriptor> udp;
    std::vector<FileDescriptor> tcp;  ///< Listening.
    std::vector<FileDescriptor> tls;  ///< The same, for DNS over TLS.
};

/// Everything that the resolver listens on.  The supervisor opens it before it forks and keeps it
/// open while the resolver restarts: queries that arrive meanwhile wait in the kernel.
struct ResolverSockets {
    std::vector<WorkerSockets> workers;
    std::vector<Endpoint> endpoints;      ///< As bound: port 0 has become a real port.
    std::vector<Endpoint> tls_endpoints;  ///< Of WorkerSockets::tls.
};

/// The endpoint as the kernel wants it; returns how much of `storage` that takes.
socklen_t to_sockaddr(const Endpoint& endpoint, sockaddr_storage& storage);

/// What an IP socket is bound to.
Result<Endpoint> local_endpoint(const FileDescriptor& socket);

/// One worker for each core.
unsigned default_worker_count();

/// Opens UDP and TCP on every address, once for each worker (SO_REUSEPORT spreads the clients).
///
/// Port 0 takes any free port, the same for UDP and TCP.  An error names the address and what to do
/// about it: taken by another program, not an address of this machine, no right to a port under
/// 1024.
Result<ResolverSockets> open_sockets(std::span<const Endpoint> listen, unsigned workers);

/// Adds sockets for DNS over TLS, for each worker that is there already.  On an error what was
/// added until then stays.
Result<void> open_tls_sockets(std::span<const Endpoint> listen, ResolverSockets& sockets);

}  // namespace sporvakt::dns
