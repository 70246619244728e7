#include "capture/attribution/bypass.h"

#include "tests/support/catalogue_builder.h"
#include "tests/support/packets/packet_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::Endpoint;
using sporvakt::policy::Policy;
using sporvakt::test::CatalogueBuilder;
using sporvakt::test::Octets;
using sporvakt::test::octets;
using sporvakt::trackers::Evasion;

TEST_GROUP(Bypass) {
    Policy known{{CatalogueBuilder()
                      .way_around("dns.google", Evasion::DnsOverHttps)
                      .way_around("cloudflare-dns.com", Evasion::DnsOverHttps)
                      .way_around("mask.icloud.com", Evasion::Relay)
                      .way_around("cloudflareclient.com", Evasion::Vpn)
                      .domain("eulerian.net", "", sporvakt::trackers::Purpose::Analytics)
                      .mark("eulerian.net", Evasion::Disguise)
                      .address("8.8.8.8", Evasion::DnsOverHttps)
                      .address("2606:4700:4700::1111", Evasion::DnsOverHttps)
                      .open()},
                 {}};

    Bypass by_server(FlowTransport transport, std::string_view server) const {
        return bypass_by_server(transport, *Endpoint::from_text(server), known);
    }
    Bypass by_name(std::string_view name) const {
        return bypass_by_name(name, known);
    }
};

TEST(Bypass, IsKnownByItsPort) {
    CHECK(by_server(FlowTransport::Udp, "203.0.113.9:53") == Bypass::DnsElsewhere);
    CHECK(by_server(FlowTransport::Tcp, "203.0.113.9:853") == Bypass::DnsOverTls);
    CHECK(by_server(FlowTransport::Udp, "[2001:db8::9]:853") == Bypass::DnsOverQuic);
    CHECK(by_server(FlowTransport::Quic, "203.0.113.9:853") == Bypass::DnsOverQuic);
    CHECK(by_server(FlowTransport::Udp, "203.0.113.9:4500") == Bypass::Vpn);
    CHECK(by_server(FlowTransport::Udp, "203.0.113.9:51820") == Bypass::Vpn);
    CHECK(by_server(FlowTransport::Tcp, "203.0.113.9:1080") == Bypass::Proxy);
    CHECK(by_server(FlowTransport::Tcp, "203.0.113.9:443") == Bypass::None);
    CHECK(by_server(FlowTransport::Tcp, "203.0.113.9:51820") == Bypass::None);
}

TEST(Bypass, IsKnownByAPublicResolversAddress) {
    CHECK(by_server(FlowTransport::Tcp, "8.8.8.8:443") == Bypass::DnsOverHttps);
    CHECK(by_server(FlowTransport::Quic, "[2606:4700:4700::1111]:443") == Bypass::DnsOverHttps);
    CHECK(by_server(FlowTransport::Tcp, "8.8.8.8:80") == Bypass::None);
    CHECK(by_server(FlowTransport::Tcp, "8.8.8.9:443") == Bypass::None);
}

TEST(Bypass, IsNothingThatStaysInTheHouse) {
    CHECK(by_server(FlowTransport::Udp, "192.168.1.1:53") == Bypass::None);
    CHECK(by_server(FlowTransport::Tcp, "[fd00::1]:853") == Bypass::None);
    CHECK(by_server(FlowTransport::Udp, "224.0.0.251:53") == Bypass::None);
}

TEST(Bypass, IsKnownByItsNameAndWhatIsBelow) {
    CHECK(by_name("dns.google") == Bypass::DnsOverHttps);
    CHECK(by_name("mozilla.cloudflare-dns.com") == Bypass::DnsOverHttps);
    CHECK(by_name("mask.icloud.com") == Bypass::Proxy);
    CHECK(by_name("engage.cloudflareclient.com") == Bypass::Vpn);
    CHECK(by_name("notdns.google") == Bypass::None);
    CHECK(by_name("google") == Bypass::None);
    CHECK(by_name("") == Bypass::None);
}

TEST(Bypass, IsNotATrackersDisguise) {
    CHECK(by_name("shop.eulerian.net") == Bypass::None);
}

TEST(Bypass, IsNotKnownWithoutACatalogue) {
    const Policy nothing({}, {});
    CHECK(bypass_by_name("dns.google", nothing) == Bypass::None);
    CHECK(bypass_by_server(FlowTransport::Tcp, *Endpoint::from_text("8.8.8.8:443"), nothing) ==
          Bypass::None);
    CHECK(bypass_by_server(FlowTransport::Tcp, *Endpoint::from_text("8.8.8.8:853"), nothing) ==
          Bypass::DnsOverTls);
}

TEST(Bypass, IsKnownByWhatIsSaidFirst) {
    Octets initiation(148, 7);
    initiation[0] = 1;
    initiation[1] = initiation[2] = initiation[3] = 0;
    CHECK(bypass_by_payload(FlowTransport::Udp, initiation) == Bypass::Vpn);
    CHECK(bypass_by_payload(FlowTransport::Tcp, initiation) == Bypass::None);
    initiation.push_back(0);
    CHECK(bypass_by_payload(FlowTransport::Udp, initiation) == Bypass::None);

    const Octets reset{0x38, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0};
    CHECK(bypass_by_payload(FlowTransport::Udp, reset) == Bypass::Vpn);
    CHECK(bypass_by_payload(FlowTransport::Udp, Octets{0x38}) == Bypass::None);

    CHECK(bypass_by_payload(FlowTransport::Tcp, Octets{5, 2, 0, 2}) == Bypass::Proxy);
    CHECK(bypass_by_payload(FlowTransport::Tcp, Octets{5, 2, 0}) == Bypass::None);
    CHECK(bypass_by_payload(FlowTransport::Tcp, Octets{4, 1, 1, 187, 203, 0, 113, 80, 'o', 0}) ==
          Bypass::Proxy);
    CHECK(bypass_by_payload(FlowTransport::Tcp, octets("GET / HTTP/1.1")) == Bypass::None);
    CHECK(bypass_by_payload(FlowTransport::Tcp, {}) == Bypass::None);
}
