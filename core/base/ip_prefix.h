#pragma once

#include "core/base/ip_address.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sporvakt {

/// A network: all addresses that begin with the same bits.  A value.
class IpPrefix {
public:
    /// "192.168.1.0/24" or "fd00::/8" (RFC 4632 §3.1, RFC 4291 §2.3); an address alone is a network
    /// of one.  Malformed when bits behind the prefix are set: who writes "192.168.1.7/24" may mean
    /// one machine or its network, and the two must not be mixed up where access is granted.
    static Parsed<IpPrefix> from_text(std::string_view text);

    /// The network of that many leading bits that the address is in; all of its bits at most.
    static IpPrefix around(const IpAddress& address, unsigned length);

    [[nodiscard]] bool contains(const IpAddress& address) const;
    [[nodiscard]] std::string text() const;

    friend bool operator==(const IpPrefix&, const IpPrefix&) = default;

private:
    IpPrefix(const IpAddress& address, unsigned length);

    IpAddress address_;
    unsigned length_;                      ///< In bits.
    std::array<std::uint8_t, 16> mask_{};  ///< The bits that count, in network order.
};

}  // namespace sporvakt
