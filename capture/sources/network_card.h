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

}  // namespace sporvakt::capture
