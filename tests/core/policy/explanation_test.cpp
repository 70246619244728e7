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
            .way_around("dns.google", sporvakt::trackers::Evasion::DnsOverHttps)
            .list("built-in")
            .block("facebook.net");
        return {builder.open()};
    }
    [[nodiscard]] Explanation explained(std::string_view name) const {
        const Policy policy(catalogues, household);
        const Question question{{}, name, RecordType::A};
        return explain(policy.judge(question), question, policy);
    }
    [[nodiscard]] std::string because(std::string_view name) const {
        return explained(name).because;
    }
    [[nodiscard]] std::string to_change(std::string_view name) const {
        return explained(name).to_change;
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

TEST(Explanation, NamesEveryListThatSaysTheSame) {
    CatalogueBuilder builder;
    builder.list("adaway").block("facebook.net").list("exceptions").allow("x.facebook.net");
    builder.list("native").block("connect.facebook.net");
    catalogues.push_back(builder.open());

    check_says(
        "The rule ||connect.facebook.net^ of the list native blocks it; the lists built-in, "
        "adaway do so too.",
        "connect.facebook.net");
    check_says("The rule @@||x.facebook.net^ of the list exceptions allows it.", "x.facebook.net");

    children().lists = {{"adaway", "native"}};
    check_says(
        "The rule ||connect.facebook.net^ of the list native blocks it; the list adaway "
        "does so too.",
        "connect.facebook.net");

    children().lists.reset();
    CatalogueBuilder many;
    for (int i = 0; i < 20; ++i) {
        many.list("list" + std::to_string(i)).block("facebook.net");
    }
    catalogues.push_back(many.open());
    CHECK(because("a.facebook.net").ends_with("list6 and 13 more do so too."));
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
    check_says(
        "Nothing blocks it, but it is a resolver for DNS over HTTPS: a way around the household.",
        "dns.google");
    children().purposes = {{Purpose::WayAround, HouseholdRule::Block}};
    check_says("What the group Barna says about this purpose (Ways around the filter) blocks it.",
               "dns.google");
    children().allow_only = true;
    check_says("Devices of the group Barna may reach only what is allowed, and this is not.",
               "a.example");
    household.groups.clear();
    household.pauses = {{Pause::Scope::Everybody, "", Timestamp(std::chrono::hours(1))}};
    check_says("It would be blocked, but protection is paused.", "facebook.net");
}
