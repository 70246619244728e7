#pragma once

#include "core/base/mac_address.h"

#include <optional>
#include <string>

namespace sporvakt::capture {

/// What the kernel says of a network card at one moment.
struct NetworkCard {
    unsigned index = 0;             ///< Another card that later takes the name has another index.
    bool is_up = false;             ///< Switched on, and its link is there.
    std::optional<MacAddress> mac;  ///< Empty when it has none: loopback, tunnels.
};

/// The card of that name in this process's network; empty when there is none.  Reads no packet and
/// needs no right.
std::optional<NetworkCard> find_card(const std::string& name);

/// Whether this machine forwards what comes in at the card of that name, and devices can have it as
/// their gateway there: it has an address that is not merely link-local.  What goes to the Internet
/// is then sent to the card.  Elsewhere (a mirror port, a bridge between two cables, a machine that
/// only answers DNS) other devices' packets are meant for others.
bool is_gateway_card(const std::string& name);

}  // namespace sporvakt::capture
