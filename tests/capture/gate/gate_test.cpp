#include "capture/gate/gate.h"

#include "tests/support/conversation.h"
#include "tests/support/hand_clock.h"
#include "tests/support/packets/quic_builder.h"
#include "tests/support/recording_sink.h"

#include <algorithm>
#include <map>
#include <random>
#include <utility>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::ledger;
using namespace sporvakt::policy;
using namespace sporvakt::test;
using sporvakt::MacAddress;
using sporvakt::Snapshot;
using std::chrono::milliseconds;

namespace {

constexpr std::string_view kMac = "3c:22:fb:12:34:01";
constexpr std::size_t kEthernetHeader = 14;

std::shared_ptr<const Policy> household() {
    return std::make_shared<const Policy>(
        std::vector<std::shared_ptr<const sporvakt::trackers::Catalogue>>{},
        HouseholdRules{{{"ads.example", HouseholdRule::Block}}});
}

/// What became of each packet, by its number.
class KeptRulings final : public Rulings {
public:
    std::map<std::uint32_t, Ruling> of;
    std::uint32_t repeated = 0;

    void rule(const PacketTicket& packet, Ruling ruling) override {
        repeated += of.emplace(packet.id, ruling).second ? 0U : 1U;
    }
    [[nodiscard]] bool is_held(std::uint32_t id) const { return of.count(id) == 0; }
    [[nodiscard]] std::size_t count(Ruling wanted) const {
        return static_cast<std::size_t>(std::count_if(
            of.begin(), of.end(), [&](const auto& one) { return one.second == wanted; }));
    }
};

Octets cut_out(const Octets& bytes, std::size_t from, std::size_t to) {
    return {bytes.begin() + static_cast<std::ptrdiff_t>(from),
            bytes.begin() + static_cast<std::ptrdiff_t>(std::min(to, bytes.size()))};
}

}  // namespace

TEST_GROUP(Gate) {
    Snapshot<Policy> policy{household()};
    RecordingSink sink;
    KeptRulings rulings;
    HandClock clock;
    Conversation talk;
    std::uint32_t next_id = 1;
    std::vector<std::string> would_cut;

    Gate gate(GateMode mode = GateMode::Cut, OnFailure on_failure = OnFailure::Open) {
        GateSettings settings;
        settings.mode = mode;
        settings.on_failure = on_failure;
        settings.on_would_cut = [this](const auto&, std::string_view name, const Verdict&) {
            would_cut.emplace_back(name);
        };
        settings.is_refused = [](std::string_view name) { return name == "doh.example"; };
        return Gate(settings, {policy, sink, rulings, clock});
    }

    /// Shows the gate what an Ethernet frame carries; the packet's number.
    std::uint32_t show(Gate & to, const Octets& frame, std::string_view mac = kMac) {
        const Octets bytes = cut_out(frame, kEthernetHeader, frame.size());
        to.see({{next_id, 0}, *MacAddress::from_text(mac), bytes});
        return next_id++;
    }
    std::uint32_t show_datagram(Gate & to, const Octets& payload, std::uint16_t port = 50000) {
        return show(to, ethernet(kEthertypeIpv4,
                                 ipv4({.protocol = kProtocolUdp}, udp({port, 443}, payload))));
    }
    void wait(Gate & waiting, milliseconds time) {
        clock.turn(time);
        waiting.tick();
    }
    void check(std::uint32_t id, Ruling wanted) const {
        CHECK_FALSE(rulings.is_held(id));
        CHECK(rulings.of.at(id) == wanted);
        LONGS_EQUAL(0, rulings.repeated);
    }
    static Octets initial(std::string_view name) {
        return padded_datagram(
            quic_initial({}, crypto_frame(0, HelloBuilder().server_name(name).build())));
    }
};

TEST(Gate, CutsAFlowToABlockedNameBeforeAnyPayloadLeaves) {
    Gate gate = this->gate();
    check(show(gate, talk.syn()), Ruling::Pass);
    check(show(gate, talk.say({})), Ruling::Pass);

    check(show(gate, talk.say(tls_hello("px.ads.example"))), Ruling::CutFlow);

    LONGS_EQUAL(1, gate.counters().cut);
    const auto sighting = sink.sightings().at(0);
    CHECK(sighting.outcome == Outcome::Prevented);
    CHECK(sighting.source == NameSource::Tls);
    CHECK(sighting.cause == Cause::Household);
    STRCMP_EQUAL("px.ads.example", sighting.name.c_str());
    STRCMP_EQUAL(std::string(kMac).c_str(), sighting.device.text().c_str());
    LONGS_EQUAL(1, sighting.attempts);
    LONGS_EQUAL(0, sighting.bytes_up);
    CHECK(sighting.at == clock.now());
}

TEST(Gate, PassesAFlowToAnyOtherName) {
    Gate gate = this->gate();
    show(gate, talk.syn());

    check(show(gate, talk.say(tls_hello("nrk.example"))), Ruling::PassFlow);

    LONGS_EQUAL(1, gate.counters().passed);
    LONGS_EQUAL(0, sink.sightings().size());
}

TEST(Gate, CutsOverIpv6) {
    talk.device = "2001:db8::20";
    talk.server = "2001:db8:1::80";
    Gate gate = this->gate();
    show(gate, talk.syn());

    check(show(gate, talk.say(tls_hello("ads.example"))), Ruling::CutFlow);
}

TEST(Gate, HoldsTheFirstSegmentUntilTheNameIsKnown) {
    Gate gate = this->gate();
    const Octets hello = tls_hello("ads.example");
    for (std::size_t cut = 1; cut < hello.size(); ++cut) {
        talk = Conversation();
        talk.device_port = static_cast<std::uint16_t>(10'000 + cut);
        show(gate, talk.syn());
        const auto first = show(gate, talk.say(cut_out(hello, 0, cut)));
        CHECK(rulings.is_held(first));
        const auto second = show(gate, talk.say(cut_out(hello, cut, hello.size())));
        check(first, Ruling::CutFlow);
        check(second, Ruling::Drop);  // the client is told once
    }
    LONGS_EQUAL(hello.size() - 1, sink.sightings().size());
}

TEST(Gate, ReleasesHeldSegmentsInTheirOrderWhenTheNameIsFine) {
    Gate gate = this->gate();
    const Octets hello = tls_hello("nrk.example");
    show(gate, talk.syn());
    const auto first = show(gate, talk.say(cut_out(hello, 0, 20)));
    const auto second = show(gate, talk.say(cut_out(hello, 20, 40)));
    CHECK(rulings.is_held(first));

    const auto third = show(gate, talk.say(cut_out(hello, 40, hello.size())));

    for (const auto id : {first, second, third}) {
        check(id, Ruling::PassFlow);
    }
}

TEST(Gate, ReadsSegmentsThatComeInTheWrongOrder) {
    Gate gate = this->gate();
    const Octets hello = tls_hello("ads.example");
    show(gate, talk.syn());
    const Octets early = talk.say(cut_out(hello, 0, 30));
    const Octets late = talk.say(cut_out(hello, 30, hello.size()));

    const auto first = show(gate, late);
    CHECK(rulings.is_held(first));
    show(gate, early);

    check(first, Ruling::CutFlow);
}

TEST(Gate, ReadsDataThatComesWithTheSyn) {
    Gate gate = this->gate();
    const Octets hello = tls_hello("ads.example");
    const Octets frame =
        ethernet(kEthertypeIpv4, ipv4({}, tcp({40000, 443, 1000, kTcpSyn}, hello)));

    check(show(gate, frame), Ruling::CutFlow);
}

TEST(Gate, CutsAnHttpRequestToABlockedHost) {
    Gate gate = this->gate();
    talk.server_port = 8080;
    show(gate, talk.syn());

    check(show(gate, talk.say(octets("GET / HTTP/1.1\r\nHost: ads.example\r\n\r\n"))),
          Ruling::CutFlow);

    CHECK(sink.sightings().at(0).source == NameSource::Http);
}

TEST(Gate, PassesWhatDoesNotBeginLikeAHelloAtOnce) {
    Gate gate = this->gate(GateMode::Cut, OnFailure::Closed);
    show(gate, talk.syn());
    check(show(gate, talk.say(octets("SSH-2.0-OpenSSH_9.2\r\n"))), Ruling::PassFlow);
    LONGS_EQUAL(0, gate.counters().unjudged);
}

TEST(Gate, LooksAtSomeDatagramsBeforeItTakesAFlowForNoQuic) {
    Gate gate = this->gate(GateMode::Cut, OnFailure::Closed);
    const Octets other = octets("\x01\x00\x02 not quic");
    for (std::uint32_t sent = 1; sent < Gate::kDatagramsTried; ++sent) {
        check(show_datagram(gate, other), Ruling::Pass);
    }
    check(show_datagram(gate, other), Ruling::PassFlow);

    check(show_datagram(gate, other, 50'001), Ruling::Pass);
    check(show_datagram(gate, initial("ads.example"), 50'001), Ruling::CutFlow);
    LONGS_EQUAL(0, gate.counters().unjudged);
}

TEST(Gate, PassesAHelloWithoutAName) {
    Gate gate = this->gate(GateMode::Cut, OnFailure::Closed);
    show(gate, talk.syn());
    const Octets message = HelloBuilder().extension(43, {2, 3, 4}).build();
    const Octets record = Octets{22, 3, 1, 0, static_cast<std::uint8_t>(message.size())} + message;

    check(show(gate, talk.say(record)), Ruling::PassFlow);
}

TEST(Gate, CutsQuicAndCutsWhatItsClientSendsAgainWithoutCountingIt) {
    Gate gate = this->gate();
    const Octets datagram = initial("ads.example");

    check(show_datagram(gate, datagram), Ruling::CutFlow);
    check(show_datagram(gate, datagram), Ruling::CutFlow);

    LONGS_EQUAL(1, sink.sightings().size());
    CHECK(sink.sightings().at(0).source == NameSource::Quic);
}

TEST(Gate, JudgesAQuicFlowAnewOnceTheCutIsForgotten) {
    Gate gate = this->gate();
    show_datagram(gate, initial("ads.example"));
    wait(gate, Gate::kCutMemory);

    check(show_datagram(gate, initial("nrk.example")), Ruling::PassFlow);
}

TEST(Gate, HoldsQuicInitialsUntilTheHelloIsWhole) {
    Gate gate = this->gate();
    const Octets hello =
        HelloBuilder().extension(21, Octets(900, 0)).server_name("ads.example").build();
    const auto datagram = [&](std::size_t from, std::size_t to, std::uint32_t number) {
        return padded_datagram(
            quic_initial({.number = number},
                         crypto_frame(static_cast<std::uint16_t>(from), cut_out(hello, from, to))));
    };
    const auto first = show_datagram(gate, datagram(500, hello.size(), 0));
    CHECK(rulings.is_held(first));

    const auto second = show_datagram(gate, datagram(0, 500, 1));

    check(first, Ruling::CutFlow);
    check(second, Ruling::Drop);
}

TEST(Gate, OpenLetsAnUnfinishedHelloPassInTimeButStillCutsOnceTheNameIsKnown) {
    Gate gate = this->gate();
    const Octets hello = tls_hello("ads.example");
    show(gate, talk.syn());
    const auto first = show(gate, talk.say(cut_out(hello, 0, 12)));
    wait(gate, Gate::kHoldTime - milliseconds(1));
    CHECK(rulings.is_held(first));
    wait(gate, milliseconds(1));
    check(first, Ruling::Pass);

    check(show(gate, talk.say(cut_out(hello, 12, hello.size()))), Ruling::CutFlow);
}

TEST(Gate, ClosedCutsAnUnfinishedHelloInTime) {
    Gate gate = this->gate(GateMode::Cut, OnFailure::Closed);
    show(gate, talk.syn());
    const auto first = show(gate, talk.say(cut_out(tls_hello("nrk.example"), 0, 12)));
    wait(gate, Gate::kHoldTime);

    check(first, Ruling::CutFlow);
    LONGS_EQUAL(1, gate.counters().unjudged);
    LONGS_EQUAL(0, sink.sightings().size());  // nobody knows whom it was for
}

TEST(Gate, JudgesByANameThatIsReadableBeforeTheHelloIsWhole) {
    Gate gate = this->gate();
    const Octets message =
        HelloBuilder().server_name("ads.example").extension(21, Octets(900, 0)).build();
    const Octets record = Octets{22, 3, 1, static_cast<std::uint8_t>(message.size() >> 8U),
                                 static_cast<std::uint8_t>(message.size())} +
                          message;
    show(gate, talk.syn());
    const auto first = show(gate, talk.say(cut_out(record, 0, 300)));
    wait(gate, Gate::kHoldTime);

    check(first, Ruling::CutFlow);
    LONGS_EQUAL(1, sink.sightings().size());
}

TEST(Gate, GivesUpAfterSoManyPacketsAsOnFailureSays) {
    for (const auto on_failure : {OnFailure::Open, OnFailure::Closed}) {
        Gate gate = this->gate(GateMode::Cut, on_failure);
        ++talk.device_port;
        show(gate, talk.syn());
        const Octets hello = tls_hello("nrk.example");
        std::uint32_t last = 0;
        for (std::uint32_t sent = 1; sent < Gate::kPacketsMax; ++sent) {
            CHECK(last == 0 || rulings.is_held(last));
            last = show(gate, talk.say(cut_out(hello, sent - 1, sent)));
        }
        CHECK(rulings.of.at(last) ==
              (on_failure == OnFailure::Open ? Ruling::PassFlow : Ruling::Drop));
        LONGS_EQUAL(1, gate.counters().unjudged);
        LONGS_EQUAL(on_failure == OnFailure::Open ? 0 : 1, rulings.count(Ruling::CutFlow));
    }
}

TEST(Gate, PassesAFlowInWhichOnlyTheServerSpeaks) {
    Gate gate = this->gate(GateMode::Cut, OnFailure::Closed);
    show(gate, talk.syn());
    std::uint32_t last = 0;
    for (std::uint32_t sent = 1; sent < Gate::kPacketsMax; ++sent) {
        last = show(gate, talk.say({}));
    }
    check(last, Ruling::PassFlow);
    LONGS_EQUAL(0, gate.counters().unjudged);
}

TEST(Gate, FailsANameThatNoHostCanHave) {
    for (const auto on_failure : {OnFailure::Open, OnFailure::Closed}) {
        Gate gate = this->gate(GateMode::Cut, on_failure);
        ++talk.device_port;
        show(gate, talk.syn());
        check(show(gate, talk.say(tls_hello("evil\r\nname"))),
              on_failure == OnFailure::Open ? Ruling::PassFlow : Ruling::CutFlow);
    }
}

TEST(Gate, FailsPacketsThatMakeNoSense) {
    Gate open = this->gate();
    Gate closed = this->gate(GateMode::Cut, OnFailure::Closed);
    const Octets frame = Octets(kEthernetHeader, 0) + octets("\x45 no packet");

    check(show(open, frame), Ruling::Pass);
    check(show(closed, frame), Ruling::Drop);
    LONGS_EQUAL(1, closed.counters().unjudged);
}

TEST(Gate, LogHoldsAndCutsNothingAndTellsWhatItWouldCut) {
    Gate gate = this->gate(GateMode::Log, OnFailure::Closed);
    const Octets hello = tls_hello("ads.example");
    show(gate, talk.syn());
    check(show(gate, talk.say(cut_out(hello, 0, 12))), Ruling::Pass);
    wait(gate, Gate::kHoldTime);
    check(show(gate, talk.say(cut_out(hello, 12, hello.size()))), Ruling::PassFlow);

    LONGS_EQUAL(1, would_cut.size());
    STRCMP_EQUAL("ads.example", would_cut.front().c_str());
    LONGS_EQUAL(1, gate.counters().cut);
    LONGS_EQUAL(0, sink.sightings().size());
}

TEST(Gate, CutsNamesThatAreRefusedWithoutCallingThemTrackers) {
    Gate gate = this->gate();
    show(gate, talk.syn());
    check(show(gate, talk.say(tls_hello("doh.example"))), Ruling::CutFlow);
    LONGS_EQUAL(0, sink.sightings().size());
}

TEST(Gate, CutsWhatWasQueuedBeforeTheKernelKnew) {
    Gate gate = this->gate();
    show(gate, talk.syn());
    show(gate, talk.say(tls_hello("ads.example")));

    check(show(gate, talk.say(octets("more"))), Ruling::CutFlow);
    LONGS_EQUAL(1, sink.sightings().size());
}

TEST(Gate, ReadsAnotherConversationOfTheSamePortsAnew) {
    Gate gate = this->gate();
    show(gate, talk.syn());
    const auto old = show(gate, talk.say(cut_out(tls_hello("ads.example"), 0, 20)));
    talk.up_sequence = 777'000;
    show(gate, talk.syn());
    check(old, Ruling::Drop);

    check(show(gate, talk.say(tls_hello("nrk.example"))), Ruling::PassFlow);
}

TEST(Gate, DoesNotLoseTheBeginningWhenTheSynComesTwice) {
    Gate gate = this->gate();
    const Octets syn = talk.syn();
    show(gate, syn);
    show(gate, syn);
    const Octets hello = tls_hello("ads.example");
    show(gate, talk.say(cut_out(hello, 0, 1)));
    check(show(gate, talk.say(cut_out(hello, 1, hello.size()))), Ruling::Drop);
    LONGS_EQUAL(1, sink.sightings().size());
}

TEST(Gate, ADeviceThatOpensFlowsWithoutEndPushesOutItsOwn) {
    Gate gate = this->gate();
    const Octets half = cut_out(tls_hello("ads.example"), 0, 20);
    show(gate, talk.syn());
    const auto held = show(gate, talk.say(half));
    Conversation flood;
    flood.device_mac = "8c:79:f5:12:34:02";
    flood.device = "192.168.1.21";
    for (std::size_t flow = 0; flow < 3 * UndecidedFlows::kFlowsMax; ++flow) {
        flood.device_port = static_cast<std::uint16_t>(flow + 1);
        flood.up_sequence = 1000;
        show(gate, flood.syn(), flood.device_mac);
        show(gate, flood.say(half), flood.device_mac);
    }
    CHECK(rulings.is_held(held));
    const std::size_t still_held = next_id - 1 - rulings.of.size();
    CHECK(still_held <= UndecidedFlows::kShareMax + 1);
    LONGS_EQUAL(0, rulings.repeated);
}

TEST(Gate, FailsQuicBeyondWhatItMayOpenInASecond) {
    Gate gate = this->gate(GateMode::Cut, OnFailure::Closed);
    const Octets datagram = initial("nrk.example");
    for (std::uint32_t sent = 0; sent < Gate::kOpenedPerSecond; ++sent) {
        show_datagram(gate, datagram, static_cast<std::uint16_t>(1 + sent));
    }
    check(show_datagram(gate, datagram, 60'000), Ruling::CutFlow);
    clock.turn(std::chrono::seconds(1));
    check(show_datagram(gate, datagram, 60'001), Ruling::PassFlow);
}

TEST(Gate, RulesUponAllThatIsHeldAtTheEnd) {
    for (const auto on_failure : {OnFailure::Open, OnFailure::Closed}) {
        Gate gate = this->gate(GateMode::Cut, on_failure);
        ++talk.device_port;
        show(gate, talk.syn());
        const auto held = show(gate, talk.say(cut_out(tls_hello("ads.example"), 0, 20)));
        gate.finish();
        check(held, on_failure == OnFailure::Open ? Ruling::Pass : Ruling::Drop);
    }
}

TEST(Gate, SaysWhenItWantsToBeCalledAgain) {
    Gate gate = this->gate();
    CHECK_FALSE(gate.tick().has_value());
    show(gate, talk.syn());
    show(gate, talk.say(cut_out(tls_hello("nrk.example"), 0, 20)));
    CHECK(*gate.tick() == clock.moment() + Gate::kHoldTime);
    wait(gate, Gate::kHoldTime);
    clock.turn(Gate::kForgottenAfter);
    CHECK_FALSE(gate.tick().has_value());
}

// Whatever comes, every packet gets exactly one ruling, and within bounded time.
TEST(Gate, RulesOnceUponEveryPacketOfRandomTraffic) {
    std::mt19937 source(7);  // NOLINT(cert-msc32-c, cert-msc51-cpp): the same each time
    const auto random = [&] { return static_cast<std::uint32_t>(source()); };
    for (const auto on_failure : {OnFailure::Open, OnFailure::Closed}) {
        rulings.of.clear();
        next_id = 1;
        Gate gate = this->gate(GateMode::Cut, on_failure);
        const Octets hello = tls_hello("ads.example");
        for (int step = 0; step < 20'000; ++step) {
            talk.device_port = static_cast<std::uint16_t>(1 + random() % 400);
            talk.up_sequence = 1000 + random() % 80;
            const std::size_t from = random() % hello.size();
            switch (random() % 5) {
                case 0:
                    show(gate, talk.syn());
                    break;
                case 1:
                    show_datagram(gate, cut_out(initial("ads.example"), 0, random() % 1200),
                                  talk.device_port);
                    break;
                case 2:
                    wait(gate, milliseconds(random() % 20));
                    break;
                default:
                    show(gate, talk.say(cut_out(hello, from, from + random() % 60)));
            }
        }
        wait(gate, Gate::kHoldTime);
        LONGS_EQUAL(0, rulings.repeated);
        CHECK(rulings.count(Ruling::CutFlow) > 0);
        CHECK(rulings.count(Ruling::PassFlow) > 0);
        const std::size_t shown = next_id - 1;
        LONGS_EQUAL(shown, rulings.of.size());
    }
}
