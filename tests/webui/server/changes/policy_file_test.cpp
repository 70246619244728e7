#include "webui/server/changes/policy_file.h"

#include "core/policy/household_difference.h"
#include "tests/support/warm_expressions.h"

#include <string>
#include <string_view>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::policy;
using trackers::Purpose;
using webui::household_from_file;
using webui::policy_file;

namespace {

HouseholdRules full_house() {
    HouseholdRules household;
    household.rules = {{"shop.example", HouseholdRule::Allow},
                       {R"(^metrics?\.)", HouseholdRule::Block, RuleForm::Expression},
                       {"late.example", HouseholdRule::Allow, RuleForm::Exact,
                        *timestamp_from_rfc3339("2026-11-22T12:00:00.000Z")}};
    Group children{"children", "Barna \"våre\""};
    children.rules = {{"ads*.example", HouseholdRule::Block, RuleForm::Wildcard}};
    children.purposes[Purpose::Social] = HouseholdRule::Block;
    children.purposes[Purpose::CrashReporting] = HouseholdRule::Allow;
    children.companies = {{"meta", HouseholdRule::Block, CompanyReach::Everything},
                          {"google", HouseholdRule::Allow}};
    children.schedules = {
        {"bedtime", {{0x1f, 21 * 60, 7 * 60}, {0x60, 22 * 60, 1440}}, true},
        {"school", {{0x1f, 8 * 60, 14 * 60}}, false, {Purpose::Social}, {"meta"}}};
    children.members = {{Membership::By::Name, "tv-*"},
                        {Membership::By::Network, "192.168.40.0/24"}};
    Group kiosk{"kiosk", "Kiosk"};
    kiosk.allow_only = true;
    kiosk.lists = std::vector<std::string>{};  // none at all, which is not the same as all
    children.lists = {{"adaway", "built-in"}};
    children.answers = {AnswerWishes::Blocked::NullAddress, AnswerWishes::Wish::Yes,
                        AnswerWishes::Wish::No};
    household.groups = {children, kiosk};
    household.unknown_group = "children";
    return household;
}

void check_refused(std::string_view text, const char* parameter, const char* detail) {
    const auto read = household_from_file(text);
    CHECK_FALSE(read.has_value());
    CHECK(read.error().problem == webui::Problem::InvalidBody);
    STRCMP_EQUAL(parameter, read.error().parameter.c_str());
    STRCMP_CONTAINS(detail, read.error().detail.c_str());
}

}  // namespace

TEST_GROUP(PolicyFile){};

TEST(PolicyFile, ComesBackAsItWentOut) {
    const auto back = household_from_file(policy_file(full_house()));
    CHECK(back.has_value());
    CHECK(*back == full_house());
    CHECK(*household_from_file(policy_file({})) == HouseholdRules{});
}

TEST(PolicyFile, IsReadByPeople) {
    HouseholdRules household;
    household.rules = {{"shop.example", HouseholdRule::Allow}};
    household.groups = {{"guests", "Gjester"}};
    const std::string text = policy_file(household);
    STRCMP_CONTAINS("`sporvakt policy import FILE` takes it over", text.c_str());
    STRCMP_CONTAINS("[[groups]]\n", text.c_str());
    STRCMP_CONTAINS("name = 'Gjester'", text.c_str());
    STRCMP_CONTAINS("text = 'shop.example'", text.c_str());
}

TEST(PolicyFile, LeavesPausesToTheMoment) {
    HouseholdRules household;
    household.pauses = {{Pause::Scope::Everybody, "", Timestamp(std::chrono::hours(500'000))}};
    CHECK(household_from_file(policy_file(household))->pauses.empty());
}

TEST(PolicyFile, TakesWhatSomebodyWroteByHand) {
    const auto household = household_from_file(R"(
unknown_group = "guests"
rules = [{ text = "a.example", rule = "block" }]
[[groups]]
id = "guests"
name = "Guests"
purposes = [{ purpose = "social", rule = "block" }]
)");
    CHECK(household.has_value());
    CHECK(household->rules[0] == (OwnRule{"a.example", HouseholdRule::Block}));
    CHECK(household->groups[0].purposes.at(Purpose::Social) == HouseholdRule::Block);
}

TEST(PolicyFile, SaysWhatIsWrong) {
    check_refused("rules = [", "", "line 1: ");
    check_refused("\n\nx x", "", "line 3: ");
    check_refused("colour = 'red'", "colour", "not known here");
    check_refused("rules = 7", "rules", "A list belongs here");
    check_refused("rules = [1]", "", "object belongs here");
    check_refused("rules = [{ text = 'a.example', rule = 'maybe' }]", "rule", "block, allow");
    check_refused("groups = [{ name = 'x' }]", "id", "A group needs an id");
    check_refused("unknown_group = 'staff'", "", "not there");
    check_refused("rules = [{ text = 'a b', rule = 'block' }]", "", "not a name of the Internet");
    check_refused("[[groups]]\nid = 'a'\nname = 3.5\n", "name", "A text belongs here");
}

TEST(PolicyFile, IsNotLedAstrayByDepthOrNumbers) {
    const std::string deep = "rules = " + std::string(5000, '[') + std::string(5000, ']');
    CHECK_FALSE(household_from_file(deep).has_value());
    CHECK_FALSE(household_from_file("rules = [{ text = 1979-05-27, rule = nan }]").has_value());
    CHECK_FALSE(household_from_file(std::string("a = '\xff'")).has_value());
}
