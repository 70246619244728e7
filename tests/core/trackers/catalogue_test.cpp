#include "core/trackers/catalogue.h"

#include "core/trackers/catalogue_format.h"
#include "core/trackers/list_sets.h"
#include "tests/support/catalogue_builder.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::IpAddress;
using sporvakt::RecordType;
using sporvakt::test::CatalogueBuilder;
using sporvakt::test::TemporaryFolder;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::CompanyId;
using sporvakt::trackers::Evasion;
using sporvakt::trackers::NameRule;
using sporvakt::trackers::PatternRule;
using sporvakt::trackers::Purpose;
using sporvakt::trackers::RuleAction;
using sporvakt::trackers::RuleMatch;
using sporvakt::trackers::RuleScope;
using sporvakt::trackers::RuleWeight;
using sporvakt::trackers::stronger;

TEST_GROUP(CatalogueRules) {
    CatalogueBuilder builder;

    static NameRule only(const char* name, RuleScope scope) {
        return {name, scope, {}, "", ""};
    }
    static NameRule important(const char* name, RuleAction action) {
        NameRule rule{name, RuleScope::WithSubdomains, {}, "", "$important"};
        rule.terms.action = action;
        rule.terms.weight = RuleWeight::Important;
        return rule;
    }
    static bool blocks(const Catalogue& catalogue, const char* name,
                       RecordType type = RecordType::A) {
        const auto rule = catalogue.find_rule(name, type);
        return rule.has_value() && rule->action == RuleAction::Block;
    }
};

TEST(CatalogueRules, ARuleSaysInItsOwnWordsWhyAndWhere) {
    const auto catalogue = builder.list("our list").block("facebook.net").open();

    const auto rule = catalogue->find_rule("connect.facebook.net", RecordType::A);

    CHECK(rule.has_value());
    CHECK(rule->action == RuleAction::Block);
    CHECK(rule->rule == "||facebook.net^");
    CHECK(rule->list == "our list");
    LONGS_EQUAL(12, rule->suffix_length);
}

TEST(CatalogueRules, AnExactRuleSpeaksOfTheNameAlone) {
    const auto catalogue = builder.rule(only("ads.example", RuleScope::Exact)).open();
    CHECK(blocks(*catalogue, "ads.example"));
    CHECK(!blocks(*catalogue, "a.ads.example"));
    CHECK(!blocks(*catalogue, "example"));
}

TEST(CatalogueRules, OnlySubdomainsLeavesTheNameItselfAlone) {
    const auto catalogue = builder.rule(only("ads.example", RuleScope::OnlySubdomains)).open();
    CHECK(!blocks(*catalogue, "ads.example"));
    CHECK(blocks(*catalogue, "a.b.ads.example"));
}

TEST(CatalogueRules, ALabelThatOnlyEndsAlikeIsAnotherName) {
    const auto catalogue = builder.block("example.com").open();
    CHECK(!blocks(*catalogue, "myexample.com"));
    CHECK(!blocks(*catalogue, "example.com.evil.net"));
}

TEST(CatalogueRules, AnAllowAtTheSameSuffixBeatsTheBlock) {
    const auto catalogue = builder.block("a.example").allow("a.example").open();
    CHECK(!blocks(*catalogue, "x.a.example"));
}

TEST(CatalogueRules, AnAllowAtALongerSuffixBeatsTheBlockThereOnly) {
    const auto catalogue = builder.block("a.example").allow("good.a.example").open();
    CHECK(!blocks(*catalogue, "www.good.a.example"));
    CHECK(blocks(*catalogue, "bad.a.example"));
}

TEST(CatalogueRules, ABlockAtALongerSuffixBeatsTheAllow) {
    const auto catalogue = builder.allow("a.example").block("bad.a.example").open();
    CHECK(blocks(*catalogue, "bad.a.example"));
    CHECK(!blocks(*catalogue, "a.example"));
}

TEST(CatalogueRules, AnImportantBlockBeatsAPlainAllow) {
    const auto catalogue =
        builder.rule(important("a.example", RuleAction::Block)).allow("www.a.example").open();
    CHECK(blocks(*catalogue, "www.a.example"));
}

TEST(CatalogueRules, AnImportantAllowBeatsAnImportantBlock) {
    const auto catalogue = builder.rule(important("a.example", RuleAction::Block))
                               .rule(important("a.example", RuleAction::Allow))
                               .open();
    CHECK(!blocks(*catalogue, "www.a.example"));
}

TEST(CatalogueRules, EqualRulesAreOneAndTheFirstListIsNamed) {
    const auto catalogue =
        builder.list("first").block("a.example").list("second").block("a.example").open();
    CHECK(catalogue->find_rule("a.example", RecordType::A)->list == "first");
    LONGS_EQUAL(1, catalogue->rule_count());
}

TEST(CatalogueRules, EveryListThatSpeaksOfANameIsKnownTheDecisiveRuleFirst) {
    const auto catalogue = builder.list("first")
                               .block("a.example")
                               .list("second")
                               .block("x.a.example")
                               .list("third")
                               .block("a.example")
                               .pattern({"^x\\.", 0, {}, "/^x\\./"})
                               .list("fourth")
                               .block("b.example")
                               .list("fifth")
                               .pattern({"^x\\.", 0, {}, "/^x\\./"})
                               .open();
    const auto voices = catalogue->rules_about("x.a.example", RecordType::A);
    LONGS_EQUAL(3, voices.size());
    CHECK(voices[0].match.rule == "||x.a.example^");
    CHECK(voices[0].lists == (std::vector<std::string_view>{"second"}));
    CHECK(voices[1].match.rule == "||a.example^");
    CHECK(voices[1].match.list == "first");
    CHECK(voices[1].lists == (std::vector<std::string_view>{"first", "third"}));
    CHECK(voices[2].match.rule == "/^x\\./");
    CHECK(voices[2].lists == (std::vector<std::string_view>{"third", "fifth"}));
    CHECK(catalogue->rules_about("example", RecordType::A).empty());
}

TEST(CatalogueRules, SomeOfTheListsMayBeAskedAlone) {
    const auto catalogue = builder.list("first")
                               .block("a.example")
                               .allow("x.a.example")
                               .list("second")
                               .block("a.example")
                               .list("third")
                               .block("b.example")
                               .open();
    const std::vector<std::string> names{"second", "of another catalogue"};
    const auto second = catalogue->select(names);
    const auto rule = catalogue->find_rule("x.a.example", RecordType::A, second);
    CHECK(rule.has_value());
    CHECK(rule->action == RuleAction::Block);
    CHECK(rule->list == "second");
    CHECK(!catalogue->find_rule("b.example", RecordType::A, second));
    CHECK(!catalogue->find_rule("a.example", RecordType::A, catalogue->select({})));
    CHECK(catalogue->find_rule("x.a.example", RecordType::A)->action == RuleAction::Allow);
}

TEST(CatalogueRules, MoreSetsOfListsThanTheTableHoldsAreAllRight) {
    constexpr std::size_t kLists = 260;  // a name for each two of them, with lists of its own
    static_assert(kLists * (kLists - 1) / 2 > sporvakt::trackers::ListSetTable::kRowsMax);
    const auto name_of = [](std::size_t one, std::size_t other) {
        return "n" + std::to_string(std::min(one, other)) + "." +
               std::to_string(std::max(one, other)) + "x.example";
    };
    for (std::size_t list = 0; list < kLists; ++list) {
        builder.list("list" + std::to_string(list));
        for (std::size_t other = 0; other < kLists; ++other) {
            if (other != list) {
                builder.block(name_of(list, other));
            }
        }
    }
    const auto catalogue = builder.open();
    LONGS_EQUAL(kLists * (kLists - 1) / 2, catalogue->rule_count());
    const std::vector<std::string> names{"list258"};
    const auto selection = catalogue->select(names);
    std::size_t selected = 0;
    for (std::size_t other = 0; other < 258; other += 7) {
        const std::string name = name_of(259, other);
        const auto voices = catalogue->rules_about(name, RecordType::A);
        LONGS_EQUAL(1, voices.size());
        CHECK(voices[0].lists.front() == "list" + std::to_string(other));
        CHECK(voices[0].lists.back() == "list259");
        CHECK(!catalogue->find_rule(name, RecordType::A, selection));
        const auto rule = catalogue->find_rule(name_of(258, other), RecordType::A, selection);
        selected += rule && rule->list == "list258" ? 1U : 0U;
    }
    LONGS_EQUAL(37, selected);
}

TEST(CatalogueRules, RulesForOtherTypesAreNotAsked) {
    NameRule rule = only("a.example", RuleScope::Exact);
    rule.terms.conditions.types = {RecordType::Aaaa, RecordType::Https};
    const auto catalogue = builder.rule(rule).open();
    CHECK(blocks(*catalogue, "a.example", RecordType::Aaaa));
    CHECK(!blocks(*catalogue, "a.example", RecordType::A));
}

TEST(CatalogueRules, ExceptedTypesAreLetThrough) {
    NameRule rule = only("a.example", RuleScope::Exact);
    rule.terms.conditions.types = {RecordType::A};
    rule.terms.conditions.type_filter = sporvakt::trackers::TypeFilter::Except;
    const auto catalogue = builder.rule(rule).open();
    CHECK(!blocks(*catalogue, "a.example", RecordType::A));
    CHECK(blocks(*catalogue, "a.example", RecordType::Txt));
}

TEST(CatalogueRules, DenyallowTakesNamesOut) {
    NameRule rule = only("a.example", RuleScope::WithSubdomains);
    rule.terms.conditions.except_names = {"good.a.example", "b.example"};
    const auto catalogue = builder.rule(rule).open();
    CHECK(blocks(*catalogue, "bad.a.example"));
    CHECK(!blocks(*catalogue, "good.a.example"));
    CHECK(!blocks(*catalogue, "www.good.a.example"));
    CHECK(blocks(*catalogue, "notgood.a.example"));
}

TEST(CatalogueRules, APatternIsARuleToo) {
    PatternRule rule{"^ads?[0-9]+\\.", 0, {}, "/^ads?[0-9]+\\./"};
    const auto catalogue = builder.pattern(rule).open();
    CHECK(blocks(*catalogue, "ad17.example.com"));
    CHECK(!blocks(*catalogue, "bad17.example.com"));
    CHECK(catalogue->find_rule("ads1.example.com", RecordType::A)->rule == "/^ads?[0-9]+\\./");
}

TEST(CatalogueRules, AnyRuleThatAllowsBeatsABlockingPattern) {
    const auto catalogue =
        builder.pattern({"^ads\\.", 0, {}, "/^ads\\./"}).allow("example.com").open();
    CHECK(!blocks(*catalogue, "ads.example.com"));
    CHECK(blocks(*catalogue, "ads.example.org"));
}

TEST(CatalogueRules, AnAllowingPatternBeatsABlockOfTheName) {
    PatternRule rule{"^cdn\\.", 0, {}, "@@/^cdn\\./"};
    rule.terms.action = RuleAction::Allow;
    const auto catalogue = builder.pattern(rule).block("cdn.example.com").open();
    CHECK(!blocks(*catalogue, "cdn.example.com"));
}

TEST(CatalogueRules, ACancelledRuleIsGoneWhereverItStands) {
    NameRule cancel{"a.example", RuleScope::WithSubdomains, {}, "||", "^$badfilter"};
    cancel.terms.effect = sporvakt::trackers::RuleEffect::Cancels;
    const auto catalogue =
        builder.list("one").block("a.example").list("two").rule(cancel).block("b.example").open();
    CHECK(!blocks(*catalogue, "a.example"));
    CHECK(blocks(*catalogue, "b.example"));
    LONGS_EQUAL(1, catalogue->rule_count());
}

TEST(CatalogueRules, ManyNamesAreAllFoundAndNoOthers) {
    for (int i = 0; i < 5000; ++i) {
        builder.block("n" + std::to_string(i) + ".example");
    }
    const auto catalogue = builder.open();
    for (int i = 0; i < 5000; ++i) {
        const std::string number = std::to_string(i);
        CHECK(blocks(*catalogue, ("n" + number + ".example").c_str()));
        CHECK(!blocks(*catalogue, ("m" + number + ".example").c_str()));
    }
}

TEST(CatalogueRules, TheStrongerOfTwoDoesNotDependOnTheirOrder) {
    RuleMatch block{RuleAction::Block, false, 9, "block", ""};
    RuleMatch allow{RuleAction::Allow, false, 9, "allow", ""};
    CHECK(stronger(block, allow).rule == "allow");
    CHECK(stronger(allow, block).rule == "allow");
    block.important = true;
    CHECK(stronger(allow, block).rule == "block");
    CHECK(&stronger(block, block) == &block);
}

TEST_GROUP(CatalogueFacts) {
    CatalogueBuilder builder;
};

TEST(CatalogueFacts, TheLongestSuffixIsAttributed) {
    const auto catalogue = builder.company("meta", "Meta Platforms")
                               .domain("facebook.com", "meta", Purpose::Social)
                               .domain("an.facebook.com", "meta", Purpose::Advertising)
                               .open();
    const auto found = catalogue->attribution_of("x.an.facebook.com");
    CHECK(found.has_value());
    CHECK(found->purpose == Purpose::Advertising);
    CHECK(found->domain == "an.facebook.com");
    CHECK(catalogue->attribution_of("www.facebook.com")->purpose == Purpose::Social);
    CHECK(!catalogue->attribution_of("example.com").has_value());
    CHECK(!catalogue->attribution_of("").has_value());
}

TEST(CatalogueFacts, CompaniesAreFoundByIdAndBySlug) {
    const auto catalogue =
        builder.company("meta", "Meta Platforms").company("google", "Google").open();
    const auto meta = catalogue->company_by_slug("meta");
    CHECK(meta.has_value());
    CHECK(meta->name == "Meta Platforms");
    CHECK(meta->country == "NO");
    CHECK(catalogue->company(meta->id)->slug == "meta");
    CHECK(!catalogue->company_by_slug("nobody").has_value());
    CHECK(!catalogue->company(CompanyId::None).has_value());
    LONGS_EQUAL(2, catalogue->companies().size());
}

TEST(CatalogueFacts, ADomainMayHaveAPurposeWithoutACompany) {
    const auto catalogue = builder.domain("tv.example", "", Purpose::SmartTv).open();
    CHECK(catalogue->attribution_of("tv.example")->company == CompanyId::None);
    CHECK(catalogue->attribution_of("tv.example")->purpose == Purpose::SmartTv);
}

TEST(CatalogueFacts, AddressesAreFoundByThemselves) {
    std::vector<std::string> texts;
    for (int last = 1; last < 200; last += 2) {
        texts.push_back("203.0.113." + std::to_string(last));
        texts.push_back("2001:db8::" + std::to_string(last));
    }
    for (const std::string& text : texts) {
        builder.address(text, Evasion::DnsOverHttps);
    }
    const auto many = builder.address("203.0.113.7", Evasion::Vpn).open();
    for (const std::string& text : texts) {
        const bool is_last = text == "203.0.113.7";
        CHECK(many->evasion_at(*IpAddress::from_text(text)) ==
              (is_last ? Evasion::Vpn : Evasion::DnsOverHttps));
    }
    CHECK(many->evasion_at(*IpAddress::from_text("203.0.113.8")) == Evasion::None);
    CHECK(many->evasion_at(*IpAddress::from_text("0.0.0.0")) == Evasion::None);
    CHECK(many->evasion_at(*IpAddress::from_text("ffff::")) == Evasion::None);
    LONGS_EQUAL(texts.size(), many->evasive_addresses().size());
    CHECK(CatalogueBuilder().open()->evasive_addresses().empty());
}

TEST(CatalogueFacts, ItSaysWhenItWasCompiled) {
    CHECK(builder.open()->compiled_at() == "2026-11-21T12:00:00Z");
}

TEST_GROUP(CatalogueFile) {
    TemporaryFolder folder;

    static std::string bytes_of(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static void write(const std::string& path, const std::string& bytes) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    }
};

TEST(CatalogueFile, AMissingFileIsNamedInTheError) {
    const auto opened = Catalogue::open(folder.file("absent.mdb"));
    CHECK(!opened);
    CHECK(opened.error().message.find("absent.mdb") != std::string::npos);
}

TEST(CatalogueFile, AnotherFileIsNoCatalogue) {
    write(folder.file("text"), "this is not a database, whatever else it is\n");
    CHECK(!Catalogue::open(folder.file("text")));
}

TEST(CatalogueFile, AFileThatWasCutShortIsRefused) {
    const std::string path = folder.file("catalogue.mdb");
    sporvakt::trackers::CatalogueWriter writer;
    const auto list = writer.add_list("list").value_or(0);
    for (int i = 0; i < 2000; ++i) {
        const NameRule rule{"n" + std::to_string(i) + ".example", RuleScope::Exact, {}, "", ""};
        CHECK(writer.add(list, rule).has_value());
    }
    CHECK(writer.write(path, "2026-11-21T12:00:00Z").has_value());
    const std::string whole = bytes_of(path);
    for (const std::size_t size : {std::size_t{0}, std::size_t{100}, std::size_t{8192},
                                   whole.size() / 2, whole.size() - 4096}) {
        write(path, whole.substr(0, size));
        CHECK(!Catalogue::open(path));
    }
    write(path, whole);
    CHECK(Catalogue::open(path).has_value());
}

TEST(CatalogueFile, WhatAnotherVersionCompiledIsRefusedInPlainWords) {
    const std::string path = folder.file("catalogue.mdb");
    const std::string when = "2026-11-21T12:00:00Z";
    sporvakt::trackers::CatalogueWriter writer;
    CHECK(writer.write(path, when).has_value());
    std::string bytes = bytes_of(path);
    const std::size_t format = bytes.find(when) - 2 - 8 - 1;  // the last byte of header's u32
    CHECK_EQUAL(char{sporvakt::trackers::kCatalogueFormat}, bytes.at(format));
    bytes[format] = 1;
    write(path, bytes);
    const auto opened = Catalogue::open(path);
    CHECK(!opened);
    CHECK(opened.error().message.find("compile it again") != std::string::npos);
}

TEST(CatalogueFile, DamagedBytesGiveWrongAnswersButNeverACrash) {
    sporvakt::trackers::CatalogueWriter writer;
    const auto list = writer.add_list("list").value_or(0);
    for (int i = 0; i < 200; ++i) {
        CHECK(writer
                  .add(list, NameRule{"n" + std::to_string(i) + ".example",
                                      RuleScope::WithSubdomains,
                                      {},
                                      "||",
                                      "^"})
                  .has_value());
    }
    const std::string path = folder.file("catalogue.mdb");
    CHECK(writer.write(path, "2026-11-21T12:00:00Z").has_value());
    const std::string whole = bytes_of(path);
    // The values lie behind LMDB's two meta pages; each round damages every 7th byte of a stretch.
    for (std::size_t start = 8192; start + 512 <= whole.size(); start += 512) {
        std::string damaged = whole;
        for (std::size_t at = start + 16; at < start + 512; at += 7) {
            damaged[at] = static_cast<char>(~static_cast<unsigned char>(damaged[at]));
        }
        const std::size_t names = whole.find("n100.example", start);
        if (names == std::string::npos || start < names - names % 4096) {
            continue;  // LMDB's own structure, which it trusts
        }
        write(path, damaged);
        if (const auto opened = Catalogue::open(path)) {
            static_cast<void>((*opened)->find_rule("a.n100.example", RecordType::A));
            static_cast<void>((*opened)->rules_about("a.n100.example", RecordType::A));
            static_cast<void>((*opened)->attribution_of("a.n100.example"));
        }
    }
}
