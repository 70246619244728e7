#include "core/policy/policy.h"

#include "tests/support/catalogue_builder.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::RecordType;
using sporvakt::policy::Action;
using sporvakt::policy::HouseholdRule;
using sporvakt::policy::HouseholdRules;
using sporvakt::policy::Policy;
using sporvakt::policy::Reason;
using sporvakt::policy::Verdict;
using sporvakt::test::CatalogueBuilder;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::CompanyId;
using sporvakt::trackers::Purpose;

TEST_GROUP(Policy) {
    using Catalogues = std::vector<std::shared_ptr<const Catalogue>>;

    Catalogues catalogues;
    HouseholdRules household;

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
    household.names["facebook.net"] = HouseholdRule::Allow;
    household.names["www.facebook.com"] = HouseholdRule::Block;

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
    household.names["connect.facebook.net"] = HouseholdRule::Allow;

    CHECK_FALSE(judge("connect.facebook.net").is_blocked());
    CHECK_FALSE(judge("a.connect.facebook.net").is_blocked());
    CHECK_TRUE(judge("facebook.net").is_blocked());
    CHECK_TRUE(judge("xconnect.facebook.net").is_blocked());
}

TEST(Policy, TheOwnersLongestNameDecides) {
    household.names["shop.example"] = HouseholdRule::Block;
    household.names["cdn.shop.example"] = HouseholdRule::Allow;

    CHECK_TRUE(judge("www.shop.example").is_blocked());
    CHECK_FALSE(judge("a.cdn.shop.example").is_blocked());
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
