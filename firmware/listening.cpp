#include "firmware/listening.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace sporvakt::firmware {
namespace {

std::size_t place_of(const Endpoint& endpoint, const std::vector<Endpoint>& endpoints) {
    return static_cast<std::size_t>(
        std::distance(endpoints.begin(), std::find(endpoints.begin(), endpoints.end(), endpoint)));
}

bool has(const std::vector<Endpoint>& endpoints, const Endpoint& endpoint) {
    return place_of(endpoint, endpoints) < endpoints.size();
}

std::vector<Endpoint> without(const std::vector<Endpoint>& wanted,
                              const std::vector<Endpoint>& open) {
    std::vector<Endpoint> added;
    std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(added),
                 [&](const Endpoint& endpoint) { return !has(open, endpoint); });
    return added;
}

// Move the sockets of one endpoint to the end of `next`; both have as many workers.
void move_plain(dns::ResolverSockets& from, const Endpoint& endpoint, dns::ResolverSockets& next) {
    const std::size_t index = place_of(endpoint, from.endpoints);
    for (std::size_t worker = 0; worker < from.workers.size(); ++worker) {
        next.workers[worker].udp.push_back(std::move(from.workers[worker].udp[index]));
        next.workers[worker].tcp.push_back(std::move(from.workers[worker].tcp[index]));
    }
    next.endpoints.push_back(endpoint);
}

void move_tls(dns::ResolverSockets& from, const Endpoint& endpoint, dns::ResolverSockets& next) {
    const std::size_t index = place_of(endpoint, from.tls_endpoints);
    for (std::size_t worker = 0; worker < from.workers.size(); ++worker) {
        next.workers[worker].tls.push_back(std::move(from.workers[worker].tls[index]));
    }
    next.tls_endpoints.push_back(endpoint);
}

}  // namespace

Result<void> listen_on(const ListeningPlan& wanted, dns::ResolverSockets& sockets) {
    dns::ResolverSockets opened;
    if (const auto added = without(wanted.plain, sockets.endpoints); !added.empty()) {
        opened =
            SPORVAKT_TRY(dns::open_sockets(added, static_cast<unsigned>(sockets.workers.size())));
    }
    opened.workers.resize(sockets.workers.size());
    SPORVAKT_TRY(dns::open_tls_sockets(without(wanted.tls, sockets.tls_endpoints), opened));
    dns::ResolverSockets next;
    next.workers.resize(sockets.workers.size());
    for (const Endpoint& endpoint : wanted.plain) {
        move_plain(has(sockets.endpoints, endpoint) ? sockets : opened, endpoint, next);
    }
    for (const Endpoint& endpoint : wanted.tls) {
        move_tls(has(sockets.tls_endpoints, endpoint) ? sockets : opened, endpoint, next);
    }
    sockets = std::move(next);
    return {};
}

}  // namespace sporvakt::firmware
