#pragma once

#include <array>

namespace sporvakt::dns {

/// DNS over TLS among the protocols of ALPN (IANA), as on the wire: a length, and the name.
constexpr std::array<unsigned char, 4> kAlpnDot{3, 'd', 'o', 't'};

}  // namespace sporvakt::dns
