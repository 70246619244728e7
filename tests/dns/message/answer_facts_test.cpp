#include "dns/message/answer_facts.h"

#include <array>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::ParseError;
using std::chrono::seconds;

using Texts = std::vector<std::string>;

TEST_GROUP(AnswerFacts) {
    Targets targets;

    static seconds lifetime(unsigned rcode, bool answers_type) {
        return lifetime_of({rcode, seconds(300), answers_type, seconds(120)});
    }
};

TEST(AnswerFacts, TargetsAreNamesThenAddresses) {
    CHECK_TRUE(targets.add_address(std::array<std::uint8_t, 4>{192, 0, 2, 1}).has_value());
    targets.add_name("CDN.example.");
    targets.add_name("no host.example");

    CHECK_FALSE(targets.leads_inside());
    CHECK(*targets.take_all() == (Texts{"cdn.example", "192.0.2.1"}));
}

TEST(AnswerFacts, OneAddressInsideIsEnough) {
    CHECK_TRUE(targets.add_address(std::array<std::uint8_t, 4>{192, 168, 2, 1}).has_value());
    CHECK_TRUE(targets.add_address(std::array<std::uint8_t, 4>{192, 0, 2, 1}).has_value());

    CHECK_TRUE(targets.leads_inside());
}

TEST(AnswerFacts, NoAddressHasFiveBytes) {
    CHECK_FALSE(targets.add_address(std::array<std::uint8_t, 5>{}).has_value());
}

TEST(AnswerFacts, MoreTargetsThanAreJudgedAreAnError) {
    for (std::size_t count = 0; count < kTargetsMax; ++count) {
        targets.add_name("cdn.example");
    }
    Targets one_more = targets;
    one_more.add_name("cdn.example");

    LONGS_EQUAL(kTargetsMax, targets.take_all()->size());
    CHECK(one_more.take_all().error() == ParseError::LimitExceeded);
}

TEST(AnswerFacts, AnAnswerLivesByItsRecordsADenialByItsZone) {
    LONGS_EQUAL(300, lifetime(0, true).count());
    LONGS_EQUAL(120, lifetime(0, false).count());
    LONGS_EQUAL(120, lifetime(3, true).count());
    LONGS_EQUAL(0, lifetime(2, true).count());
}

TEST(AnswerFacts, ADenialIsKeptForAnHourAtMostAndNotWithoutAZone) {
    LONGS_EQUAL(3600, lifetime_of({3, seconds(86400), false, seconds(86400)}).count());
    LONGS_EQUAL(0, lifetime_of({3, seconds(86400), false, {}}).count());
}
