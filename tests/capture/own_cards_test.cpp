// What a sniffer makes of the cards of the machine that it runs on.
#include "capture/sniffer.h"
#include "tests/support/watched_sniffer.h"

#include <utility>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::capture;
using namespace sporvakt::test;

TEST_GROUP_BASE(OwnCards, WatchedSniffer){};

TEST(OwnCards, TakesNoCardOfOursForADeviceAlsoOneThatCameLater) {
    talk.device = "2001:db8::1";
    talk.server = "2001:db8:9::80";
    sniffer->add_own_card(*MacAddress::from_text(talk.device_mac), OwnCard::Gateway);

    open_talk("ads.example");
    see(talk.answer(octets("and more")));
    sniffer->finish();

    CHECK(sink.sightings().empty());
    LONGS_EQUAL(1, flows.size());
}

TEST(OwnCards, LearnsWhoForwardsWhereItOnlyLooksOn) {
    const auto our_mac = *MacAddress::from_text("02:00:00:00:00:01");
    for (const auto& [card, count] : {std::pair{OwnCard::Onlooker, 0}, {OwnCard::Gateway, 1}}) {
        sniffer = start({});
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
