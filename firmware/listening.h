#pragma once

#include "core/base/result.h"
#include "dns/serving/sockets.h"

#include <vector>

namespace sporvakt::firmware {

/// Makes the resolver's sockets those for `wanted`: keeps what it listens on already, with the
/// queries that wait there, opens what is new and closes the rest.  On an error all is as before.
Result<void> listen_on(const std::vector<Endpoint>& wanted, dns::ResolverSockets& sockets);

}  // namespace sporvakt::firmware
