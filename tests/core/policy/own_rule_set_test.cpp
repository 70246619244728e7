#include "core/policy/own_rule_set.h"

#include "tests/support/warm_expressions.h"

#include <string>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Timestamp;
using namespace sporvakt::policy;

namespace {

constexpr Timestamp kNow{std::chrono::hours(1)};

std::string decides(const std::vector<OwnRule>& rules, std::string_view name) {
    const OwnRuleSet set(rules, kNow);
    const OwnRule* const rule = set.find(name);
    if (rule == nullptr) {
        return "nothing";
    }
    return (rule->action == HouseholdRule::Block ? "block " : "allow ") + rule->text;
}

}  // namespace

TEST_GROUP(OwnRuleSet){};

TEST(OwnRuleSet, TheNearestRuleDecides) {
    const std::vector<OwnRule> rules{{"shop.example", HouseholdRule::Block},
                                     {"cdn.shop.example", HouseholdRule::Allow},
                                     {"www.shop.example", HouseholdRule::Allow, RuleForm::Exact},
                                     {"ads*.example", HouseholdRule::Block, RuleForm::Wildcard},
                                     {"^ads-good\\.", HouseholdRule::Allow, RuleForm::Expression}};
    const std::vector<std::pair<const char*, const char*>> rows{
        {"shop.example", "block shop.example"},
        {"www.shop.example", "allow www.shop.example"},
        {"a.www.shop.example", "block shop.example"},
        {"a.cdn.shop.example", "allow cdn.shop.example"},
        {"myshop.example", "nothing"},
        {"ads-7.example", "block ads*.example"},
        {"ads-good.example", "allow ^ads-good\\."},       // of two, the one that allows
        {"ads-good.shop.example", "block shop.example"},  // a name is nearer than either
        {"my-ads.example", "nothing"},
    };
    for (const auto& [name, expected] : rows) {
        STRCMP_EQUAL(expected, decides(rules, name).c_str());
    }
}

TEST(OwnRuleSet, ARuleSaysNothingOnceItIsOver) {
    const std::vector<OwnRule> rules{
        {"a.example", HouseholdRule::Allow, RuleForm::WithSubdomains, kNow},
        {"b.example", HouseholdRule::Allow, RuleForm::WithSubdomains,
         kNow + std::chrono::milliseconds(1)}};
    CHECK(decides(rules, "a.example") == "nothing");
    CHECK(decides(rules, "b.example") == "allow b.example");
    CHECK(decides({}, "a.example") == "nothing");
}

TEST(OwnRuleSet, AnExpressionThatIsNoneHurtsNoOther) {
    const std::vector<OwnRule> rules{{"(", HouseholdRule::Block, RuleForm::Expression},
                                     {"metric", HouseholdRule::Block, RuleForm::Expression}};
    CHECK(decides(rules, "metrics.example") == "block metric");
}
