#include "capture/sniffer.h"

#include "core/devices/registry.h"
#include "tests/support/catalogue_builder.h"
#include "tests/support/packets/lan_messages.h"
#include "tests/support/packets/quic_builder.h"
#include "tests/support/watched_sniffer.h"

#include <algorithm>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::ledger;
using namespace sporvakt::policy;
using namespace sporvakt::test;
using sporvakt::Result;
using sporvakt::Snapshot;
using sporvakt::Timestamp;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::Evasion;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Gives packets that a test holds; then ends or fails.
class HeldPackets final : public PacketSource {
public:
    std::vector<Octets> packets;
    bool fails = false;

    Result<Delivery> next() override {
        if (at_ < packets.size()) {
            return Delivery{Arrival::Packet, packet(packets[at_++], Timestamp(seconds(100)))};
        }
        if (fails) {
            return sporvakt::fail(sporvakt::Errc::Unavailable, "the interface is gone");
        }
        return Delivery{Arrival::End, {}};
    }

private:
    std::size_t at_ = 0;
};

}  // namespace

TEST_GROUP_BASE(Sniffer, WatchedSniffer){};

TEST(Sniffer, CountsWhatItHadToLeaveOut) {
    sniffer->see(packet(octets("no Ethernet")));
    IpFields piece;
    piece.more_fragments = true;
    see(ethernet(kEthertypeIpv4, ipv4(piece, octets("the first piece of a datagram...")),
                 {"3c:22:fb:12:34:01", "dc:a6:32:77:00:01"}));
    now += seconds(60);
    piece.id = 2;
    see(ethernet(kEthertypeIpv4, ipv4(piece, octets("...that never ended, and another"))));

    const SnifferCounters counters = sniffer->counters();
    LONGS_EQUAL(3, counters.packets);
    LONGS_EQUAL(1, counters.malformed);
    LONGS_EQUAL(1, counters.datagrams_lost);
}

TEST(Sniffer, TellsWhoTalkedToWhomByWhichNameAndHowMuch) {
    open_talk("shop.example");
    sniffer->finish();

    const auto& flow = flows.at(0);
    CHECK(flow.transport == FlowTransport::Tcp);
    STRCMP_EQUAL("192.168.1.20:40000", flow.client.text().c_str());
    STRCMP_EQUAL("203.0.113.80:443", flow.server.text().c_str());
    STRCMP_EQUAL("3c:22:fb:12:34:01", flow.device.text().c_str());
    STRCMP_EQUAL("shop.example", flow.name.c_str());
    CHECK(flow.origin == NameOrigin::Tls);
    CHECK_TRUE(flow.answered);
    LONGS_EQUAL(40 + 40 + tls_hello("shop.example").size(), flow.bytes_up);
    LONGS_EQUAL(40 + 40 + 12, flow.bytes_down);
    CHECK(flow.last_seen - flow.first_seen == milliseconds(3));
}

TEST(Sniffer, RecordsATrackersContactOnceAndItsBytesAsTheyCome) {
    open_talk("pixel.ads.example");
    for (int i = 0; i < 5; ++i) {
        now += seconds(1);
        see(talk.say(octets("data")));
    }
    sniffer->finish();

    const auto sightings = sink.sightings();
    CHECK(sightings.size() >= 3);
    const auto contacts = std::count_if(sightings.begin(), sightings.end(),
                                        [](const Sighting& one) { return one.attempts == 1; });
    LONGS_EQUAL(1, contacts);
    LONGS_EQUAL(flows.at(0).bytes_up, recorded_up());
    STRCMP_EQUAL("3c:22:fb:12:34:01", sightings[0].device.text().c_str());
}

TEST(Sniffer, RecordsNothingOfAHelloThatNobodyAnswered) {
    see(talk.syn());
    see(talk.say(tls_hello("pixel.ads.example")));
    see(talk.reset());
    sniffer->finish();

    STRCMP_EQUAL("pixel.ads.example", flows.at(0).name.c_str());
    CHECK_TRUE(sink.sightings().empty());
}

TEST(Sniffer, RecordsNothingOfNamesThatAreNoTrackers) {
    open_talk("shop.example");
    sniffer->finish();

    CHECK_TRUE(sink.sightings().empty());
}

TEST(Sniffer, RecordsNothingBetweenDevicesOfTheHouse) {
    talk.server = "192.168.1.30";
    open_talk("pixel.ads.example");
    sniffer->finish();

    CHECK_TRUE(sink.sightings().empty());
}

TEST(Sniffer, RecordsNothingOfTheGatewayItself) {
    SnifferSettings settings;
    settings.gateway_macs = {*sporvakt::MacAddress::from_text("3c:22:fb:12:34:01")};
    sniffer = start(settings);
    open_talk("pixel.ads.example");
    sniffer->finish();

    CHECK_TRUE(sink.sightings().empty());
}

TEST(Sniffer, ReadsQuic) {
    const auto hello = HelloBuilder().server_name("pixel.ads.example").build();
    const auto initial = padded_datagram(quic_initial({}, crypto_frame(0, hello)));
    see(ethernet(kEthertypeIpv4, ipv4({.protocol = 17}, udp({}, initial))));
    const IpFields back{.source = "203.0.113.80", .destination = "192.168.1.20", .protocol = 17};
    see(ethernet(kEthertypeIpv4, ipv4(back, udp({443, 50000}, octets("answer"))),
                 {"dc:a6:32:77:00:01", "3c:22:fb:12:34:01"}));
    sniffer->finish();

    CHECK(flows.at(0).transport == FlowTransport::Quic);
    CHECK(flows[0].origin == NameOrigin::Quic);
    CHECK(sink.sightings().at(0).source == NameSource::Quic);
}

TEST(Sniffer, InfersTheNameOfASilentFlowFromWhatTheDeviceResolved) {
    see(dns_reply_to({"192.168.1.20"}, "pixel.ads.example", "203.0.113.80"));
    talk.server_port = 8883;
    see(talk.syn());
    see(talk.say(Octets(100, 0xee)));
    now += seconds(20);
    see(talk.say(Octets(100, 0xee)));
    sniffer->finish();

    STRCMP_EQUAL("pixel.ads.example", flows.at(1).name.c_str());
    CHECK(flows[1].origin == NameOrigin::Dns);
    CHECK(sink.sightings().at(0).source == NameSource::Inferred);
}

TEST(Sniffer, BelievesTheHelloRatherThanWhatWasResolved) {
    see(dns_reply_to({"192.168.1.20"}, "pixel.ads.example", "203.0.113.80"));
    open_talk("shop.example");
    sniffer->finish();

    STRCMP_EQUAL("shop.example", flows.at(1).name.c_str());
    CHECK_TRUE(sink.sightings().empty());
}

TEST(Sniffer, CountsRefusedQueriesOnlyWhereAsked) {
    see(dns_reply_to({"192.168.1.20"}, "pixel.ads.example", "0.0.0.0"));
    CHECK_TRUE(sink.sightings().empty());

    SnifferSettings settings;
    settings.refused_queries = RefusedQueries::Counted;
    sniffer = start(settings);
    see(dns_reply_to({"192.168.1.20"}, "pixel.ads.example", "0.0.0.0"));
    LONGS_EQUAL(1, sink.sightings().size());
    CHECK(sink.sightings()[0].outcome == Outcome::Prevented);
    STRCMP_EQUAL("3c:22:fb:12:34:01", sink.sightings()[0].device.text().c_str());
}

TEST(Sniffer, TakesTheSamePortsUsedAgainForAnotherFlow) {
    open_talk("first.example");
    see(talk.fin());
    talk.up_sequence = 900'000;
    open_talk("second.example");
    sniffer->finish();

    LONGS_EQUAL(2, flows.size());
    STRCMP_EQUAL("first.example", flows[0].name.c_str());
    STRCMP_EQUAL("second.example", flows[1].name.c_str());
}

TEST(Sniffer, TakesAnotherQuicConnectionOnTheSamePortsForAnotherFlow) {
    const auto client = [&](std::string_view id, std::string_view name) {
        const auto datagram = padded_datagram(
            quic_initial({.destination_id = from_hex(id)},
                         crypto_frame(0, HelloBuilder().server_name(name).build())));
        see(ethernet(kEthertypeIpv4, ipv4({.protocol = 17}, udp({}, datagram))));
    };
    client("8394c8f03e515708", "first.example");
    client("8394c8f03e515708", "first.example");
    client("0011223344556677", "second.example");
    sniffer->finish();

    LONGS_EQUAL(2, flows.size());
    STRCMP_EQUAL("first.example", flows[0].name.c_str());
    LONGS_EQUAL(2, flows[0].packets_up);
    STRCMP_EQUAL("second.example", flows[1].name.c_str());
}

TEST(Sniffer, NamesNothingFromTwoVersionsOfAHello) {
    see(talk.syn());
    see(talk.say(tls_hello("ads.example")));
    talk.up_sequence = 1001;
    see(talk.say(tls_hello("sda.example")));
    see(talk.answer(octets("server hello")));
    sniffer->finish();

    CHECK(flows.at(0).origin == NameOrigin::Ambiguous);
    STRCMP_EQUAL("", flows[0].name.c_str());
    CHECK_TRUE(sink.sightings().empty());
}

TEST(Sniffer, IgnoresAnotherVersionOnceTheServerHasAnswered) {
    open_talk("pixel.ads.example");
    talk.up_sequence = 1001;
    see(talk.say(tls_hello("lexip.ads.example")));
    sniffer->finish();

    STRCMP_EQUAL("pixel.ads.example", flows.at(0).name.c_str());
}

TEST(Sniffer, AccusesNobodyByANameThatSharesItsAddress) {
    see(dns_reply_to({"192.168.1.20"}, "ads.example", "203.0.113.80"));
    see(dns_reply_to({"192.168.1.20"}, "shop.example", "203.0.113.80"));
    see(dns_reply_to({"192.168.1.20"}, "ads.example", "203.0.113.80"));
    see(talk.syn());
    see(talk.say(octets("something of its own")));
    see(talk.answer(octets("an answer")));
    sniffer->finish();

    CHECK_TRUE(sink.sightings().empty());
    const auto& flow = flows.back();
    STRCMP_EQUAL("ads.example", flow.inferred.name.c_str());
    CHECK(flow.inferred.certainty == Certainty::Uncertain);
}

TEST(Sniffer, MarksWhatGoesAroundTheHouseholdsResolver) {
    policy.publish(std::make_shared<const Policy>(
        std::vector<std::shared_ptr<const Catalogue>>{
            CatalogueBuilder()
                .way_around("dns.google", Evasion::DnsOverHttps)
                .address("198.51.100.53", Evasion::DnsOverHttps)
                .open()},
        HouseholdRules{}));
    open_talk("dns.google");
    talk.device_port = 40'001;
    talk.server_port = 853;
    open_talk("some.resolver.example");
    talk.device_port = 40'002;
    talk.server_port = 8080;
    see(talk.syn());
    see(talk.say(octets("CONNECT shop.example:443 HTTP/1.1\r\n\r\n")));
    see(talk.answer(octets("HTTP/1.1 200 OK\r\n\r\n")));
    see(talk.say(tls_hello("shop.example")));
    talk.device_port = 40'003;
    open_talk("shop.example");
    now += seconds(2);  // the policy of the beginning is known by then
    talk.device_port = 40'004;
    talk.server_port = 443;
    talk.server = "198.51.100.53";
    open_talk("by-its-address.example");
    sniffer->finish();

    LONGS_EQUAL(5, flows.size());
    CHECK(flows[0].bypass == Bypass::DnsOverHttps);
    CHECK(flows[1].bypass == Bypass::DnsOverTls);
    CHECK(flows[2].bypass == Bypass::Proxy);
    STRCMP_EQUAL("shop.example", flows[2].name.c_str());
    CHECK(flows[3].bypass == Bypass::None);
    CHECK(flows[4].bypass == Bypass::DnsOverHttps);
}

TEST(Sniffer, LearnsNamesFromDnsOverTcpToo) {
    const auto over_udp = dns_reply_to({"192.168.1.20"}, "ads.example", "203.0.113.80");
    const Octets message(over_udp.begin() + 14 + 20 + 8, over_udp.end());
    const Octets length{0, static_cast<std::uint8_t>(message.size())};
    Conversation resolver;
    resolver.server = "192.168.1.1";
    resolver.server_port = 53;
    resolver.device_port = 5000;
    see(resolver.answer(length + message));
    see(talk.syn());
    see(talk.say(octets("something of its own")));
    sniffer->finish();

    STRCMP_EQUAL("ads.example", flows.back().inferred.name.c_str());
}

TEST(Sniffer, TakesASynSentTwiceForOneFlow) {
    const auto syn = talk.syn();
    see(syn);
    see(syn);
    see(talk.say(tls_hello("shop.example")));
    sniffer->finish();

    LONGS_EQUAL(1, flows.size());
    STRCMP_EQUAL("shop.example", flows[0].name.c_str());
}

TEST(Sniffer, FindsTheDeviceOfAnIpv6FlowByWhoForwards) {
    open_talk("shop.example");  // shows which MAC is the gateway's
    Conversation inbound;
    inbound.device = "2001:db8::99";  // somebody outside opens a flow to a camera
    inbound.device_mac = "dc:a6:32:77:00:01";
    inbound.server = "2001:db8:77::20";
    inbound.gateway_mac = "3c:22:fb:12:34:07";
    see(inbound.syn());
    see(inbound.say(octets("hello camera")));
    sniffer->finish();

    STRCMP_EQUAL("3c:22:fb:12:34:07", flows.at(1).device.text().c_str());
    LONGS_EQUAL(0, flows[1].bytes_up);
    LONGS_EQUAL(60 + 72, flows[1].bytes_down);
}

TEST(Sniffer, NamesTheDeviceByItsAddressWhereNoMacCanBeSeen) {
    const auto segment = tcp({.flags = kTcpSyn}, {});
    now += milliseconds(1);
    sniffer->see(packet(ipv4({}, segment), now, LinkType::RawIp));
    sniffer->finish();

    STRCMP_EQUAL("192.168.1.20", flows.at(0).device.text().c_str());
}

TEST(Sniffer, ReadsAHelloSentInFragments) {
    const Octets segment = tcp({.flags = 0x18}, tls_hello("shop.example"));
    const std::size_t cut = 48;
    const Octets head(segment.begin(), segment.begin() + cut);
    const Octets tail(segment.begin() + cut, segment.end());
    see(ethernet(kEthertypeIpv4, ipv4({.fragment_offset = cut}, tail)));
    see(ethernet(kEthertypeIpv4, ipv4({.more_fragments = true}, head)));
    sniffer->finish();

    STRCMP_EQUAL("shop.example", flows.at(0).name.c_str());
    LONGS_EQUAL(segment.size() + 40, flows[0].bytes_up);
}

TEST(Sniffer, TellsGreaseFromAHiddenName) {
    for (const std::string_view name : {"shop.example", "cloudflare-ech.com"}) {
        const auto hello = HelloBuilder().server_name(name).extension(0xfe0d, {0}).build();
        Octets record{22, 3, 1, 0, static_cast<std::uint8_t>(hello.size())};
        talk.device_port++;
        see(talk.syn());
        see(talk.say(record + hello));
    }
    sniffer->finish();

    CHECK(flows.at(0).encrypted_hello == EncryptedHello::Grease);
    CHECK(flows.at(1).encrypted_hello == EncryptedHello::Hidden);
}

TEST(Sniffer, GoesOnWithTheFlowsOfOneThatWasKilled) {
    SnifferSettings settings;
    settings.journal = &journal;
    sniffer = start(settings);
    open_talk("pixel.ads.example");
    now += seconds(1);
    see(talk.say(octets("before")));
    const std::uint64_t before = recorded_up();
    const auto killed = memory;  // nothing that the old one does from now on counts
    sniffer.reset();
    memory = killed;

    sniffer = start(settings);
    see(talk.say(octets("after!")));
    sniffer->finish();
    const auto sightings = sink.sightings();
    LONGS_EQUAL(1, std::count_if(sightings.begin(), sightings.end(),
                                 [](const Sighting& one) { return one.attempts == 1; }));
    LONGS_EQUAL(before + 46, recorded_up());
}

TEST(Sniffer, CountsPacketsThatMakeNoSense) {
    see(ethernet(kEthertypeIpv4, octets("this is no IP packet")));
    see(Octets(3, 0));

    LONGS_EQUAL(2, sniffer->counters().packets);
    LONGS_EQUAL(2, sniffer->counters().malformed);
}

TEST(Sniffer, PassesOnWhatDevicesSayAboutThemselves) {
    open_talk("shop.example");

    CHECK_FALSE(sink.clues().empty());
    STRCMP_EQUAL("3c:22:fb:12:34:01", sink.clues()[0].device.text().c_str());
}

TEST(Sniffer, RunsUntilItsSourceEnds) {
    HeldPackets source;
    source.packets = {talk.syn(), talk.say(tls_hello("shop.example"))};

    CHECK_TRUE(run_sniffer(source, *sniffer, std::stop_token()).has_value());
    LONGS_EQUAL(1, flows.size());
}

TEST(Sniffer, FinishesBeforeItPassesOnItsSourcesError) {
    HeldPackets source;
    source.packets = {talk.syn()};
    source.fails = true;
    const auto run = run_sniffer(source, *sniffer, std::stop_token());

    STRCMP_EQUAL("the interface is gone", run.error().message.c_str());
    LONGS_EQUAL(1, flows.size());
}

TEST(Sniffer, StopsWhenAsked) {
    HeldPackets source;
    source.packets = {talk.syn()};
    std::stop_source stop;
    stop.request_stop();

    CHECK_TRUE(run_sniffer(source, *sniffer, stop.get_token()).has_value());
    LONGS_EQUAL(0, sniffer->counters().packets);
}
