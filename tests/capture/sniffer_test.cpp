#include "capture/sniffer.h"

#include "tests/support/conversation.h"
#include "tests/support/packets/lan_messages.h"
#include "tests/support/packets/quic_builder.h"
#include "tests/support/recording_sink.h"

#include <algorithm>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::ledger;
using namespace sporvakt::policy;
using namespace sporvakt::test;
using sporvakt::Result;
using sporvakt::Snapshot;
using sporvakt::Timestamp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

std::shared_ptr<const Policy> blocking(const std::string& name) {
    return std::make_shared<const Policy>(
        std::vector<std::shared_ptr<const sporvakt::trackers::Catalogue>>{},
        HouseholdRules{{{name, HouseholdRule::Block}}});
}

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

Octets dns_reply_to(std::string_view device, std::string_view name, std::string_view address) {
    DnsSections sections;
    sections.flags = 0x8180;
    sections.questions = {dns_host(name) + Octets{0, 1, 0, 1}};
    sections.answers = {dns_record(dns_host(name), 1, 60, address_octets(address))};
    const IpFields fields{.source = "192.168.1.1", .destination = device, .protocol = 17};
    return ethernet(kEthertypeIpv4,
                    ipv4(fields, udp({.source = 53, .destination = 5000}, dns_message(sections))),
                    {"dc:a6:32:77:00:01", "3c:22:fb:12:34:01"});
}

}  // namespace

TEST_GROUP(Sniffer) {
    Snapshot<Policy> policy{blocking("ads.example")};
    RecordingSink sink;
    std::vector<FlowSummary> flows;
    std::vector<std::uint8_t> memory = std::vector<std::uint8_t>(FlowJournal::kBytes);
    FlowJournal journal{memory};
    std::unique_ptr<Sniffer> sniffer = start({});
    Timestamp now{seconds(1000)};
    Conversation talk;

    std::unique_ptr<Sniffer> start(SnifferSettings settings) {
        settings.on_flow_end = [this](const FlowSummary& flow) { flows.push_back(flow); };
        return std::make_unique<Sniffer>(std::move(settings), policy, sink);
    }
    void see(const Octets& bytes) {
        now += milliseconds(1);
        sniffer->see(packet(bytes, now));
    }
    void open_talk(std::string_view name) {
        see(talk.syn());
        see(talk.syn_ack());
        see(talk.say(tls_hello(name)));
        see(talk.answer(octets("server hello")));
    }
    std::vector<sporvakt::devices::DeviceClue> bypasses() const {
        auto clues = sink.clues();
        std::erase_if(clues, [](const auto& clue) { return clue.bypass == Bypass::None; });
        return clues;
    }
    std::uint64_t recorded_up() const {
        std::uint64_t sum = 0;
        for (const auto& sighting : sink.sightings()) {
            sum += sighting.bytes_up;
        }
        return sum;
    }
};

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

TEST(Sniffer, CountsATrackerThatRidesOnAnotherNamesConnectionOnce) {
    open_talk("fonts.example");
    now += seconds(5);
    see(dns_reply_to("192.168.1.20", "pixel.ads.example", "203.0.113.80"));
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

TEST(Sniffer, LetsNoRefusedNameRide) {
    open_talk("fonts.example");
    now += seconds(5);
    see(dns_reply_to("192.168.1.20", "pixel.ads.example", "0.0.0.0"));
    see(talk.say(Octets(200, 1)));
    sniffer->finish();

    CHECK_TRUE(sink.sightings().empty());
}

TEST(Sniffer, TakesNoNameForRidingThatBeginsAFlowNobodyAnswers) {
    open_talk("fonts.example");
    now += seconds(5);
    see(dns_reply_to("192.168.1.20", "pixel.ads.example", "203.0.113.80"));
    Conversation cut;  // as the gate does
    cut.device_port = 40001;
    see(cut.syn());
    see(cut.syn_ack());
    see(cut.say(tls_hello("pixel.ads.example")));
    see(talk.say(Octets(200, 1)));
    sniffer->finish();

    CHECK_TRUE(sink.sightings().empty());
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
    see(dns_reply_to("192.168.1.20", "pixel.ads.example", "203.0.113.80"));
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
    see(dns_reply_to("192.168.1.20", "pixel.ads.example", "203.0.113.80"));
    open_talk("shop.example");
    sniffer->finish();

    STRCMP_EQUAL("shop.example", flows.at(1).name.c_str());
    CHECK_TRUE(sink.sightings().empty());
}

TEST(Sniffer, CountsRefusedQueriesOnlyWhereAsked) {
    see(dns_reply_to("192.168.1.20", "pixel.ads.example", "0.0.0.0"));
    CHECK_TRUE(sink.sightings().empty());

    SnifferSettings settings;
    settings.refused_queries = RefusedQueries::Counted;
    sniffer = start(settings);
    see(dns_reply_to("192.168.1.20", "pixel.ads.example", "0.0.0.0"));
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
    see(dns_reply_to("192.168.1.20", "ads.example", "203.0.113.80"));
    see(dns_reply_to("192.168.1.20", "shop.example", "203.0.113.80"));
    see(dns_reply_to("192.168.1.20", "ads.example", "203.0.113.80"));
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
    sniffer->finish();

    LONGS_EQUAL(4, flows.size());
    CHECK(flows[0].bypass == Bypass::DnsOverHttps);
    CHECK(flows[1].bypass == Bypass::DnsOverTls);
    CHECK(flows[2].bypass == Bypass::Proxy);
    STRCMP_EQUAL("shop.example", flows[2].name.c_str());
    CHECK(flows[3].bypass == Bypass::None);
}

TEST(Sniffer, TellsOfADeviceThatGoesAroundTheResolverForAsLongAsItDoes) {
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

TEST(Sniffer, TellsNothingOfPlainDnsThatComesToUsAllTheSame) {
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

TEST(Sniffer, TakesAResolverOnTheDevicesOwnLinkForNoBypass) {
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

TEST(Sniffer, LearnsNamesFromDnsOverTcpToo) {
    const auto over_udp = dns_reply_to("192.168.1.20", "ads.example", "203.0.113.80");
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
