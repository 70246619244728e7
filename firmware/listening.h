#pragma once

#include "core/base/result.h"
#include "dns/serving/sockets.h"

#include <vector>

namespace sporvakt::firmware {

/// Where the resolver is to listen.
struct ListeningPlan {
    std::vector<Endpoint> plain;  ///< UDP and TCP.
    std::vector<Endpoint> tls;
};

/// Makes the resolver's sockets those that are wanted: keeps what it listens on already, with the
/// queries that wait there, opens what is new and closes the rest.  On an error all is as before.
Result<void> listen_on(const ListeningPlan& wanted, dns::ResolverSockets& sockets);

}  // namespace sporvakt::firmware
