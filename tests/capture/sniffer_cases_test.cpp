#include "capture/sniffer.h"
#include "core/devices/registry.h"
#include "tests/support/packets/quic_builder.h"
#include "tests/support/watched_sniffer.h"

#include <algorithm>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::ledger;
using namespace sporvakt::test;
using std::chrono::seconds;

// What goes wrong easily: names on others' connections, ways around the resolver, ports that are
// used again, addresses that change.
TEST_GROUP_BASE(SnifferCases, WatchedSniffer){};

TEST(SnifferCases, CountsATrackerThatRidesOnAnotherNamesConnectionOnce) {
    open_talk("fonts.example");
    now += seconds(5);
    see(dns_reply_to({"192.168.1.20"}, "pixel.ads.example", "203.0.113.80"));
    see(talk.say(Octets(200, 1)));  // a request, for either name
    now += seconds(7);
    see(talk.say(Octets(200, 1)));
    LONGS_EQUAL(1, sink.sightings().size());
    const Sighting ride = sink.sightings()[0];
    STRCMP_EQUAL("pixel.ads.example", ride.name.c_str());
    CHECK(ride.outcome == Outcome::Leaked);
    CHECK(ride.source == NameSource::Inferred);
    LONGS_EQUAL(1, ride.attempts);
    LONGS_EQUAL(0, recorded_up());

    now += seconds(20);  // now on a connection of its own
    talk = Conversation();
    talk.device_port = 40001;
    open_talk("pixel.ads.example");
    sniffer->finish();
    std::uint32_t attempts = 0;
    for (const auto& sighting : sink.sightings()) {
        attempts += sighting.attempts;
    }
    LONGS_EQUAL(1, attempts);
    LONGS_EQUAL(flows.back().bytes_up, recorded_up());
}

TEST(SnifferCases, LetsNoRefusedNameRide) {
    open_talk("fonts.example");
    now += seconds(5);
    see(dns_reply_to({"192.168.1.20"}, "pixel.ads.example", "0.0.0.0"));
    see(talk.say(Octets(200, 1)));
    sniffer->finish();

    CHECK_TRUE(sink.sightings().empty());
}

TEST(SnifferCases, TakesNoNameForRidingThatBeginsAFlowNobodyAnswers) {
    open_talk("fonts.example");
    now += seconds(5);
    see(dns_reply_to({"192.168.1.20"}, "pixel.ads.example", "203.0.113.80"));
    Conversation cut;  // as the gate does
    cut.device_port = 40001;
    see(cut.syn());
    see(cut.syn_ack());
    see(cut.say(tls_hello("pixel.ads.example")));
    see(talk.say(Octets(200, 1)));
    sniffer->finish();

    CHECK_TRUE(sink.sightings().empty());
}

TEST(SnifferCases, TellsOfADeviceThatGoesAroundTheResolverForAsLongAsItDoes) {
    Conversation dot;
    dot.server = "198.51.100.2";
    dot.server_port = 853;
    see(dot.syn());
    see(dot.syn_ack());
    see(dot.say(tls_hello("resolver.example")));
    CHECK_TRUE(bypasses().empty());  // may yet be refused
    see(dot.answer(octets("server hello")));
    LONGS_EQUAL(1, bypasses().size());
    see(dot.say(octets("a question")));
    now += seconds(61);
    see(dot.say(octets("another")));

    LONGS_EQUAL(2, bypasses().size());
    const auto latest = bypasses()[1];
    CHECK(latest.bypass == Bypass::DnsOverTls);
    STRCMP_EQUAL("resolver.example", latest.bypass_server.c_str());
    STRCMP_EQUAL("3c:22:fb:12:34:01", latest.device.text().c_str());
    CHECK(latest.at == now);
}

TEST(SnifferCases, TellsNothingOfPlainDnsThatComesToUsAllTheSame) {
    Conversation dns;
    dns.server = "8.8.8.8";
    dns.server_port = 53;
    const auto ask = [&] {
        see(dns.syn());
        see(dns.say(octets("a question")));
        see(dns.answer(octets("an answer")));
    };
    SnifferSettings settings;
    settings.plain_dns = PlainDns::ComesToUs;
    sniffer = start(settings);
    ask();
    CHECK_TRUE(bypasses().empty());

    sniffer = start({});
    ask();
    LONGS_EQUAL(1, bypasses().size());
    STRCMP_EQUAL("8.8.8.8", bypasses()[0].bypass_server.c_str());
}

TEST(SnifferCases, TakesAResolverOnTheDevicesOwnLinkForNoBypass) {
    const auto ask = [&](std::uint16_t port) {
        Conversation dns;
        dns.device = "2001:db8:77::20";
        dns.server = "2001:db8:77::1";
        dns.server_port = 53;
        dns.device_port = port;
        see(dns.syn());
        see(dns.say(octets("a question")));
        see(dns.answer(octets("an answer")));
    };
    const IpFields fields{.source = "fe80::1", .destination = "ff02::1", .protocol = 58};
    see(ethernet(kEthertypeIpv6,
                 ipv6(fields, router_advertisement(1800, prefix_option("2001:db8:77::", 64))),
                 {"dc:a6:32:77:00:01", "33:33:00:00:00:01"}));
    ask(40'001);
    CHECK_TRUE(bypasses().empty());

    sniffer = start({});  // one that has heard of no such prefix
    ask(40'002);
    LONGS_EQUAL(1, bypasses().size());
}

TEST(SnifferCases, TakesAHelloOnPortsThatWereClosedForAnotherFlowThoughNoSynWasSeen) {
    open_talk("one.example");
    see(talk.fin());
    talk.up_sequence = 700'000;
    see(talk.say(tls_hello("two.example")));
    see(talk.answer(octets("server hello")));
    sniffer->finish();

    LONGS_EQUAL(2, flows.size());
    STRCMP_EQUAL("one.example", flows[0].name.c_str());
    STRCMP_EQUAL("two.example", flows[1].name.c_str());
}

TEST(SnifferCases, TakesAHelloThatIsSentAgainForTheSameFlowThoughItClosed) {
    open_talk("one.example");
    see(talk.reset());
    talk.up_sequence = 1001;
    see(talk.say(tls_hello("one.example")));
    sniffer->finish();

    LONGS_EQUAL(1, flows.size());
}

TEST(SnifferCases, KnowsADeviceByAllItsPrivacyAddresses) {
    const std::vector<std::string> addresses{"2001:db8:77::a1b2:c3d4:1",
                                             "2001:db8:77::a1b2:c3d4:2"};
    const IpFields router{.source = "fe80::1", .destination = "ff02::1", .protocol = 58};
    see(ethernet(kEthertypeIpv6,
                 ipv6(router, router_advertisement(1800, prefix_option("2001:db8:77::", 64))),
                 {"dc:a6:32:77:00:01", "33:33:00:00:00:01"}));
    for (const std::string& address : addresses) {  // RFC 4862 §5.4: is it anybody's already?
        const IpFields unspecified{.source = "::", .destination = "ff02::1:ffd4:1", .protocol = 58};
        see(ethernet(kEthertypeIpv6, ipv6(unspecified, neighbour_solicitation(address)),
                     {talk.device_mac, "33:33:ff:d4:00:01"}));
    }
    for (const std::string& address : addresses) {
        talk.device = address;
        talk.server = "2001:db8:1::80";
        ++talk.device_port;
        open_talk("shop.example");
    }
    sniffer->finish();

    LONGS_EQUAL(2, flows.size());
    sporvakt::devices::Registry registry(nullptr);
    for (const auto& clue : sink.clues()) {
        registry.add(clue);
    }
    for (std::size_t i = 0; i < flows.size(); ++i) {
        STRCMP_EQUAL(talk.device_mac.c_str(), flows[i].device.text().c_str());
        STRCMP_EQUAL(addresses[i].c_str(), flows[i].client.address.text().c_str());
    }
    const auto* device = registry.find(flows[0].device);
    for (const std::string& address : addresses) {
        const auto wanted = *sporvakt::IpAddress::from_text(address);
        CHECK(std::count(device->addresses.begin(), device->addresses.end(), wanted) == 1);
    }
}

TEST(SnifferCases, NamesNothingByAQuicHelloInTwoVersionsWhicheverComesFirst) {
    const auto hello_as = [](std::string_view name, std::uint32_t number) {
        const Octets hello = HelloBuilder().server_name(name).build();
        return padded_datagram(quic_initial({.number = number}, crypto_frame(0, hello)));
    };
    for (const auto& [first, second] :
         {std::pair("one.example", "two.example"), std::pair("two.example", "one.example")}) {
        ++talk.device_port;
        const Ports ports{talk.device_port, 443};
        const auto send = [&](const Octets& payload) {
            see(ethernet(kEthertypeIpv4, ipv4({.protocol = 17}, udp(ports, payload))));
        };
        send(hello_as(first, 0));
        send(hello_as(second, 1));
    }
    sniffer->finish();

    LONGS_EQUAL(2, flows.size());
    for (const auto& flow : flows) {
        CHECK(flow.origin == NameOrigin::Ambiguous);
        STRCMP_EQUAL("", flow.name.c_str());
    }
}

TEST(SnifferCases, ReadsAQuicHelloOfMoreThan8KilobytesInFragments) {
    const Octets hello =
        HelloBuilder().extension(21, Octets(9000, 0)).server_name("shop.example").build();
    const Octets datagram =
        udp({talk.device_port, 443}, padded_datagram(quic_initial({}, crypto_frame(0, hello))));
    CHECK(datagram.size() > 9000);
    constexpr std::size_t kPiece = 1400;
    for (std::size_t from = 0; from < datagram.size(); from += kPiece) {
        const std::size_t to = std::min(from + kPiece, datagram.size());
        const IpFields fields{.protocol = 17,
                              .id = 7,
                              .fragment_offset = static_cast<std::uint16_t>(from),
                              .more_fragments = to < datagram.size()};
        see(ethernet(kEthertypeIpv4,
                     ipv4(fields, Octets(datagram.begin() + static_cast<std::ptrdiff_t>(from),
                                         datagram.begin() + static_cast<std::ptrdiff_t>(to)))));
    }
    sniffer->finish();

    STRCMP_EQUAL("shop.example", flows.at(0).name.c_str());
    CHECK(flows[0].transport == FlowTransport::Quic);
}

TEST(SnifferCases, NamesRequestsOfUnusualMethodsAndTargets) {
    talk.server_port = 8008;
    for (const char* head : {"PROPFIND /dav HTTP/1.1\r\nHost: shop.example\r\n\r\n",
                             "GET http://shop.example/ HTTP/1.1\r\nHost: proxy\r\n\r\n"}) {
        ++talk.device_port;
        see(talk.syn());
        see(talk.say(octets(head)));
        see(talk.answer(octets("HTTP/1.1 200 OK\r\n\r\n")));
    }
    sniffer->finish();

    LONGS_EQUAL(2, flows.size());
    for (const auto& flow : flows) {
        CHECK(flow.origin == NameOrigin::Http);
        STRCMP_EQUAL("shop.example", flow.name.c_str());
    }
}
