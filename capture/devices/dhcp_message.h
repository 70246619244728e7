#pragma once

#include "core/base/byte_reader.h"
#include "core/base/ip_address.h"
#include "core/base/mac_address.h"
#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace sporvakt::capture {

/// What a DHCPv4 message says about the client it is from or for (RFC 2131 §2).
struct DhcpMessage {
    enum class Kind : std::uint8_t {
        Question,  ///< From the client: discover, request, decline, release, inform.
        Offer,     ///< From the server, and not binding.
        Ack,       ///< From the server: the client has the address now.
        Refusal,   ///< From the server: NAK.
    };

    Kind kind = Kind::Question;
    MacAddress client;
    bool is_relayed = false;  ///< Came through another router: the MAC is not on this link.
    std::optional<IpAddress> client_address;     ///< ciaddr: the client uses it already.
    std::optional<IpAddress> requested_address;  ///< Option 50: a wish, not yet an address.
    std::optional<IpAddress> your_address;       ///< yiaddr, from the server.
    std::string host_name;     ///< Options 12, or 81's first label; the client's claim, cleaned.
    std::string vendor_class;  ///< Option 60, cleaned.
};

/// Reads what stands in a UDP datagram between ports 67 and 68.  Options that lie about their
/// length make it Truncated; file and sname are read when option 52 says so (RFC 2132 §9.3).
Parsed<DhcpMessage> parse_dhcp(Bytes bytes);

/// The host name by which a DHCPv6 client asks to be known (RFC 4704 §4.1: the first label of
/// option 39), from what stands in a UDP datagram to port 547.  Nothing when it does not say, or
/// when the message is not from a client.
Parsed<std::optional<std::string>> parse_dhcp6_host_name(Bytes message);

}  // namespace sporvakt::capture
