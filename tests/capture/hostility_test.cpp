#include "capture/sniffer.h"
#include "tests/support/conversation.h"
#include "tests/support/packets/quic_builder.h"
#include "tests/support/recording_sink.h"

#include <chrono>
#include <random>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::Snapshot;
using sporvakt::Timestamp;
using sporvakt::policy::HouseholdRules;
using sporvakt::policy::Policy;

namespace {

constexpr std::uint16_t kRounds = 200;
constexpr std::uint16_t kHostileARound = 60;

/// One hostile packet after another, of a few devices that mean no good: half hellos, one byte of a
/// hello, two versions of it, forged and endless Initials, fragments without end, layers without
/// end, and noise.  The same seed makes the same packets.
class Villains {
public:
    Octets next() {
        talk_.device_port = static_cast<std::uint16_t>(random_());
        talk_.device_mac = random_() % 2 == 0 ? "02:00:00:00:00:66" : "02:00:00:00:00:67";
        talk_.device = "192.168.1.66";
        switch (random_() % 8) {
            case 0:
                return talk_.syn();
            case 1:
                return talk_.say(Octets{22, 3, 1, 1, 0, 1, 0});
            case 2:
                talk_.device_port = 7;
                return talk_.say({static_cast<std::uint8_t>(random_())});
            case 3:
                talk_.up_sequence = 1001;
                talk_.device_port = 8;
                return talk_.say(tls_hello(random_() % 2 == 0 ? "one.example" : "two.example"));
            case 4:
                return datagram(
                    padded_datagram(quic_initial({.key_id = octets("another")}, Octets(30, 0))));
            case 5:
                return datagram(padded_datagram(
                    quic_initial({}, crypto_frame(static_cast<std::uint16_t>(random_() % 16'000),
                                                  Octets(1000, 1)))));
            case 6:
                return ethernet(kEthertypeIpv4,
                                ipv4({.protocol = 17,
                                      .id = static_cast<std::uint16_t>(random_()),
                                      .more_fragments = true},
                                     Octets(1200, 3)),
                                {.source = talk_.device_mac});
            default:
                return noise();
        }
    }

private:
    Octets datagram(const Octets& payload) {
        const Ports ports{talk_.device_port, 443};
        return ethernet(kEthertypeIpv4,
                        ipv4({.source = talk_.device, .protocol = 17}, udp(ports, payload)),
                        {.source = talk_.device_mac});
    }
    /// What looks like IP to begin with, and is anything from there on.
    Octets noise() {
        Octets bytes(14 + random_() % 200);
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(random_());
        }
        bytes[12] = random_() % 2 == 0 ? 0x08 : 0x86;
        bytes[13] = bytes[12] == 0x08 ? 0x00 : 0xdd;
        return bytes;
    }

    std::mt19937 random_{1};
    Conversation talk_;
};

}  // namespace

TEST_GROUP(Hostility){};

TEST(Hostility, HidesNoFlowOfTheGoodOnes) {
    Snapshot<Policy> policy(std::make_shared<const Policy>(
        std::vector<std::shared_ptr<const sporvakt::trackers::Catalogue>>{}, HouseholdRules{}));
    RecordingSink sink;
    std::size_t named = 0;
    std::size_t wrong = 0;
    SnifferSettings settings;
    settings.on_flow_end = [&](const FlowSummary& flow) {
        const bool is_good = flow.client.address.text() == "192.168.1.20";
        const auto expected = "good" + std::to_string(flow.client.port) + ".example";
        named += is_good && flow.name == expected ? 1U : 0U;
        wrong += flow.origin == NameOrigin::Tls && is_good && flow.name != expected ? 1U : 0U;
    };
    Sniffer sniffer(settings, policy, sink);
    Villains villains;
    Timestamp now(std::chrono::seconds(1000));
    const auto see = [&](const Octets& bytes) { sniffer.see(packet(bytes, now)); };
    const auto molest = [&] {
        for (std::uint16_t i = 0; i < kHostileARound; ++i) {
            now += std::chrono::milliseconds(i % 20 == 0 ? 1 : 0);
            see(villains.next());
        }
    };
    for (std::uint16_t port = 1; port <= kRounds; ++port) {
        Conversation good;
        good.device_port = port;
        const Octets hello = tls_hello("good" + std::to_string(port) + ".example");
        const auto middle = hello.begin() + 30;
        see(good.syn());
        molest();
        see(good.syn_ack());
        see(good.say(Octets(hello.begin(), middle)));
        molest();
        see(good.say(Octets(middle, hello.end())));
        molest();
        see(good.answer(octets("server hello")));
    }
    sniffer.finish();

    LONGS_EQUAL(kRounds, named);
    LONGS_EQUAL(0, wrong);
    LONGS_EQUAL(kRounds * (5 + 3 * kHostileARound), sniffer.counters().packets);
    CHECK(sniffer.counters().malformed > 0);
}
