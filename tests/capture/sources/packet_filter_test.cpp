#include "capture/sources/packet_filter.h"

#include "capture/sniffer.h"
#include "tests/support/conversation.h"
#include "tests/support/packets/house_capture.h"
#include "tests/support/recording_sink.h"
#include "tests/support/temporary_folder.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::MacAddress;

namespace {

constexpr const char* kCaptures = SPORVAKT_SOURCE_DIR "/../shared/pcap";

/// What a sniffer makes of a capture, and how much of it it got.
struct Seen {
    std::multiset<std::string> flows;  ///< All that is known of each.
    std::set<std::string> named;       ///< Those that told a name, without amounts.
    std::set<std::string> contacts;    ///< With a tracker that often rides on others' connections.
    std::uint64_t bytes = 0;
};

std::string name_line(const FlowSummary& flow) {
    return fmt::format("{} {} {} {} {} {} {}", flow.client.text(), flow.server.text(),
                       flow.device.text(), flow.name, static_cast<int>(flow.origin),
                       static_cast<int>(flow.bypass), flow.answered);
}

std::string whole_line(const FlowSummary& flow) {
    return fmt::format("{} {} {} {} {} {} {} {}", name_line(flow), static_cast<int>(flow.transport),
                       flow.inferred.name, static_cast<int>(flow.encrypted_hello), flow.bytes_up,
                       flow.bytes_down, flow.packets_up, flow.packets_down);
}

Seen sniff(const std::string& path, const PacketFilter* filter) {
    Seen seen;
    const sporvakt::Snapshot<sporvakt::policy::Policy> policy(
        std::make_shared<const sporvakt::policy::Policy>(
            std::vector<std::shared_ptr<const sporvakt::trackers::Catalogue>>{},
            sporvakt::policy::HouseholdRules{
                {{"www.google-analytics.com", sporvakt::policy::HouseholdRule::Block}}}));
    RecordingSink sink;
    SnifferSettings settings;
    settings.on_flow_end = [&](const FlowSummary& flow) {
        seen.flows.insert(whole_line(flow));
        if (!flow.name.empty() || flow.bypass != Bypass::None) {
            seen.named.insert(name_line(flow));
        }
    };
    Sniffer sniffer(settings, policy, sink);
    const auto capture = *open_capture_file(path);
    for (auto next = capture->next(); next && next->arrival == Arrival::Packet;
         next = capture->next()) {
        Packet packet = next->packet;
        const bool is_filtered = filter != nullptr && packet.link == LinkType::Ethernet;
        const std::size_t taken =
            is_filtered ? filter->taken_of(packet.bytes) : packet.bytes.size();
        packet.bytes = packet.bytes.first(taken);
        seen.bytes += taken;
        if (taken > 0) {
            sniffer.see(packet);
        }
    }
    sniffer.finish();
    for (const auto& sighting : sink.sightings()) {
        seen.contacts.insert(fmt::format("{} {} {}", sighting.device.text(), sighting.name,
                                         static_cast<int>(sighting.source)));
    }
    return seen;
}

bool has_all_names(const Seen& few, const Seen& all) {
    return std::includes(few.named.begin(), few.named.end(), all.named.begin(), all.named.end());
}

}  // namespace

TEST_GROUP(PacketFilter) {
    const MacAddress gateway = *MacAddress::from_text("dc:a6:32:77:00:01");
    const PacketFilter bytes{Wanted::Bytes, gateway};
    const PacketFilter handshakes{Wanted::Handshakes, gateway};
    const Octets much = Octets(1000, 0x17);
    Conversation talk;

    static Octets quic(std::uint8_t first, const IpFields& fields, const Ports& ports) {
        return ethernet(kEthertypeIpv4, ipv4(fields, udp(ports, Octets(1000, first))));
    }
    static constexpr std::size_t kHead = PacketFilter::kHeadBytes;
};

TEST(PacketFilter, CutsWhatAServerSendsAndNothingThatAClientDoes) {
    const Octets up = talk.say(much);

    LONGS_EQUAL(kHead, bytes.taken_of(talk.answer(much)));
    LONGS_EQUAL(up.size(), bytes.taken_of(up));
}

TEST(PacketFilter, TakesServersOnOddPortsWhole) {
    talk.server_port = 8443;
    const Octets answer = talk.answer(much);

    LONGS_EQUAL(answer.size(), bytes.taken_of(answer));
    LONGS_EQUAL(answer.size(), handshakes.taken_of(answer));
}

TEST(PacketFilter, IsNotDeceivedByADeviceThatSpeaksFromAServersPort) {
    talk.device_port = 443;
    talk.server_port = 50'000;
    const Octets hello = talk.say(tls_hello("ads.example") + much);

    LONGS_EQUAL(hello.size(), bytes.taken_of(hello));
    LONGS_EQUAL(hello.size(), handshakes.taken_of(hello));
}

TEST(PacketFilter, KnowsOutsideByTheGatewaysAddressWithIpv6) {
    talk.device = "2001:db8::1";
    talk.server = "2001:db8:9::80";
    const Octets answer = talk.answer(much);
    const Octets up = talk.say(much);

    LONGS_EQUAL(kHead, bytes.taken_of(answer));
    LONGS_EQUAL(up.size(), bytes.taken_of(up));
    LONGS_EQUAL(answer.size(), PacketFilter(Wanted::Bytes, std::nullopt).taken_of(answer));
}

TEST(PacketFilter, CutsQuicBehindTheHandshake) {
    const IpFields up{.protocol = 17};
    const IpFields down{.source = "203.0.113.80", .destination = "192.168.1.20", .protocol = 17};
    LONGS_EQUAL(kHead, bytes.taken_of(quic(0x40, up, {})));
    LONGS_EQUAL(kHead, bytes.taken_of(quic(0xc0, down, {443, 50'000})));
    LONGS_EQUAL(kHead, handshakes.taken_of(quic(0x40, up, {})));  // as long as a request
    const Octets small = ethernet(kEthertypeIpv4, ipv4(up, udp({}, Octets(40, 0x40))));
    LONGS_EQUAL(0, handshakes.taken_of(small));
    LONGS_EQUAL(0, handshakes.taken_of(quic(0x40, down, {443, 50'000})));
    LONGS_EQUAL(kHead, handshakes.taken_of(quic(0xc0, down, {443, 50'000})));

    const Octets initial = quic(0xc0, up, {});
    LONGS_EQUAL(initial.size(), bytes.taken_of(initial));
    LONGS_EQUAL(initial.size(), handshakes.taken_of(initial));
}

TEST(PacketFilter, TakesTunnelsWholeThoughTheirPortsLookLikeQuic) {
    const IpFields up{.protocol = 17};
    const IpFields down{.source = "203.0.113.80", .destination = "192.168.1.20", .protocol = 17};
    for (const std::uint16_t tunnel : std::array<std::uint16_t, 4>{4789, 8472, 6081, 3544}) {
        const Octets packet = quic(0x40, down, {443, tunnel});
        LONGS_EQUAL(packet.size(), bytes.taken_of(packet));
    }
    const Octets teredo = quic(0x60, up, {3544, 443});
    LONGS_EQUAL(teredo.size(), bytes.taken_of(teredo));
}

TEST(PacketFilter, TakesAnEmptyDatagramToo) {
    const Octets empty = ethernet(kEthertypeIpv4, ipv4({.protocol = 17}, udp({}, {})));

    LONGS_EQUAL(empty.size(), bytes.taken_of(empty));
}

TEST(PacketFilter, LeavesOutAcknowledgementsAndContentsWhereOnlyHandshakesAreWanted) {
    LONGS_EQUAL(0, handshakes.taken_of(talk.say({})));
    LONGS_EQUAL(0, handshakes.taken_of(talk.answer(much)));
    CHECK(bytes.taken_of(talk.say({})) > 0);

    for (const Octets& kept : {talk.syn(), talk.syn_ack(), talk.fin(), talk.reset(),
                               talk.say(octets("x")), talk.answer(octets("HTTP/1.1 200 OK"))}) {
        LONGS_EQUAL(kept.size(), handshakes.taken_of(kept));
    }
    LONGS_EQUAL(kHead, handshakes.taken_of(talk.answer(Octets{22, 3, 3} + much)));
}

TEST(PacketFilter, TakesWholeWhatItDoesNotUnderstand) {
    const IpFields down{.source = "203.0.113.80", .destination = "192.168.1.20"};
    const Octets segment = tcp({443, 40'000}, much);
    IpFields piece = down;
    piece.more_fragments = true;
    const Octets in_order = ipv4(down, segment);
    for (const Octets& packet :
         {ethernet(kEthertypeIpv4, ipv4(piece, segment)),
          ethernet(0x8100, vlan(kEthertypeIpv4, in_order)),
          ethernet(0x8864, pppoe(0x0021, in_order)), ethernet(kEthertypeArp, much)}) {
        LONGS_EQUAL(packet.size(), bytes.taken_of(packet));
        LONGS_EQUAL(packet.size(), handshakes.taken_of(packet));
    }
}

TEST(PacketFilter, ChangesNothingThatIsKnownOfAHousesFlows) {
    TemporaryFolder folder;
    const std::string path = folder.file("house.pcap");
    {
        CaptureWriter capture(path);
        write_house({.flows = 1'000, .packets = 40'000}, capture);
    }
    const Seen all = sniff(path, nullptr);
    const Seen cut = sniff(path, &bytes);
    const Seen few = sniff(path, &handshakes);

    CHECK(all.named.size() > 500);
    CHECK(cut.flows == all.flows);
    CHECK(has_all_names(few, all));
    CHECK(cut.bytes < all.bytes / 2);
    CHECK(few.bytes < cut.bytes);
}

TEST(PacketFilter, ChangesNothingThatIsKnownOfTheFlowsOfCaptures) {
    if (!std::filesystem::exists(kCaptures)) {
        UT_PRINT("SKIPPED: needs the captures of ../shared/pcap");
        return;
    }
    std::size_t named = 0;
    std::size_t contacts = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kCaptures)) {
        if (entry.path().extension() != ".pcap") {
            continue;
        }
        const std::string path = entry.path().string();
        const Seen all = sniff(path, nullptr);
        CHECK_TEXT(sniff(path, &bytes).flows == all.flows, path.c_str());
        const Seen few = sniff(path, &handshakes);
        CHECK_TEXT(has_all_names(few, all), path.c_str());
        CHECK_TEXT(few.contacts == all.contacts, path.c_str());
        named += all.named.size();
        contacts += all.contacts.size();
    }
    CHECK(named > 200);
    CHECK(contacts >= 3);  // a tracker that rides on fonts.gstatic.com in the lab
}
