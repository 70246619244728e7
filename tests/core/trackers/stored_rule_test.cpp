#include "core/trackers/stored_rule.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::ByteReader;
using sporvakt::Bytes;
using sporvakt::ByteWriter;
using sporvakt::RecordType;
using sporvakt::trackers::kHasText;
using sporvakt::trackers::read_rule;
using sporvakt::trackers::rule_flags;
using sporvakt::trackers::RuleAction;
using sporvakt::trackers::RuleConditions;
using sporvakt::trackers::RuleScope;
using sporvakt::trackers::RuleTerms;
using sporvakt::trackers::RuleWeight;
using sporvakt::trackers::stored_conditions;
using sporvakt::trackers::TypeFilter;

TEST_GROUP(StoredRules) {
    RuleTerms terms;

    std::vector<std::uint8_t> stored() const {
        ByteWriter out;
        out.u8(static_cast<std::uint8_t>(rule_flags(terms, RuleScope::OnlySubdomains) | kHasText));
        out.u16(513).bytes(stored_conditions(terms.conditions)).text16("own words");
        return out.result();
    }
};

TEST(StoredRules, WhatIsWrittenIsRead) {
    terms.action = RuleAction::Allow;
    terms.weight = RuleWeight::Important;
    const auto bytes = stored();
    ByteReader from(bytes);

    const auto rule = read_rule(from);

    CHECK(rule.has_value());
    CHECK(rule->action == RuleAction::Allow);
    CHECK(rule->weight == RuleWeight::Important);
    CHECK(rule->scope == RuleScope::OnlySubdomains);
    LONGS_EQUAL(513, rule->lists.number);
    CHECK(rule->text == "own words");
    CHECK(from.at_end());
}

TEST(StoredRules, ConditionsSurvive) {
    terms.conditions = {{RecordType::Https, RecordType::A}, TypeFilter::Except, {"b.example"}};
    const auto bytes = stored();
    ByteReader from(bytes);
    const auto rule = read_rule(from);
    CHECK(!rule->is_for_type(RecordType::A));
    CHECK(!rule->is_for_type(RecordType::Https));
    CHECK(rule->is_for_type(RecordType::Aaaa));
    CHECK(rule->excepts("a.b.example"));
    CHECK(!rule->excepts("ab.example"));
    CHECK(!rule->excepts("example"));
    CHECK(rule->text == "own words");
}

TEST(StoredRules, TheOrderOfConditionsDoesNotMatter) {
    const RuleConditions one{{RecordType::A, RecordType::Https}, TypeFilter::Only, {"a", "b"}};
    const RuleConditions other{{RecordType::Https, RecordType::A}, TypeFilter::Only, {"b", "a"}};
    CHECK(stored_conditions(one) == stored_conditions(other));
    CHECK(stored_conditions({}).empty());
}

TEST(StoredRules, BytesCutShortAreRefusedEverywhere) {
    terms.conditions = {{RecordType::Https}, TypeFilter::Only, {"b.example", "c.example"}};
    const auto bytes = stored();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        ByteReader from(Bytes(bytes).first(size));
        CHECK(!read_rule(from));
    }
}
