#include "capture/flow_claims.h"

#include "capture/sniffer.h"
#include "tests/support/conversation.h"
#include "tests/support/recording_sink.h"

#include <memory>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::capture;
using namespace sporvakt::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_GROUP(FlowClaims) {
    FlowClaims claims;
    const devices::DeviceId phone{*MacAddress::from_text("3c:22:fb:12:34:01")};
    const devices::DeviceId other{*MacAddress::from_text("3c:22:fb:12:34:02")};

    static FlowKey flow(std::uint16_t port) {
        return FlowKey::of(kTcp, {*IpAddress::from_text("192.168.1.20"), port},
                           {*IpAddress::from_text("203.0.113.80"), 443});
    }
    static constexpr std::uint8_t kTcp = 6;
};

TEST(FlowClaims, GiveAFlowToWhoSeesItFirst) {
    CHECK(claims.claim(flow(40'000), phone, 1));
    CHECK_FALSE(claims.claim(flow(40'000), phone, 2));
    CHECK(claims.claim(flow(40'000), phone, 1));
    CHECK(claims.claim(flow(40'001), phone, 2));
}

TEST(FlowClaims, TellDevicesApartThatHaveTheSameAddressInTwoNetworks) {
    CHECK(claims.claim(flow(40'000), phone, 1));
    CHECK(claims.claim(flow(40'000), other, 2));
}

TEST(FlowClaims, EndWithTheFlowWhereItIsCounted) {
    claims.claim(flow(40'000), phone, 1);
    claims.release(flow(40'000), phone, 2);
    CHECK_FALSE(claims.claim(flow(40'000), phone, 2));

    claims.release(flow(40'000), phone, 1);

    CHECK(claims.claim(flow(40'000), phone, 2));
}

TEST(FlowClaims, StayBounded) {
    const auto many = [](std::size_t at) {
        FlowKey key = flow(1);
        key.words[0] = at;
        return key;
    };
    for (std::size_t at = 0; at < FlowClaims::kClaimsMax; ++at) {
        claims.claim(many(at), phone, 1);
    }

    CHECK(claims.claim(many(FlowClaims::kClaimsMax), phone, 1));
    CHECK(claims.claim(many(FlowClaims::kClaimsMax), phone, 2));  // not noted: no room
    CHECK_FALSE(claims.claim(many(0), phone, 2));
}

/// Sniffers of several cards of one machine.
TEST_GROUP(FlowClaimsOfSniffers) {
    Snapshot<policy::Policy> policy{std::make_shared<const policy::Policy>(
        std::vector<std::shared_ptr<const trackers::Catalogue>>{},
        policy::HouseholdRules{{{"ads.example", policy::HouseholdRule::Block}}})};
    RecordingSink sink;
    FlowClaims claims;
    std::vector<std::uint8_t> memory = std::vector<std::uint8_t>(FlowJournal::kBytes);
    FlowJournal journal{memory};
    Timestamp now{seconds(1000)};
    Conversation talk;

    std::unique_ptr<Sniffer> start(FlowClaims::Party party, FlowJournal* noted_in = nullptr) {
        SnifferSettings settings;
        settings.claims = &claims;
        settings.party = party;
        settings.journal = noted_in;
        return std::make_unique<Sniffer>(std::move(settings), policy, sink);
    }
    void each_sees(const std::vector<Sniffer*>& sniffers, const std::vector<Octets>& packets) {
        for (const Octets& bytes : packets) {
            now += milliseconds(1);
            for (Sniffer* const sniffer : sniffers) {
                sniffer->see(packet(bytes, now));
            }
        }
    }
    std::vector<Octets> whole_talk() {
        return {talk.syn(), talk.syn_ack(), talk.say(tls_hello("ads.example")),
                talk.answer(octets("server hello")), talk.fin()};
    }
    std::uint64_t recorded_up() const {
        std::uint64_t sum = 0;
        for (const auto& sighting : sink.sightings()) {
            sum += sighting.bytes_up;
        }
        return sum;
    }
};

TEST(FlowClaimsOfSniffers, CountAFlowOnceThoughTwoSeeIt) {
    const auto bridge = start(0);
    const auto port = start(1);
    each_sees({bridge.get(), port.get()}, whole_talk());
    bridge->finish();
    port->finish();

    LONGS_EQUAL(40 + 40 + tls_hello("ads.example").size() + 40, recorded_up());
}

TEST(FlowClaimsOfSniffers, LetAnotherCountWhatBeginsWhenTheFirstIsGone) {
    const auto bridge = start(0);
    const auto port = start(1);
    each_sees({bridge.get(), port.get()}, whole_talk());
    bridge->finish();
    const std::uint64_t before = recorded_up();
    talk.up_sequence = 90'000;  // the same ports, another conversation

    each_sees({port.get()}, whole_talk());
    port->finish();

    LONGS_EQUAL(2 * before, recorded_up());
}

TEST(FlowClaimsOfSniffers, StayWithASnifferThatIsStartedAgain) {
    const auto died = start(0, &journal);
    each_sees({died.get()}, {talk.syn(), talk.syn_ack(), talk.say(tls_hello("ads.example")),
                             talk.answer(octets("server hello"))});
    died->tick(now + seconds(2));
    const std::uint64_t before = recorded_up();
    FlowClaims anew;
    SnifferSettings settings;
    settings.claims = &anew;
    settings.journal = &journal;
    Sniffer bridge(settings, policy, sink);
    settings.journal = nullptr;
    settings.party = 1;
    Sniffer port(settings, policy, sink);

    each_sees({&port, &bridge}, {talk.say(octets("more")), talk.answer(octets("more"))});
    port.finish();
    bridge.finish();

    LONGS_EQUAL(before + 44, recorded_up());
}
