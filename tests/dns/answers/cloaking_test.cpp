#include "dns/answers/cloaking.h"

#include "tests/support/dns/dns_rig.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::policy::HouseholdRule;
using sporvakt::policy::Question;
using sporvakt::test::DnsHouse;

TEST_GROUP(Cloaking) {
    DnsHouse house;
    StoredAnswer answer;

    std::string behind(std::string_view name) {
        const auto policy = house.policy.get();
        const Question question{{}, name, sporvakt::RecordType::A};
        const auto found = find_cloaked(answer, question, policy->judge(question), *policy);
        return found ? std::string(found->behind) : "";
    }
};

TEST(Cloaking, FindsTheBlockedNameInAChain) {
    answer.targets = {"a.cdn.example", "x.tracker.example"};

    STRCMP_EQUAL("x.tracker.example", behind("shop.example").c_str());
}

TEST(Cloaking, FindsABlockedAddress) {
    answer.targets = {"192.0.2.66"};

    STRCMP_EQUAL("192.0.2.66", behind("shop.example").c_str());
}

TEST(Cloaking, FindsNothingBehindAnHonestName) {
    answer.targets = {"a.cdn.example", "192.0.2.1"};

    STRCMP_EQUAL("", behind("shop.example").c_str());
}

TEST(Cloaking, GivesWayToAnAllowOnTheNameAskedFor) {
    answer.targets = {"x.tracker.example"};
    house.rule("shop.example", HouseholdRule::Allow);

    STRCMP_EQUAL("", behind("shop.example").c_str());
    STRCMP_EQUAL("", behind("ok.tracker.example").c_str());
    STRCMP_EQUAL("x.tracker.example", behind("other.example").c_str());
}

TEST(Cloaking, GivesWayToAnAllowOnTheTarget) {
    answer.targets = {"ok.tracker.example"};

    STRCMP_EQUAL("", behind("shop.example").c_str());
}
