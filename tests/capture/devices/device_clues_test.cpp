#include "capture/devices/device_clues.h"

#include "tests/support/packets/lan_messages.h"
#include "tests/support/packets/packet_builder.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::test;
using namespace std::chrono_literals;
using capture::DeviceClues;
using devices::DeviceClue;
using devices::DeviceId;

namespace {

constexpr std::string_view kPhone = "3c:22:fb:12:34:01";
constexpr std::string_view kTv = "8c:79:f5:12:34:02";
constexpr std::string_view kGateway = "dc:a6:32:77:00:01";
constexpr std::string_view kEverybody = "ff:ff:ff:ff:ff:ff";
constexpr Timestamp kStart{1795298400s};

IpAddress address(std::string_view text) {
    return *IpAddress::from_text(text);
}

DeviceId device(std::string_view mac) {
    return *DeviceId::from_text(mac);
}

class CluesHeard final : public ledger::SightingSink {
public:
    void record(const ledger::SightingView& /*sighting*/) override {}
    void note(DeviceClue clue) override { clues.push_back(std::move(clue)); }

    std::vector<DeviceClue> clues;
};

Octets from(std::string_view mac, std::uint16_t ethertype, const Octets& payload) {
    return ethernet(ethertype, payload, {mac, kEverybody});
}

Octets udp_from(std::string_view mac, std::string_view source, Ports ports, const Octets& message) {
    const bool is_v6 = source.find(':') != std::string_view::npos;
    IpFields fields;
    fields.source = source;
    fields.destination = is_v6 ? "ff02::fb" : "255.255.255.255";
    fields.protocol = 17;
    return is_v6 ? from(mac, 0x86dd, ipv6(fields, udp(ports, message)))
                 : from(mac, 0x0800, ipv4(fields, udp(ports, message)));
}

Octets tcp_from(std::string_view mac, std::string_view source) {
    return udp_from(mac, source, {40000, 443}, octets("anything"));
}

Octets icmp6_from(std::string_view mac, std::string_view source, const Octets& message) {
    IpFields fields;
    fields.source = source;
    fields.destination = "ff02::1";
    fields.protocol = 58;
    return from(mac, 0x86dd, ipv6(fields, message));
}

Octets mdns_from(std::string_view mac, std::string_view source,
                 const std::vector<Octets>& answers) {
    DnsSections sections;
    sections.answers = answers;
    return udp_from(mac, source, {5353, 5353}, dns_message(sections));
}

Octets plug_record() {
    return dns_record(dns_name({"_hap", "_tcp", "local"}), 12, 4500,
                      dns_name({"Kitchen Plug", "_hap", "_tcp", "local"}));
}

Octets host_record(std::string_view host_address) {
    const bool is_v6 = host_address.find(':') != std::string_view::npos;
    return dns_record(dns_name({"plug", "local"}), is_v6 ? 28 : 1, 120,
                      address_octets(host_address));
}

}  // namespace

TEST_GROUP(DeviceClues) {
    CluesHeard heard_;
    DeviceClues clues_{{*MacAddress::from_text(kGateway)}, heard_};

    void see(const Octets& bytes, Timestamp at = kStart) {
        const auto frame = capture::decode_frame(packet(bytes, at));
        CHECK(frame.has_value());
        clues_.read(*frame);
    }

    /// Only clues that name the address count; the source of a packet is a clue of its own.
    [[nodiscard]] bool is_known_at(std::string_view mac, std::string_view its_address) const {
        for (const DeviceClue& clue : heard_.clues) {
            if (clue.device == device(mac) && clue.address == address(its_address)) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] std::string announced_name() const {
        for (const DeviceClue& clue : heard_.clues) {
            if (!clue.announced_name.empty()) {
                return clue.announced_name;
            }
        }
        return {};
    }
};

TEST(DeviceClues, ComeFromArp) {
    see(from(kPhone, 0x0806, arp({})));

    CHECK_EQUAL(1, heard_.clues.size());
    CHECK(heard_.clues[0].device == device(kPhone));
    CHECK(heard_.clues[0].address == address("192.168.1.20"));
    CHECK(heard_.clues[0].at == kStart);
}

TEST(DeviceClues, DoNotComeFromArpForAnothersMacNorFromAProbe) {
    see(from(kTv, 0x0806, arp({})));
    ArpFields probe;
    probe.sender_address = "0.0.0.0";
    see(from(kPhone, 0x0806, arp(probe)));

    CHECK(heard_.clues.empty());
}

TEST(DeviceClues, ComeFromNeighbourDiscovery) {
    see(icmp6_from(kPhone, "::", neighbour_solicitation("2001:db8:77::20")));
    see(icmp6_from(kTv, "fe80::2",
                   neighbour_advertisement("fd00::2", link_address_option(2, kTv))));

    CHECK_TRUE(is_known_at(kPhone, "2001:db8:77::20"));
    CHECK_TRUE(is_known_at(kTv, "fd00::2"));
    CHECK_TRUE(is_known_at(kTv, "fe80::2"));
    CHECK_EQUAL(3, heard_.clues.size());
}

TEST(DeviceClues, DoNotComeFromAnAdvertisementForAnothersMac) {
    see(icmp6_from(kPhone, "::", neighbour_advertisement("fd00::2", link_address_option(2, kTv))));
    CHECK(heard_.clues.empty());
}

TEST(DeviceClues, DoNotComeFromNeighbourDiscoveryThatWasForwarded) {
    Octets bytes = icmp6_from(kPhone, "::", neighbour_solicitation("2001:db8:77::20"));
    constexpr std::size_t kHopLimitAt = 14 + 7;
    bytes[kHopLimitAt] = 254;
    see(bytes);
    CHECK(heard_.clues.empty());
}

TEST(DeviceClues, ComeFromDhcp) {
    see(udp_from(kPhone, "0.0.0.0", {68, 67},
                 dhcp({}, dhcp_option(53, {3}) + dhcp_option(12, octets("Galaxy-S24")) +
                              dhcp_option(60, octets("android-dhcp-14")))));
    DhcpFields ack;
    ack.operation = 2;
    ack.your_address = "192.168.1.20";
    see(udp_from(kGateway, "192.168.1.1", {67, 68}, dhcp(ack, dhcp_option(53, {5}))));

    CHECK_EQUAL(2, heard_.clues.size());
    CHECK(heard_.clues[0].device == device(kPhone));
    STRCMP_EQUAL("Galaxy-S24", heard_.clues[0].host_name.c_str());
    STRCMP_EQUAL("android-dhcp-14", heard_.clues[0].vendor_class.c_str());
    CHECK_TRUE(is_known_at(kPhone, "192.168.1.20"));
}

TEST(DeviceClues, DoNotComeFromAnOfferARelayOrAnothersQuestion) {
    DhcpFields offer;
    offer.operation = 2;
    offer.your_address = "192.168.1.20";
    see(udp_from(kGateway, "192.168.1.1", {67, 68}, dhcp(offer, dhcp_option(53, {2}))));
    DhcpFields relayed;
    relayed.relay = "192.168.2.1";
    see(udp_from(kPhone, "0.0.0.0", {68, 67}, dhcp(relayed, dhcp_option(12, octets("tv")))));
    see(udp_from(kTv, "0.0.0.0", {68, 67}, dhcp({}, dhcp_option(12, octets("tv")))));

    CHECK(heard_.clues.empty());
}

TEST(DeviceClues, ComeFromDhcpOfVersionSix) {
    const Octets solicit = Octets{1, 0, 0, 1, 0, 39, 0, 6, 0, 3} + octets("nas") + Octets{0};
    see(udp_from(kTv, "fe80::2", {546, 547}, solicit));

    STRCMP_EQUAL("nas", heard_.clues.front().host_name.c_str());
}

TEST(DeviceClues, ComeFromMulticastDns) {
    see(mdns_from(kTv, "192.168.1.30", {plug_record(), host_record("192.168.1.30")}));

    STRCMP_EQUAL("Kitchen Plug", announced_name().c_str());
    CHECK_TRUE(is_known_at(kTv, "192.168.1.30"));
}

TEST(DeviceClues, ComeFromWhatADeviceOffers) {
    see(mdns_from(kTv, "192.168.1.30", {plug_record(), host_record("192.168.1.30")}));
    see(udp_from(kTv, "192.168.1.30", {40000, 1900},
                 octets("NOTIFY * HTTP/1.1\r\nNT: urn:schemas-upnp-org:device:MediaRenderer:1\r\n"
                        "NTS: ssdp:alive\r\nSERVER: Linux/4 UPnP/1.0 Stue-TV/2\r\n\r\n")));

    const auto has = [&](const auto& holds) {
        return std::any_of(heard_.clues.begin(), heard_.clues.end(), holds);
    };
    CHECK_TRUE(has([](const DeviceClue& clue) { return clue.service == "_hap"; }));
    CHECK_TRUE(has([](const DeviceClue& clue) {
        return clue.service == "MediaRenderer" && clue.model == "Stue-TV/2";
    }));
}

TEST(DeviceClues, TakeNoWordOfSsdpFromOutsideTheHouse) {
    see(udp_from(kTv, "203.0.113.9", {1900, 1900},
                 octets("HTTP/1.1 200 OK\r\nSERVER: x UPnP/1.0 Stranger/1\r\n\r\n")));

    CHECK(std::all_of(heard_.clues.begin(), heard_.clues.end(),
                      [](const DeviceClue& clue) { return clue.model.empty(); }));
}

TEST(DeviceClues, TakeNoNameFromOneWhoAnnouncesForOthers) {
    see(mdns_from(kTv, "192.168.1.31", {plug_record(), host_record("192.168.1.30")}));
    STRCMP_EQUAL("", announced_name().c_str());
}

TEST(DeviceClues, TakeTheNameOfOneWhoAnnouncesOverTheOtherProtocol) {
    see(mdns_from(kTv, "fe80::2",
                  {plug_record(), host_record("192.168.1.30"), host_record("2001:db8:77::2")}));
    STRCMP_EQUAL("Kitchen Plug", announced_name().c_str());
}

TEST(DeviceClues, TakeNoNameFromOutsideTheHouse) {
    see(mdns_from(kTv, "203.0.113.9", {plug_record()}));
    STRCMP_EQUAL("", announced_name().c_str());
}

TEST(DeviceClues, ComeFromTheSourceOfAnyPacketOfTheHouse) {
    see(tcp_from(kPhone, "192.168.1.20"));
    see(tcp_from(kPhone, "fe80::20"));

    CHECK_TRUE(is_known_at(kPhone, "192.168.1.20"));
    CHECK_TRUE(is_known_at(kPhone, "fe80::20"));
}

TEST(DeviceClues, ComeFromGlobalAddressesOnceARouterSaysThatTheyAreOnTheLink) {
    see(tcp_from(kPhone, "2001:db8:77::20"));
    CHECK(heard_.clues.empty());

    see(icmp6_from(kGateway, "fe80::1",
                   router_advertisement(1800, prefix_option("2001:db8:77::", 64))));
    see(tcp_from(kPhone, "2001:db8:77::20"));
    see(tcp_from(kPhone, "2001:db8:99::20"));

    CHECK_TRUE(is_known_at(kPhone, "2001:db8:77::20"));
    CHECK_FALSE(is_known_at(kPhone, "2001:db8:99::20"));
}

TEST(DeviceClues, NeverGiveTheRouterTheAddressesThatItForwards) {
    see(tcp_from(kGateway, "203.0.113.80"));
    see(tcp_from(kGateway, "10.8.0.5"));
    CHECK(heard_.clues.empty());

    // A router that nobody told us of gives itself away by forwarding.
    see(tcp_from(kTv, "203.0.113.80"));
    see(tcp_from(kTv, "10.8.0.6"));
    CHECK(heard_.clues.empty());

    // So does one that offers itself as a way out.
    see(icmp6_from(kPhone, "::", router_advertisement(1800)));
    see(tcp_from(kPhone, "10.8.0.7"));
    CHECK(heard_.clues.empty());
}

TEST(DeviceClues, IgnoreSourcesThatBelongToNobody) {
    see(tcp_from(kPhone, "0.0.0.0"));
    see(tcp_from(kPhone, "127.0.0.1"));
    see(tcp_from(kPhone, "224.0.0.1"));
    see(tcp_from("01:00:5e:00:00:01", "192.168.1.20"));
    CHECK(heard_.clues.empty());
}

TEST(DeviceClues, GoOutOnceAMinute) {
    const Octets bytes = mdns_from(kTv, "192.168.1.30", {plug_record()});
    see(bytes);
    const std::size_t first = heard_.clues.size();
    see(bytes, kStart + DeviceClues::kRepeatInterval - 1ms);
    CHECK_EQUAL(first, heard_.clues.size());
    see(bytes, kStart + DeviceClues::kRepeatInterval);
    CHECK_EQUAL(2 * first, heard_.clues.size());
    see(bytes, kStart);  // the clock was set back
    CHECK_EQUAL(3 * first, heard_.clues.size());
}

TEST(DeviceClues, GoOutAtOnceWhenAnAddressWanders) {
    see(tcp_from(kPhone, "192.168.1.20"));
    see(tcp_from(kTv, "192.168.1.20"));
    see(tcp_from(kPhone, "192.168.1.20"));

    CHECK_EQUAL(3, heard_.clues.size());
    CHECK(heard_.clues.back().device == device(kPhone));
}

TEST(DeviceClues, GoOutAtOnceWhenANameChanges) {
    for (const char* name : {"one", "two"}) {
        see(udp_from(kPhone, "0.0.0.0", {68, 67}, dhcp({}, dhcp_option(12, octets(name)))));
    }
    CHECK_EQUAL(2, heard_.clues.size());
    STRCMP_EQUAL("two", heard_.clues.back().host_name.c_str());
}

TEST(DeviceClues, TellABypassOnceAMinuteWhateverTheServer) {
    const auto note = [&](devices::Bypass kind, const char* server, Timestamp at) {
        clues_.note_bypass(at, device(kPhone), kind, server);
    };
    note(devices::Bypass::DnsElsewhere, "8.8.8.8", kStart);
    note(devices::Bypass::DnsElsewhere, "8.8.4.4", kStart + 1s);
    note(devices::Bypass::Vpn, "198.51.100.7", kStart + 1s);
    note(devices::Bypass::DnsElsewhere, "8.8.4.4", kStart + DeviceClues::kRepeatInterval);

    CHECK_EQUAL(3, heard_.clues.size());
    CHECK(heard_.clues[0].bypass == devices::Bypass::DnsElsewhere);
    CHECK(heard_.clues[0].device == device(kPhone));
    STRCMP_EQUAL("8.8.8.8", heard_.clues[0].bypass_server.c_str());
    CHECK(heard_.clues[1].bypass == devices::Bypass::Vpn);
    STRCMP_EQUAL("8.8.4.4", heard_.clues[2].bypass_server.c_str());
}

TEST(DeviceClues, AreHeldBackInAFlood) {
    constexpr std::uint32_t kFlood = 1000;
    for (std::uint32_t i = 0; i < kFlood; ++i) {
        const std::string mac = fmt::format("da:00:00:00:{:02x}:{:02x}", i / 256, i % 256);
        see(tcp_from(mac, fmt::format("10.0.{}.{}", i / 250, i % 250 + 1)));
    }
    CHECK_EQUAL(DeviceClues::kCluesPerSecondMax, heard_.clues.size());
    CHECK_EQUAL(kFlood - DeviceClues::kCluesPerSecondMax, clues_.held_back());

    see(tcp_from(kPhone, "192.168.1.20"), kStart + 1s);
    CHECK_TRUE(is_known_at(kPhone, "192.168.1.20"));
}

TEST(DeviceClues, SurviveMessagesThatAreNotWhatTheyClaim) {
    const Octets noise(60, 0xff);
    see(from(kPhone, 0x0806, noise));
    see(icmp6_from(kPhone, "::", Octets{135, 0}));
    for (const Ports ports : {Ports{68, 67}, Ports{67, 68}, Ports{546, 547}, Ports{5353, 5353}}) {
        see(udp_from(kPhone, "0.0.0.0", ports, noise));
        see(udp_from(kPhone, "0.0.0.0", ports, {}));
    }
    CHECK(heard_.clues.empty());
}
