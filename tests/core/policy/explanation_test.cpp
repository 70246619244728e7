#include "core/policy/explanation.h"

#include "tests/support/catalogue_builder.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::RecordType;
using sporvakt::Timestamp;
using namespace sporvakt::policy;
using sporvakt::test::CatalogueBuilder;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::Purpose;

TEST_GROUP(Explanation) {
    std::vector<std::shared_ptr<const Catalogue>> catalogues = facts();
    HouseholdRules household;

    static std::vector<std::shared_ptr<const Catalogue>> facts() {
        CatalogueBuilder builder;
        builder.company("meta", "Meta Platforms")
            .domain("facebook.net", "meta", Purpose::Advertising)
            .domain("facebook.com", "meta", Purpose::Social)
            .list("built-in")
            .block("facebook.net");
        return {builder.open()};
    }
    [[nodiscard]] std::string because(std::string_view name) const {
        const Policy policy(catalogues, household);
        return explain(policy.judge({{}, name, RecordType::A}), policy).because;
    }
    [[nodiscard]] std::string to_change(std::string_view name) const {
        const Policy policy(catalogues, household);
        return explain(policy.judge({{}, name, RecordType::A}), policy).to_change;
    }
    void check_says(const char* expected, std::string_view name) const {
        STRCMP_EQUAL(expected, because(name).c_str());
    }
    Group& children() {
        household.groups = {{"children", "Barna"}};
        household.unknown_group = "children";
        return household.groups[0];
    }
};

TEST(Explanation, NamesTheListAndItsRule) {
    check_says("The rule ||facebook.net^ of the list built-in blocks it.", "connect.facebook.net");
    STRCMP_EQUAL("An own rule that allows the name, or a pause.",
                 to_change("connect.facebook.net").c_str());
}

TEST(Explanation, TellsAGroupsOwnRuleFromEverybodys) {
    household.rules = {{"a.example", HouseholdRule::Block}};
    check_says("The rule a.example of the household blocks it.", "a.example");
    children().rules = {{"b.example", HouseholdRule::Allow}};
    check_says("The rule b.example of the group Barna allows it.", "b.example");
    check_says("The rule a.example of the household blocks it.", "a.example");
}

TEST(Explanation, NamesCompanyPurposeAndSchedule) {
    children().companies = {{"meta", HouseholdRule::Block}};
    check_says("What the group Barna says about Meta Platforms blocks it.", "facebook.com");

    children().purposes = {{Purpose::Social, HouseholdRule::Allow}};
    check_says("What the group Barna says about this purpose (Social media) allows it.",
               "facebook.com");

    children().schedules = {{"leggetid", {{0x7f, 0, WeeklyWindow::kDayMinutes}}, true}};
    check_says("The schedule leggetid of the group Barna stops it at this time.", "a.example");
}

TEST(Explanation, TellsTheRestApart) {
    check_says("Nothing speaks of this name.", "a.example");
    check_says("Nothing blocks this tracker; what it gets is reported.", "facebook.com");
    children().allow_only = true;
    check_says("Devices of the group Barna may reach only what is allowed, and this is not.",
               "a.example");
    household.groups.clear();
    household.pauses = {{Pause::Scope::Everybody, "", Timestamp(std::chrono::hours(1))}};
    check_says("It would be blocked, but protection is paused.", "facebook.net");
}
