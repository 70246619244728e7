#include "firmware/listening.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace sporvakt::firmware {
namespace {

// Moves the sockets of one endpoint to the end of `next`; both have as many workers.
void move_endpoint(dns::ResolverSockets& from, const Endpoint& endpoint,
                   dns::ResolverSockets& next) {
    const auto place = std::find(from.endpoints.begin(), from.endpoints.end(), endpoint);
    const auto index = static_cast<std::size_t>(std::distance(from.endpoints.begin(), place));
    for (std::size_t worker = 0; worker < from.workers.size(); ++worker) {
        next.workers[worker].udp.push_back(std::move(from.workers[worker].udp[index]));
        next.workers[worker].tcp.push_back(std::move(from.workers[worker].tcp[index]));
    }
    next.endpoints.push_back(endpoint);
}

}  // namespace

Result<void> listen_on(const std::vector<Endpoint>& wanted, dns::ResolverSockets& sockets) {
    const auto is_open = [&](const Endpoint& endpoint) {
        return std::find(sockets.endpoints.begin(), sockets.endpoints.end(), endpoint) !=
               sockets.endpoints.end();
    };
    std::vector<Endpoint> added;
    std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(added),
                 [&](const Endpoint& endpoint) { return !is_open(endpoint); });
    dns::ResolverSockets opened;
    if (!added.empty()) {
        opened =
            SPORVAKT_TRY(dns::open_sockets(added, static_cast<unsigned>(sockets.workers.size())));
    }
    dns::ResolverSockets next;
    next.workers.resize(sockets.workers.size());
    for (const Endpoint& endpoint : wanted) {
        move_endpoint(is_open(endpoint) ? sockets : opened, endpoint, next);
    }
    sockets = std::move(next);
    return {};
}

}  // namespace sporvakt::firmware
