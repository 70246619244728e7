#include "core/policy/household_difference.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::policy;
using trackers::Purpose;

namespace {

std::vector<std::string> lines(const HouseholdRules& before, const HouseholdRules& after) {
    std::vector<std::string> all;
    for (const Difference& one : differences(before, after)) {
        all.push_back(line_of(one));
    }
    return all;
}

HouseholdRules full_house() {
    HouseholdRules household;
    household.rules = {{"shop.example", HouseholdRule::Allow},
                       {"ads*.example", HouseholdRule::Block, RuleForm::Wildcard}};
    Group children{"children", "Barna"};
    children.purposes[Purpose::Social] = HouseholdRule::Block;
    children.companies = {{"meta", HouseholdRule::Block, CompanyReach::Everything}};
    children.schedules = {{"bedtime", {{0x1f, 21 * 60, 7 * 60}}, true}};
    children.members = {{Membership::By::Name, "tv-*"}};
    household.groups = {children, {"kiosk", "Kiosk"}};
    household.unknown_group = "children";
    household.pauses = {
        {Pause::Scope::Company, "meta", *timestamp_from_rfc3339("2026-11-22T12:00:00.000Z")}};
    return household;
}

}  // namespace

TEST_GROUP(HouseholdDifference){};

TEST(HouseholdDifference, IsNothingBetweenTwoThatSayTheSame) {
    HouseholdRules turned = full_house();
    std::swap(turned.groups[0], turned.groups[1]);
    std::swap(turned.rules[0], turned.rules[1]);
    CHECK(differences(full_house(), full_house()).empty());
    CHECK(differences(full_house(), turned).empty());
}

TEST(HouseholdDifference, TellsAllOfAHouseholdThatIsNew) {
    const std::vector<std::string> expected{
        "+ everybody: pause company meta: until 2026-11-22T12:00:00.000Z",
        "+ everybody: rule ads*.example, wildcard: block",
        "+ everybody: rule shop.example, with subdomains: allow",
        "+ everybody: unknown devices group: children",
        "+ children: company meta: block all it owns",
        "+ children: group name: Barna",
        "+ children: member name tv-*",
        "+ children: purpose social: block",
        "+ children: schedule bedtime: everything; mon,tue,wed,thu,fri 21:00-07:00",
        "+ kiosk: group name: Kiosk",
    };
    CHECK(lines({}, full_house()) == expected);
}

TEST(HouseholdDifference, TellsWhatIsTakenBack) {
    const auto gone = differences(full_house(), {});
    LONGS_EQUAL(10, gone.size());
    for (const Difference& one : gone) {
        CHECK(one.kind == Difference::Kind::Removed);
        CHECK(one.after.empty());
    }
}

TEST(HouseholdDifference, TellsWhatBecomesOfEachThing) {
    HouseholdRules after = full_house();
    after.rules[0].action = HouseholdRule::Block;
    after.rules[1].form = RuleForm::Expression;
    after.groups[0].companies[0].reach = CompanyReach::Trackers;
    after.groups[0].schedules[0].windows[0].end = WeeklyWindow::kDayMinutes;
    after.groups[0].lists = {{"adaway", "built-in"}};
    after.groups[1].allow_only = true;
    after.groups[1].lists = std::vector<std::string>{};
    after.unknown_group = "kiosk";
    after.pauses.clear();
    const std::vector<std::string> expected{
        "- everybody: pause company meta: until 2026-11-22T12:00:00.000Z",
        "+ everybody: rule ads*.example, expression: block",
        "- everybody: rule ads*.example, wildcard: block",
        "~ everybody: rule shop.example, with subdomains: allow -> block",
        "~ everybody: unknown devices group: children -> kiosk",
        "~ children: company meta: block all it owns -> block its trackers",
        "+ children: group lists: adaway, built-in",
        "~ children: schedule bedtime: everything; mon,tue,wed,thu,fri 21:00-07:00 -> "
        "everything; mon,tue,wed,thu,fri 21:00-24:00",
        "+ kiosk: group lists: none",
        "+ kiosk: group reaches: only what is allowed",
    };
    CHECK(lines(full_house(), after) == expected);
}

TEST(HouseholdDifference, TellsOneRuleOfTwoGroupsApart) {
    HouseholdRules before = full_house();
    before.groups[0].rules = {{"a.example", HouseholdRule::Block}};
    HouseholdRules after = full_house();
    after.groups[1].rules = {{"a.example", HouseholdRule::Block}};
    const std::vector<std::string> expected{"- children: rule a.example, with subdomains: block",
                                            "+ kiosk: rule a.example, with subdomains: block"};
    CHECK(lines(before, after) == expected);
}

TEST(HouseholdDifference, TellsHowAGroupIsAnswered) {
    using Wish = AnswerWishes::Wish;
    HouseholdRules after = full_house();
    after.groups[1].answers = {AnswerWishes::Blocked::NoSuchName, Wish::Yes, Wish::No};
    const std::vector<std::string> expected{"+ kiosk: answers blocking: nxdomain",
                                            "+ kiosk: answers canary_names: no",
                                            "+ kiosk: answers strip_ech: yes"};
    CHECK(lines(full_house(), after) == expected);
}
