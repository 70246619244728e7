#include "core/policy/policy.h"

#include "tests/support/catalogue_builder.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::RecordType;
using sporvakt::Timestamp;
using sporvakt::devices::DeviceId;
using namespace sporvakt::policy;
using sporvakt::test::CatalogueBuilder;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::CompanyId;
using sporvakt::trackers::Purpose;

TEST_GROUP(Policy) {
    using Catalogues = std::vector<std::shared_ptr<const Catalogue>>;

    Catalogues catalogues;
    HouseholdRules household;
    const DeviceId child = *DeviceId::from_text("3c:22:fb:12:34:01");

    void add(CatalogueBuilder & builder) {
        catalogues.push_back(builder.open());
    }
    void facts() {
        CatalogueBuilder builder;
        builder.company("meta", "Meta Platforms")
            .domain("facebook.net", "meta", Purpose::Advertising)
            .domain("facebook.com", "meta", Purpose::Social)
            .domain("fbcdn.example", "meta", Purpose::Cdn)
            .list("built-in")
            .block("facebook.net");
        add(builder);
    }
    [[nodiscard]] Verdict judge(std::string_view name) const {
        return Policy(catalogues, household).judge({{}, name, RecordType::A});
    }
};

TEST(Policy, WithoutCataloguesAllowsEverything) {
    const Verdict verdict = judge("connect.facebook.net");

    CHECK(verdict.action == Action::Allow);
    CHECK(verdict.reason == Reason::NoRule);
    CHECK_FALSE(verdict.is_recorded());
}

TEST(Policy, BlocksByAListAndSaysWhoIsBehindTheName) {
    facts();
    const Policy policy(catalogues, household);

    const Verdict verdict = policy.judge({{}, "connect.facebook.net", RecordType::A});

    CHECK_TRUE(verdict.is_blocked());
    CHECK(verdict.reason == Reason::List);
    CHECK(verdict.list == "built-in");
    CHECK(verdict.rule == "||facebook.net^");
    CHECK(verdict.purpose == Purpose::Advertising);
    CHECK(policy.company(verdict.company)->name == "Meta Platforms");
    CHECK_TRUE(verdict.is_recorded());
}

TEST(Policy, ReportsATrackerThatNoRuleBlocks) {
    facts();
    const Verdict verdict = judge("www.facebook.com");

    CHECK_FALSE(verdict.is_blocked());
    CHECK(verdict.reason == Reason::Reported);
    CHECK_TRUE(verdict.is_recorded());
}

TEST(Policy, DoesNotRecordAKnownCompanyThatDoesNotTrack) {
    facts();

    CHECK_FALSE(judge("img.fbcdn.example").is_recorded());
}

TEST(Policy, RecordsABlockedNameThatNobodyKnows) {
    CatalogueBuilder builder;
    builder.block("nobody.example");
    add(builder);

    const Verdict verdict = judge("x.nobody.example");

    CHECK(verdict.company == CompanyId::None);
    CHECK_TRUE(verdict.is_recorded());
}

TEST(Policy, TheOwnersWordBeatsEveryList) {
    facts();
    household.rules.push_back({"facebook.net", HouseholdRule::Allow});
    household.rules.push_back({"www.facebook.com", HouseholdRule::Block});

    const Verdict allowed = judge("connect.facebook.net");
    const Verdict blocked = judge("www.facebook.com");

    CHECK(allowed.action == Action::Allow);
    CHECK(allowed.reason == Reason::Household);
    CHECK_TRUE(allowed.is_recorded());
    CHECK(blocked.action == Action::Block);
    CHECK(blocked.reason == Reason::Household);
}

TEST(Policy, TheOwnersWordSpeaksOfNothingElse) {
    facts();
    household.rules.push_back({"connect.facebook.net", HouseholdRule::Allow});

    CHECK_FALSE(judge("connect.facebook.net").is_blocked());
    CHECK_FALSE(judge("a.connect.facebook.net").is_blocked());
    CHECK_TRUE(judge("facebook.net").is_blocked());
    CHECK_TRUE(judge("xconnect.facebook.net").is_blocked());
}

TEST(Policy, TheOwnersLongestNameDecides) {
    household.rules.push_back({"shop.example", HouseholdRule::Block});
    household.rules.push_back({"cdn.shop.example", HouseholdRule::Allow});

    CHECK_TRUE(judge("www.shop.example").is_blocked());
    CHECK_FALSE(judge("a.cdn.shop.example").is_blocked());
}

// One row for each pair of neighbours in the order of precedence that Policy::judge() documents:
// both speak of the name, and the upper one decides.
TEST(Policy, TheFirstThatSaysSomethingDecides) {
    facts();
    constexpr std::string_view kName = "connect.facebook.net";  // Meta, advertising, on a list
    const Group plain{"children", "The children"};
    const Schedule always{"always", {{0x7f, 0, WeeklyWindow::kDayMinutes}}, true};

    Group group = plain;
    std::unique_ptr<const Policy> policy;  // a verdict's views live as long as it does
    const auto decided_by = [&] {
        household.groups = {group};
        policy = std::make_unique<const Policy>(catalogues, household);
        return policy->judge({child, kName, RecordType::A});
    };
    household.unknown_group = "children";

    CHECK(decided_by().reason == Reason::List);
    CHECK(decided_by().list == "built-in");

    group.lists = {{"another list"}};  // of the lists, those that hold for the group
    CHECK(decided_by().reason == Reason::Reported);
    group.lists = {{"built-in"}};
    CHECK(decided_by().reason == Reason::List);

    group.purposes = {{Purpose::Advertising, HouseholdRule::Allow}};
    CHECK(decided_by().reason == Reason::Purpose);
    CHECK_FALSE(decided_by().is_blocked());
    CHECK(decided_by().rule == "advertising");

    group.companies = {{"meta", HouseholdRule::Block}};
    CHECK(decided_by().reason == Reason::Company);
    CHECK_TRUE(decided_by().is_blocked());
    CHECK(decided_by().rule == "meta");

    group.companies = {{"meta", HouseholdRule::Allow}};
    group.schedules = {always};
    CHECK(decided_by().reason == Reason::Schedule);
    CHECK_TRUE(decided_by().is_blocked());
    CHECK(decided_by().rule == "always");

    group.allow_only = true;
    CHECK(decided_by().reason == Reason::AllowOnly);
    CHECK_TRUE(decided_by().is_blocked());

    household.rules = {{"facebook.net", HouseholdRule::Allow}};
    CHECK(decided_by().reason == Reason::Household);
    CHECK_FALSE(decided_by().is_blocked());

    group.rules = {{"net", HouseholdRule::Block}};  // shorter, but the group's own
    CHECK(decided_by().reason == Reason::Household);
    CHECK_TRUE(decided_by().is_blocked());
    CHECK(decided_by().group == "children");

    household.pauses = {{Pause::Scope::Everybody, "", Timestamp(std::chrono::hours(1))}};
    CHECK(decided_by().reason == Reason::Paused);
    CHECK_FALSE(decided_by().is_blocked());
    CHECK(decided_by().rule == "net");

    group.rules.clear();
    household.rules.clear();
    CHECK(decided_by().reason == Reason::AllowOnly);  // which no pause lifts
    CHECK_TRUE(decided_by().is_blocked());
}

TEST(Policy, OfTheListsThatNameANameOneThatHoldsForTheGroupIsEnough) {
    CatalogueBuilder builder;
    builder.list("one").block("a.example").list("two").block("a.example").allow("x.a.example");
    builder.list("three").block("x.a.example");
    add(builder);
    household.groups = {{"children", "The children"}, {"guests", "Guests"}};
    household.groups[0].lists = {{"two"}};
    household.groups[1].lists = {{"three"}};
    household.unknown_group = "children";
    const Policy children(catalogues, household);

    const Verdict verdict = children.judge({child, "a.example", RecordType::A});
    CHECK_TRUE(verdict.is_blocked());
    CHECK(verdict.list == "two");
    CHECK_FALSE(children.judge({child, "x.a.example", RecordType::A}).is_blocked());
    const auto rules = children.list_rules_about({child, "x.a.example", RecordType::A});
    LONGS_EQUAL(2, rules.size());
    CHECK(rules[0].match.rule == "@@||x.a.example^");
    CHECK(rules[1].lists == (std::vector<std::string_view>{"two"}));

    household.unknown_group = "guests";
    const Policy guests(catalogues, household);
    CHECK_FALSE(guests.judge({child, "a.example", RecordType::A}).is_blocked());
    CHECK_TRUE(guests.judge({child, "x.a.example", RecordType::A}).is_blocked());

    household.unknown_group = "";
    const Policy everybody(catalogues, household);
    CHECK(everybody.judge({child, "a.example", RecordType::A}).list == "one");
    CHECK_FALSE(everybody.judge({child, "x.a.example", RecordType::A}).is_blocked());
}

TEST(Policy, SaysUntilWhenItHolds) {
    const Timestamp now(std::chrono::hours(1));
    const auto valid_until = [&] { return Policy({}, household, {now, {}}).valid_until(); };
    CHECK(valid_until() == Timestamp::max());

    household.rules = {{"a.example", {}, {}, now + std::chrono::minutes(9)},
                       {"b.example", {}, {}, now - std::chrono::minutes(9)}};
    CHECK(valid_until() == now + std::chrono::minutes(9));

    household.pauses = {{Pause::Scope::Everybody, "", now + std::chrono::minutes(5)}};
    CHECK(valid_until() == now + std::chrono::minutes(5));
}

TEST(Policy, WeighsRulesOfAllCatalogues) {
    facts();
    CatalogueBuilder builder;
    builder.list("exceptions").allow("connect.facebook.net");
    add(builder);

    const Verdict verdict = judge("connect.facebook.net");

    CHECK_FALSE(verdict.is_blocked());
    CHECK(verdict.reason == Reason::List);
    CHECK(verdict.list == "exceptions");
    CHECK_TRUE(judge("other.facebook.net").is_blocked());
}

TEST(Policy, TakesFactsFromTheFirstCatalogueThatKnows) {
    facts();
    CatalogueBuilder builder;
    builder.company("other", "Other").domain("facebook.net", "other", Purpose::Analytics);
    add(builder);
    const Policy policy(catalogues, household);

    const Verdict verdict = policy.judge({{}, "facebook.net", RecordType::A});

    CHECK(policy.company(verdict.company)->slug == "meta");
    CHECK_FALSE(policy.company(CompanyId{12345}).has_value());
}
