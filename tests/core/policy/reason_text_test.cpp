#include "core/policy/reason_text.h"

#include "tests/support/catalogue_builder.h"

#include <memory>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::policy;
using sporvakt::RecordType;
using sporvakt::test::CatalogueBuilder;
using sporvakt::trackers::Catalogue;

TEST_GROUP(ReasonText) {
    HouseholdRules household;

    [[nodiscard]] std::string reason_for(std::string_view name) const {
        CatalogueBuilder builder;
        builder.company("meta", "Meta Platforms")
            .domain("facebook.net", "meta", sporvakt::trackers::Purpose::Advertising)
            .list("built-in")
            .block("facebook.net");
        const std::vector<std::shared_ptr<const Catalogue>> catalogues{builder.open()};
        const Policy policy(catalogues, household);
        const ReasonText text = reason_text(policy.judge({{}, name, RecordType::A}), policy);
        return std::string(text.text());
    }
};

// Every reason's words stand in explanation_test.cpp, which has them from here.

TEST(ReasonText, IsASentenceThatCanGoOn) {
    STRCMP_EQUAL("The rule ||facebook.net^ of the list built-in blocks it",
                 reason_for("connect.facebook.net").c_str());
    STRCMP_EQUAL("Nothing speaks of this name", reason_for("a.example").c_str());
}

TEST(ReasonText, NamesACompanyByItsNameAndWhoseWordItIs) {
    household.groups = {{"children", "Barna"}};
    household.groups[0].companies = {{"meta", HouseholdRule::Allow}};
    household.unknown_group = "children";

    STRCMP_EQUAL("What the group Barna says about Meta Platforms allows it",
                 reason_for("connect.facebook.net").c_str());
}

TEST(ReasonText, LeavesOutWhatDoesNotFit) {
    ReasonText text;
    for (int i = 0; i < 300; ++i) {
        text.add("12345");
    }
    text.add("");

    LONGS_EQUAL(ReasonText::kBytesMax, text.text().size());
    CHECK(text.text().starts_with("1234512345"));
    CHECK(text.text().ends_with("51234"));
}

TEST(ReasonText, HoldsTheLongestRuleWhole) {
    const std::string long_name = std::string(60, 'a') + "." + std::string(60, 'b') + "." +
                                  std::string(60, 'c') + "." + std::string(60, 'd') + ".example";
    household.rules = {{long_name, HouseholdRule::Block}};

    CHECK(reason_for(long_name) == "The rule " + long_name + " of the household blocks it");
}
