#include "core/trackers/rule_heap.h"

#include "core/trackers/name_table.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::trackers::NameRule;
using sporvakt::trackers::NameTableLayout;
using sporvakt::trackers::RuleEffect;
using sporvakt::trackers::RuleHeap;
using sporvakt::trackers::RuleScope;

TEST_GROUP(RuleHeaps) {
    RuleHeap heap;

    static NameRule block(const std::string& name) {
        return {name, RuleScope::WithSubdomains, {}, "||", "^"};
    }
    std::map<std::string, std::size_t> rules_by_name() {
        std::map<std::string, std::size_t> result;
        heap.sort(3);
        heap.visit([&](const RuleHeap::Group& group) {
            result[std::string(group.rules.front().name)] += group.rules.size();
        });
        return result;
    }
};

TEST(RuleHeaps, ShowsAllRulesOfANameTogether) {
    CHECK(heap.add(0, block("a.example")));
    CHECK(heap.add(0, block("b.example")));
    CHECK(heap.add(1, {"a.example", RuleScope::Exact, {}, "|", "^"}));
    const auto found = rules_by_name();
    LONGS_EQUAL(2, found.size());
    LONGS_EQUAL(2, found.at("a.example"));
}

TEST(RuleHeaps, ARepetitionInOneListCountsOnce) {
    CHECK(heap.add(0, block("a.example")));
    NameRule as_hosts{"a.example", RuleScope::WithSubdomains, {}, "*.", ""};
    CHECK(heap.add(0, as_hosts));
    LONGS_EQUAL(1, rules_by_name().at("a.example"));
}

TEST(RuleHeaps, WhatSeveralListsSayIsOneRuleThatKnowsThemAll) {
    CHECK(heap.add(1, block("a.example")));
    CHECK(heap.add(2, {"a.example", RuleScope::Exact, {}, "", ""}));
    CHECK(heap.add(3, {"a.example", RuleScope::WithSubdomains, {}, "*.", ""}));
    CHECK(heap.add(3, block("a.example")));
    std::vector<std::vector<std::uint16_t>> lists;
    std::string_view words;
    heap.sort(1);
    heap.visit([&](const RuleHeap::Group& group) {
        words = group.rules.front().before;
        for (const RuleHeap::Rule& rule : group.rules) {
            lists.emplace_back(rule.lists.begin(), rule.lists.end());
        }
    });
    CHECK(lists == (std::vector<std::vector<std::uint16_t>>{{1, 3}, {2}}));
    CHECK(words == "||");
}

TEST(RuleHeaps, AListThatRepeatsANameCostsNoMoreThanItsLines) {
    // Each compared with each would be 10^10 comparisons: minutes.
    for (int i = 0; i < 100'000; ++i) {
        CHECK(heap.add(static_cast<std::uint16_t>(i % 2), block("a.example")));
    }
    LONGS_EQUAL(1, rules_by_name().at("a.example"));
}

TEST(RuleHeaps, ANameWhoseRulesAreAllCancelledIsGone) {
    NameRule cancel = block("a.example");
    cancel.terms.effect = RuleEffect::Cancels;
    CHECK(heap.add(0, cancel));
    CHECK(heap.add(1, block("a.example")));
    CHECK(rules_by_name().empty());
}

TEST(RuleHeaps, CancellingAnotherKindOfRuleCancelsNothing) {
    NameRule cancel = block("a.example");
    cancel.terms.effect = RuleEffect::Cancels;
    cancel.terms.conditions.types = {sporvakt::RecordType::Aaaa};
    CHECK(heap.add(0, cancel));
    CHECK(heap.add(1, block("a.example")));
    LONGS_EQUAL(1, rules_by_name().at("a.example"));
}

TEST(RuleHeaps, NamesComeInTheOrderThatTheTableWants) {
    for (int i = 0; i < 3000; ++i) {
        CHECK(heap.add(0, block("n" + std::to_string(i) + ".example")));
    }
    heap.sort(1);
    std::uint32_t previous = 0;
    std::size_t count = 0;
    heap.visit([&](const RuleHeap::Group& group) {
        CHECK(previous <= NameTableLayout::lower_half(group.hash));
        previous = NameTableLayout::lower_half(group.hash);
        ++count;
    });
    LONGS_EQUAL(3000, count);
}

TEST(RuleHeaps, RulesOutliveTheBlockTheyWereWrittenIn) {
    for (int i = 0; i < 40000; ++i) {  // more than one block of a megabyte
        CHECK(heap.add(0, block("a-rather-long-name-" + std::to_string(i) + ".example")));
    }
    LONGS_EQUAL(40000, heap.size());
    heap.sort(1);
    std::size_t sound = 0;
    heap.visit([&](const RuleHeap::Group& group) {
        sound += group.rules.front().name.starts_with("a-rather-long-name-") ? 1U : 0U;
    });
    LONGS_EQUAL(40000, sound);
}
