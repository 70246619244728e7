#include "capture/attribution/bypass.h"

#include "core/base/domain_name.h"

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

// Public resolvers' own addresses.
constexpr std::array<std::string_view, 27> kResolvers{"1.1.1.1",
                                                      "1.0.0.1",
                                                      "1.1.1.2",
                                                      "1.1.1.3",
                                                      "1.0.0.2",
                                                      "1.0.0.3",
                                                      "8.8.8.8",
                                                      "8.8.4.4",
                                                      "9.9.9.9",
                                                      "149.112.112.112",
                                                      "9.9.9.10",
                                                      "9.9.9.11",
                                                      "94.140.14.14",
                                                      "94.140.15.15",
                                                      "208.67.222.222",
                                                      "208.67.220.220",
                                                      "2606:4700:4700::1111",
                                                      "2606:4700:4700::1001",
                                                      "2001:4860:4860::8888",
                                                      "2001:4860:4860::8844",
                                                      "2620:fe::fe",
                                                      "2620:fe::9",
                                                      "2620:119:35::35",
                                                      "2620:119:53::53",
                                                      "2a10:50c0::ad1:ff",
                                                      "2a10:50c0::ad2:ff",
                                                      "9.9.9.12"};

struct KnownName {
    std::string_view name;  ///< And all below it.
    Bypass bypass;
};

constexpr std::array<KnownName, 44> kKnownNames{{
    {"cloudflare-dns.com", Bypass::DnsOverHttps},
    {"one.one.one.one", Bypass::DnsOverHttps},
    {"cloudflare-gateway.com", Bypass::DnsOverHttps},
    {"dns.google", Bypass::DnsOverHttps},
    {"dns.google.com", Bypass::DnsOverHttps},
    {"dns64.dns.google", Bypass::DnsOverHttps},
    {"dns.quad9.net", Bypass::DnsOverHttps},
    {"dns9.quad9.net", Bypass::DnsOverHttps},
    {"dns10.quad9.net", Bypass::DnsOverHttps},
    {"dns11.quad9.net", Bypass::DnsOverHttps},
    {"doh.opendns.com", Bypass::DnsOverHttps},
    {"dns.opendns.com", Bypass::DnsOverHttps},
    {"dns.nextdns.io", Bypass::DnsOverHttps},
    {"dns.adguard.com", Bypass::DnsOverHttps},
    {"dns.adguard-dns.com", Bypass::DnsOverHttps},
    {"dns.mullvad.net", Bypass::DnsOverHttps},
    {"doh.cleanbrowsing.org", Bypass::DnsOverHttps},
    {"freedns.controld.com", Bypass::DnsOverHttps},
    {"dns.controld.com", Bypass::DnsOverHttps},
    {"dns0.eu", Bypass::DnsOverHttps},
    {"doh.dns.apple.com", Bypass::DnsOverHttps},
    {"doh.xfinity.com", Bypass::DnsOverHttps},
    {"dns.sb", Bypass::DnsOverHttps},
    {"dns.switch.ch", Bypass::DnsOverHttps},
    {"anycast.uncensoreddns.org", Bypass::DnsOverHttps},
    {"unicast.uncensoreddns.org", Bypass::DnsOverHttps},
    {"common.dot.dns.yandex.net", Bypass::DnsOverHttps},
    {"dns.alidns.com", Bypass::DnsOverHttps},
    {"dns.digitale-gesellschaft.ch", Bypass::DnsOverHttps},
    {"dns.njal.la", Bypass::DnsOverHttps},
    {"doh.applied-privacy.net", Bypass::DnsOverHttps},
    {"doh.dns.sb", Bypass::DnsOverHttps},
    {"doh.familyshield.opendns.com", Bypass::DnsOverHttps},
    {"doh.ffmuc.net", Bypass::DnsOverHttps},
    {"doh.libredns.gr", Bypass::DnsOverHttps},
    {"doh.pub", Bypass::DnsOverHttps},
    {"ordns.he.net", Bypass::DnsOverHttps},
    {"wikimedia-dns.org", Bypass::DnsOverHttps},
    {"dns12.quad9.net", Bypass::DnsOverHttps},
    {"mask.icloud.com", Bypass::Proxy},  // iCloud Private Relay
    {"mask-h2.icloud.com", Bypass::Proxy},
    {"mask.apple-dns.net", Bypass::Proxy},
    {"cloudflareclient.com", Bypass::Vpn},  // WARP
    {"relays.mullvad.net", Bypass::Vpn},
}};

bool is_below(std::string_view name, std::string_view ancestor) {
    return name.ends_with(ancestor) &&
           (name.size() == ancestor.size() || name[name.size() - ancestor.size() - 1] == '.');
}

bool is_public_resolver(const IpAddress& address) {
    return std::find(kResolvers.begin(), kResolvers.end(), address.text()) != kResolvers.end();
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

Bypass bypass_by_server(FlowTransport transport, const Endpoint& server) {
    if (server.address.is_private() || server.address.is_multicast() ||
        server.address.is_loopback()) {
        return Bypass::None;
    }
    const auto kind = transport == FlowTransport::Quic ? FlowTransport::Udp : transport;
    const auto* const known = std::find_if(
        kKnownPorts.begin(), kKnownPorts.end(),
        [&](const KnownPort& one) { return one.transport == kind && one.port == server.port; });
    if (known != kKnownPorts.end()) {
        return known->bypass;
    }
    constexpr std::uint16_t kHttps = 443;
    return server.port == kHttps && is_public_resolver(server.address) ? Bypass::DnsOverHttps
                                                                       : Bypass::None;
}

std::span<const std::string_view> public_resolver_addresses() {
    return kResolvers;
}

Bypass bypass_by_name(std::string_view name) {
    const auto* const known =
        std::find_if(kKnownNames.begin(), kKnownNames.end(),
                     [&](const KnownName& one) { return is_below(name, one.name); });
    return known == kKnownNames.end() ? Bypass::None : known->bypass;
}

Bypass bypass_by_payload(FlowTransport transport, Bytes payload) {
    if (transport == FlowTransport::Tcp) {
        return is_socks(payload) ? Bypass::Proxy : Bypass::None;
    }
    return is_wireguard(payload) || is_openvpn(payload) ? Bypass::Vpn : Bypass::None;
}

}  // namespace sporvakt::capture
