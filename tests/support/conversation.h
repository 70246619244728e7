#pragma once

#include "capture/frame.h"
#include "core/base/clock.h"
#include "tests/support/packets/hello_builder.h"
#include "tests/support/packets/packet_builder.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sporvakt::test {

/// A TLS hello as its record, with this server name.
inline Octets tls_hello(std::string_view name) {
    const Octets message = HelloBuilder().server_name(name).build();
    const auto length = static_cast<std::uint16_t>(message.size());
    return Octets{22, 3, 1, static_cast<std::uint8_t>(length >> 8U),
                  static_cast<std::uint8_t>(length)} +
           message;
}

/// Builds the packets of one TCP connection between a device and a server, as an Ethernet link at
/// the gateway shows them.  Sequence numbers go on by themselves.
class Conversation {
public:
    std::string device = "192.168.1.20";
    std::string server = "203.0.113.80";
    std::string device_mac = "3c:22:fb:12:34:01";
    std::string gateway_mac = "dc:a6:32:77:00:01";
    std::uint16_t device_port = 40000;
    std::uint16_t server_port = 443;
    std::uint32_t up_sequence = 1000;
    std::uint32_t down_sequence = 5000;

    Octets syn() { return up(capture::kTcpSyn, {}, 1); }
    Octets syn_ack() { return down(capture::kTcpSyn | capture::kTcpAck, {}, 1); }
    Octets say(const Octets& payload) {
        return up(capture::kTcpAck, payload, static_cast<std::uint32_t>(payload.size()));
    }
    Octets answer(const Octets& payload) {
        return down(capture::kTcpAck, payload, static_cast<std::uint32_t>(payload.size()));
    }
    Octets fin() { return up(capture::kTcpFin | capture::kTcpAck, {}, 1); }
    Octets reset() { return down(capture::kTcpRst, {}, 0); }

private:
    Octets up(std::uint8_t flags, const Octets& payload, std::uint32_t length) {
        const TcpFields fields{device_port, server_port, up_sequence, flags};
        up_sequence += length;
        return on_link({device, server}, tcp(fields, payload), {device_mac, gateway_mac});
    }
    Octets down(std::uint8_t flags, const Octets& payload, std::uint32_t length) {
        const TcpFields fields{server_port, device_port, down_sequence, flags};
        down_sequence += length;
        return on_link({server, device}, tcp(fields, payload), {gateway_mac, device_mac});
    }
    static Octets on_link(const IpFields& fields, const Octets& segment, const MacPair& macs) {
        const bool is_v6 = fields.source.find(':') != std::string_view::npos;
        return is_v6 ? ethernet(capture::kEthertypeIpv6, ipv6(fields, segment), macs)
                     : ethernet(capture::kEthertypeIpv4, ipv4(fields, segment), macs);
    }
};

}  // namespace sporvakt::test
