#pragma once

#include "dns/message/query.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace sporvakt::dns {

/// The answer in place of one that leads from a public name to an address inside the house (DNS
/// rebinding: a page that the browser takes for the attacker's own then talks to the router).
///
/// No data for all types, and EDE 15 that says it, for `ttl` seconds.  Never 0.0.0.0: on many
/// systems that address is the machine itself, which is just what rebinding wants.
std::size_t write_rebinding_answer(std::span<std::uint8_t> out, const Query& query,
                                   std::uint32_t ttl);

}  // namespace sporvakt::dns
