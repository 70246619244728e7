#include "capture/sniffer.h"
#include "tests/support/conversation.h"
#include "tests/support/heap.h"
#include "tests/support/packets/quic_builder.h"
#include "tests/support/watched_sniffer.h"

#include <chrono>
#include <functional>
#include <random>
#include <string>
#include <utility>

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

class Nobody final : public sporvakt::ledger::SightingSink {
public:
    void record(const sporvakt::ledger::SightingView& /*sighting*/) override {}
    void note(sporvakt::devices::DeviceClue /*clue*/) override {}
};

/// The sniffer of a house that wants contacts with `hostile` recorded, and the memory it takes.
class MeasuredSniffer {
public:
    explicit MeasuredSniffer(std::function<void(const FlowSummary&)> on_flow_end)
        : sniffer_(settings(std::move(on_flow_end)), policy_, nobody_) {}

    void see(const Octets& bytes) {
        sniffer_.see(packet(bytes, now_));
        if (++seen_ % kBetweenLooks == 0) {
            peak_.look();
        }
    }
    std::size_t finish() {
        peak_.look();
        sniffer_.finish();
        return peak_.bytes();
    }
    [[nodiscard]] SnifferCounters counters() const { return sniffer_.counters(); }

private:
    static constexpr std::uint64_t kBetweenLooks = 512;

    static SnifferSettings settings(std::function<void(const FlowSummary&)> on_flow_end) {
        SnifferSettings settings;
        settings.on_flow_end = std::move(on_flow_end);
        return settings;
    }

    Timestamp now_{std::chrono::seconds(1000)};  // stands still, so that nothing expires
    std::uint64_t seen_ = 0;
    HeapPeak peak_;
    Snapshot<Policy> policy_{blocking("hostile")};
    Nobody nobody_;
    Sniffer sniffer_;
};

/// A name of 249 bytes; no two numbers have the same.
std::string long_name(std::string_view kind, std::uint32_t number) {
    std::string label = std::string(kind) + std::to_string(number);
    label.append(60 - label.size(), 'x');
    return label + "." + std::string(60, 'y') + "." + std::string(60, 'z') + "." +
           std::string(58, 'w') + ".hostile";
}

/// One of the many conversations of eight devices, each with a server of its own.
Conversation talk_number(std::uint32_t number) {
    constexpr std::uint32_t kDevices = 8;
    const std::uint32_t server = number / kDevices;
    Conversation talk;
    talk.device = "192.168.1." + std::to_string(101 + number % kDevices);
    talk.device_mac = "02:00:00:00:01:0" + std::to_string(number % kDevices);
    talk.device_port = static_cast<std::uint16_t>(1024 + server);
    talk.server = "198.51." + std::to_string(server / 250) + "." + std::to_string(server % 250);
    return talk;
}

/// A conversation that told one long name, after its device had resolved another.
void tell_two_names(MeasuredSniffer& house, std::uint32_t number) {
    Conversation talk = talk_number(number);
    house.see(
        dns_reply_to({talk.device, talk.device_mac}, long_name("resolved", number), talk.server));
    house.see(talk.syn());
    house.see(talk.say(tls_hello(long_name("claimed", number))));
    house.see(talk.answer(octets("server hello")));
}

/// Hellos of nearly 16 kB that never end, cut so that each leaves many gaps.
void begin_hello(MeasuredSniffer& house, std::uint32_t number) {
    constexpr std::uint32_t kPieces = 11;
    constexpr std::uint32_t kPiece = 1400;
    Conversation talk = talk_number(number);
    house.see(talk.syn());
    house.see(talk.say(Octets{22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc, 3, 3}));
    const std::uint32_t begun = talk.up_sequence;
    for (std::uint32_t piece = 1; piece < kPieces; ++piece) {
        talk.up_sequence = begun + piece * kPiece;
        house.see(talk.say(Octets(kPiece - 1, 0)));
    }
    talk.up_sequence = begun + 100;
    house.see(talk.say({7}));  // and one byte that another version has otherwise
    talk.up_sequence = begun + 100;
    house.see(talk.say({8}));
}

/// One fragment of each datagram, far behind where it begins.
void begin_datagram(MeasuredSniffer& house, std::uint16_t id) {
    const std::string sender = "192.168.1." + std::to_string(101 + id % 8);
    const IpFields fields{.source = sender,
                          .protocol = 17,
                          .id = id,
                          .fragment_offset = 14'400,
                          .more_fragments = true};
    house.see(ethernet(kEthertypeIpv4, ipv4(fields, Octets(1400, 3)), {"02:00:00:00:01:00"}));
}

Octets forged_initial(std::uint32_t number) {
    const Octets key_id = octets(std::to_string(10'000'000 + number));
    const auto id = static_cast<std::uint16_t>(number);
    return ethernet(
        kEthertypeIpv4,
        ipv4({.source = "192.168.1.101", .protocol = 17},
             udp({id, 443}, padded_datagram(quic_initial({.key_id = key_id}, Octets(30, 0))))),
        {"02:00:00:00:01:00"});
}

/// The good flows: each is opened, told its name over two segments, answered, and goes on later.
class GoodFlows {
public:
    static constexpr std::uint16_t kCount = 200;

    void open(MeasuredSniffer& house) {
        for (Conversation& talk : talks_) {
            talk.device_port = static_cast<std::uint16_t>(1 + (&talk - talks_.data()));
            const Octets hello = tls_hello(name_of(talk.device_port));
            house.see(talk.syn());
            house.see(talk.syn_ack());
            house.see(talk.say(Octets(hello.begin(), hello.begin() + 30)));
            house.see(talk.say(Octets(hello.begin() + 30, hello.end())));
            house.see(talk.answer(octets("server hello")));
        }
    }
    void go_on(MeasuredSniffer& house) {
        for (Conversation& talk : talks_) {
            house.see(talk.say(octets("more")));
        }
    }
    void ended(const FlowSummary& flow) {
        if (flow.client.address.text() == Conversation().device) {
            ++pieces_;
            named_ += flow.name == name_of(flow.client.port) ? 1U : 0U;
        }
    }
    /// One that is forgotten early is two: what it was, and one without a name.
    [[nodiscard]] std::size_t pieces() const { return pieces_; }
    [[nodiscard]] std::size_t named() const { return named_; }

private:
    static std::string name_of(std::uint16_t port) {
        return "good" + std::to_string(port) + ".example";
    }

    std::vector<Conversation> talks_ = std::vector<Conversation>(kCount);
    std::size_t pieces_ = 0;
    std::size_t named_ = 0;
};

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

TEST(Hostility, TakesNoMoreMemoryThanPromisedWhateverItsPacketsSay) {
    constexpr std::size_t kPromised = std::size_t{32} << 20U;
    constexpr std::uint32_t kTalks = 32'768;  // what there is room for, and as many again
    constexpr std::uint32_t kHalfHellos = 1000;
    constexpr std::uint32_t kInitials = 6000;
    const UnwatchedHeap unwatched;
    GoodFlows good;
    MeasuredSniffer house([&](const FlowSummary& flow) { good.ended(flow); });

    good.open(house);
    for (std::uint32_t number = 0; number < kTalks; ++number) {
        tell_two_names(house, number);
    }
    for (std::uint32_t number = 0; number < kHalfHellos; ++number) {
        begin_hello(house, kTalks + number);
        begin_datagram(house, static_cast<std::uint16_t>(number));
    }
    for (std::uint32_t number = 0; number < kInitials; ++number) {
        house.see(forged_initial(number));
    }
    good.go_on(house);
    const std::size_t taken = house.finish();

    CHECK_TEXT(taken < kPromised, std::to_string(taken).c_str());
    LONGS_EQUAL(GoodFlows::kCount, good.named());
    // By chance one may be in a place of the table that many others want.
    CHECK(good.pieces() <= GoodFlows::kCount + GoodFlows::kCount / 50);
    CHECK(house.counters().flows_pushed_out > 0);
    CHECK(house.counters().names_given_up > 0);
    CHECK(house.counters().quic_left_shut >= kInitials - 4000);  // that many a second are opened
}
