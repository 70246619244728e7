#include "capture/attribution/bypass.h"

#include <algorithm>
#include <array>

namespace sporvakt::capture {
namespace {

struct KnownPort {
    FlowTransport transport;
    std::uint16_t port;
    Bypass bypass;
};

// IANA's service names, but for Tor's and WireGuard's customs.
constexpr std::array<KnownPort, 15> kKnownPorts{{
    {FlowTransport::Udp, 53, Bypass::DnsElsewhere},
    {FlowTransport::Tcp, 53, Bypass::DnsElsewhere},
    {FlowTransport::Tcp, 853, Bypass::DnsOverTls},
    {FlowTransport::Udp, 853, Bypass::DnsOverQuic},
    {FlowTransport::Udp, 784, Bypass::DnsOverQuic},   // before RFC 9250
    {FlowTransport::Udp, 8853, Bypass::DnsOverQuic},  // likewise
    {FlowTransport::Udp, 500, Bypass::Vpn},           // IKE
    {FlowTransport::Udp, 4500, Bypass::Vpn},          // IPsec through NAT (RFC 3948)
    {FlowTransport::Udp, 1701, Bypass::Vpn},          // L2TP
    {FlowTransport::Tcp, 1723, Bypass::Vpn},          // PPTP
    {FlowTransport::Udp, 1194, Bypass::Vpn},          // OpenVPN
    {FlowTransport::Tcp, 1194, Bypass::Vpn},
    {FlowTransport::Udp, 51820, Bypass::Vpn},   // WireGuard
    {FlowTransport::Tcp, 1080, Bypass::Proxy},  // SOCKS
    {FlowTransport::Tcp, 9001, Bypass::Proxy},  // Tor's relays
}};

Bypass bypass_of(trackers::Evasion evasion) {
    switch (evasion) {
        case trackers::Evasion::DnsOverHttps:
            return Bypass::DnsOverHttps;
        case trackers::Evasion::Relay:
            return Bypass::Proxy;
        case trackers::Evasion::Vpn:
            return Bypass::Vpn;
        case trackers::Evasion::Disguise:  // a tracker's way, not the device's
        case trackers::Evasion::None:
            break;
    }
    return Bypass::None;
}

bool begins_with(Bytes payload, Bytes start) {
    return payload.size() >= start.size() &&
           std::equal(start.begin(), start.end(), payload.begin());
}

/// The version, the number of methods, and the methods (RFC 1928 §3), or SOCKS 4's CONNECT.
bool is_socks(Bytes payload) {
    if (payload.size() >= 3 && payload[0] == 5) {
        const std::size_t methods = payload[1];
        return methods > 0 && payload.size() == 2 + methods;
    }
    constexpr std::size_t kRequestMin = 9;  // version, command, port, address, empty user
    return payload.size() >= kRequestMin && payload[0] == 4 && payload[1] == 1 &&
           payload.back() == 0;
}

/// An initiation is of this type and length (the WireGuard paper, §5.4.2).
bool is_wireguard(Bytes payload) {
    constexpr std::array<std::uint8_t, 4> kInitiation{1, 0, 0, 0};
    constexpr std::size_t kInitiationLength = 148;
    return payload.size() == kInitiationLength && begins_with(payload, kInitiation);
}

/// P_CONTROL_HARD_RESET_CLIENT_V2 or _V3 with key 0: opcode, session, an empty list of
/// acknowledgements (behind a HMAC where one is used), packet 0.
bool is_openvpn(Bytes payload) {
    constexpr std::size_t kPlainReset = 14;
    constexpr std::size_t kResetMax = 128;
    constexpr std::uint8_t kReset2 = 7U << 3U;
    constexpr std::uint8_t kReset3 = 10U << 3U;
    const bool is_reset = !payload.empty() && (payload[0] == kReset2 || payload[0] == kReset3);
    return is_reset && payload.size() >= kPlainReset && payload.size() <= kResetMax &&
           std::all_of(payload.end() - 4, payload.end(), [](std::uint8_t b) { return b == 0; });
}

}  // namespace

Bypass bypass_by_server(FlowTransport transport, const Endpoint& server,
                        const policy::Policy& known) {
    if (server.address.is_private() || server.address.is_multicast() ||
        server.address.is_loopback()) {
        return Bypass::None;
    }
    const auto kind = transport == FlowTransport::Quic ? FlowTransport::Udp : transport;
    const auto* const port = std::find_if(
        kKnownPorts.begin(), kKnownPorts.end(),
        [&](const KnownPort& one) { return one.transport == kind && one.port == server.port; });
    if (port != kKnownPorts.end()) {
        return port->bypass;
    }
    constexpr std::uint16_t kHttps = 443;
    return server.port == kHttps ? bypass_of(known.evasion_at(server.address)) : Bypass::None;
}

Bypass bypass_by_name(std::string_view name, const policy::Policy& known) {
    return bypass_of(known.evasion_of(name));
}

Bypass bypass_by_payload(FlowTransport transport, Bytes payload) {
    if (transport == FlowTransport::Tcp) {
        return is_socks(payload) ? Bypass::Proxy : Bypass::None;
    }
    return is_wireguard(payload) || is_openvpn(payload) ? Bypass::Vpn : Bypass::None;
}

}  // namespace sporvakt::capture
