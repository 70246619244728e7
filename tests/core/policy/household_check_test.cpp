#include "core/policy/household_check.h"

#include "tests/support/warm_expressions.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::policy;

TEST_GROUP(HouseholdCheck) {
    HouseholdRules household;

    void setup() override {
        household.groups = {{"children", "Barna"}, {"guests", "Gjester"}};
    }
    void check_refused(const char* why) const {
        const auto checked = check(household);
        CHECK_FALSE(checked.has_value());
        CHECK(checked.error().code == Errc::InvalidInput);
        STRCMP_CONTAINS(why, checked.error().message.c_str());
    }
};

TEST(HouseholdCheck, TakesNothingAndAWholeHousehold) {
    CHECK(check(HouseholdRules{}).has_value());
    household.rules = {{"a.example", HouseholdRule::Block}};
    household.groups[0].rules = {{"a.example", HouseholdRule::Allow},
                                 {"a.example", HouseholdRule::Allow, RuleForm::Exact}};
    household.groups[1].rules = {{"a.example", HouseholdRule::Allow}};
    household.unknown_group = "guests";
    household.pauses = {{Pause::Scope::Everybody, "", Timestamp(std::chrono::hours(1))},
                        {Pause::Scope::Group, "guests", Timestamp(std::chrono::hours(1))}};
    CHECK(check(household).has_value());
}

TEST(HouseholdCheck, RefusesWhatStandsThereTwice) {
    household.rules = {{"a.example", HouseholdRule::Block}, {"a.example", HouseholdRule::Allow}};
    check_refused("the rule 'a.example' stands there twice");
    household.rules.clear();
    household.groups[1].id = "children";
    check_refused("the group 'children' stands there twice");
    household.groups.pop_back();
    household.pauses.assign(2, {Pause::Scope::Everybody, "", Timestamp(std::chrono::hours(1))});
    check_refused("the pause '' stands there twice");
}

TEST(HouseholdCheck, RefusesPartsThatMakeNoSense) {
    household.groups[1].rules = {{"not a name", HouseholdRule::Block}};
    check_refused("'not a name' is not a name of the Internet");
    household.groups[1] = {"No Id", "x"};
    check_refused("'No Id' is not a group's id");
    household.groups.pop_back();
    household.pauses = {{Pause::Scope::Name, "a.example", {}}};
    check_refused("a pause needs an end");
}

TEST(HouseholdCheck, RefusesUnknownDevicesInAGroupThatIsNotThere) {
    household.unknown_group = "staff";
    check_refused("the group 'staff', which is not there");
}

TEST(HouseholdCheck, RefusesMoreThanThereIsRoomFor) {
    for (std::size_t number = household.groups.size(); number <= HouseholdRules::kGroupsMax;
         ++number) {
        household.groups.push_back({"g" + std::to_string(number), "x"});
    }
    check_refused("65 groups, and 64 is the most");
    household.groups.clear();

    for (std::size_t number = 0; number <= HouseholdRules::kExpressionsMax; ++number) {
        household.rules.push_back(
            {"a" + std::to_string(number) + "*", HouseholdRule::Block, RuleForm::Wildcard});
    }
    check_refused("501 wildcards and expressions, and 500 is the most");
    household.rules.clear();

    for (std::size_t number = 0; number <= HouseholdRules::kRulesMax; ++number) {
        household.rules.push_back({"n" + std::to_string(number) + ".example"});
    }
    check_refused("10001 rules, and 10000 is the most");
}
