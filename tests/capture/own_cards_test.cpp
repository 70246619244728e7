// What a sniffer makes of the cards of the machine that it runs on.
#include "capture/sniffer.h"
#include "tests/support/conversation.h"
#include "tests/support/recording_sink.h"

#include <memory>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::capture;
using namespace sporvakt::test;

TEST_GROUP(OwnCards) {
    Snapshot<policy::Policy> policy{std::make_shared<const policy::Policy>(
        std::vector<std::shared_ptr<const trackers::Catalogue>>{},
        policy::HouseholdRules{{{"ads.example", policy::HouseholdRule::Block}}})};
    RecordingSink sink;
    int flows = 0;
    std::unique_ptr<Sniffer> sniffer;
    Timestamp now{std::chrono::seconds(1000)};
    Conversation talk;

    void setup() override {
        start();
    }

    void start() {
        SnifferSettings settings;
        settings.on_flow_end = [this](const FlowSummary&) { ++flows; };
        sniffer = std::make_unique<Sniffer>(std::move(settings), policy, sink);
    }
    void see(const Octets& bytes) {
        now += std::chrono::milliseconds(1);
        sniffer->see(packet(bytes, now));
    }
    void open_talk(std::string_view name) {
        see(talk.syn());
        see(talk.syn_ack());
        see(talk.say(tls_hello(name)));
        see(talk.answer(octets("server hello")));
    }
};

TEST(OwnCards, TakesNoCardOfOursForADeviceAlsoOneThatCameLater) {
    talk.device = "2001:db8::1";
    talk.server = "2001:db8:9::80";
    sniffer->add_own_card(*MacAddress::from_text(talk.device_mac), OwnCard::Gateway);

    open_talk("ads.example");
    see(talk.answer(octets("and more")));
    sniffer->finish();

    CHECK(sink.sightings().empty());
    LONGS_EQUAL(1, flows);
}

TEST(OwnCards, LearnsWhoForwardsWhereItOnlyLooksOn) {
    const auto our_mac = *MacAddress::from_text("02:00:00:00:00:01");
    for (const auto& [card, count] : {std::pair{OwnCard::Onlooker, 0}, {OwnCard::Gateway, 1}}) {
        start();
        sniffer->add_own_card(our_mac, card);
        talk = {};
        open_talk("shop.example");  // by IPv4, with the answer from the house's router
        const std::size_t before = sink.sightings().size();
        talk.device = "2001:db8::1";  // its own connection
        talk.server = "2001:db8:9::80";
        talk.device_mac = talk.gateway_mac;
        open_talk("ads.example");
        sniffer->finish();
        LONGS_EQUAL(count, sink.sightings().size() - before);
    }
}
