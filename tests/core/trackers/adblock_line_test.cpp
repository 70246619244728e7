#include "core/trackers/adblock_line.h"

#include "tests/support/spoken_rules.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::test::said_by;
using sporvakt::test::skipped;
using sporvakt::test::SpokenRules;
using sporvakt::trackers::ListFormat;
using sporvakt::trackers::SkipKind;

#define CHECK_SAID(expected, ...) STRCMP_EQUAL(expected, said_by(__VA_ARGS__).c_str())

namespace {

std::size_t tail_of(const char* line) {
    SpokenRules rules;
    read_list_line(line, ListFormat::Adblock, rules);
    return rules.tail_length;
}

}  // namespace

TEST_GROUP(AdblockLines){};

TEST(AdblockLines, TwoBarsBlockTheNameAndAllBelow) {
    CHECK_SAID("block +ads.example.com", "||ads.example.com^");
    CHECK_SAID("block +ads.example.com", "||ads.example.com");
    CHECK_SAID("block +ads.example.com", "||ads.example.com^|");
    CHECK_SAID("block +ads.example.com", "||ads.example.com|");
}

TEST(AdblockLines, OneBarAndAnEndIsTheNameAlone) {
    CHECK_SAID("block example.com", "|example.com^");
    CHECK_SAID("block example.com", "|example.com|");
    CHECK_SAID("allow example.com", "@@|example.com^");
}

TEST(AdblockLines, OneBarWithoutAnEndIsABeginning) {
    CHECK_SAID("block /^ads\\.example/", "|ads.example");
}

TEST(AdblockLines, AnEndWithoutABeginningIsEveryNameThatEndsSo) {
    CHECK_SAID("block /example\\.com$/", "example.com^");
    LONGS_EQUAL(3, tail_of("example.com^"));
}

TEST(AdblockLines, AtSignsAllow) {
    CHECK_SAID("allow +good.example.com", "@@||good.example.com^");
    CHECK_SAID("allow +good.example.com", "@@good.example.com");
    CHECK_SAID("allow +good.example.com important", "@@||good.example.com^$important");
}

TEST(AdblockLines, AStarInsideALabelIsAnExpression) {
    CHECK_SAID("block /(?:^|\\.)ads.*\\.example\\.com$/", "||ads*.example.com^");
    LONGS_EQUAL(11, tail_of("||ads*.example.com^"));
    CHECK_SAID("block /(?:^|\\.)ads.*\\.example\\.com/", "||ads*.example.com");
    LONGS_EQUAL(0, tail_of("||ads*.example.com"));
    CHECK_SAID("block /.*-ads\\..*/", "*-ads.*");
}

TEST(AdblockLines, AStarInPlaceOfTheFirstLabelIsWhatLiesBelow) {
    CHECK_SAID("block *example.com", "||*.example.com^");
    CHECK_SAID("block *example.com", "*.example.com^");
}

TEST(AdblockLines, SlashesHoldAnExpression) {
    CHECK_SAID("block /^ad[0-9]+\\./", "/^ad[0-9]+\\./");
    CHECK_SAID("allow /^cdn\\./", "@@/^cdn\\./");
    CHECK_SAID("block /track$/ important", "/track$/$important");
    CHECK_SAID("block /track$/", "/track$/");
}

TEST(AdblockLines, AnExpressionWithASlashIsAboutUrls) {
    STRCMP_EQUAL(skipped(SkipKind::Url).c_str(),
                 said_by("/^https?:\\/\\/ads\\./$third-party").c_str());
    STRCMP_EQUAL(skipped(SkipKind::Url).c_str(), said_by("/ads\\/banner/").c_str());
}

TEST(AdblockLines, TypesNarrowARule) {
    CHECK_SAID("block +example.com AAAA", "||example.com^$dnstype=AAAA");
    CHECK_SAID("block +example.com A HTTPS", "||example.com^$dnstype=a|HTTPS");
    CHECK_SAID("block +example.com ~A ~AAAA", "||example.com^$dnstype=~A|~AAAA");
    CHECK_SAID("block +example.com TYPE65280", "||example.com^$dnstype=TYPE65280");
}

TEST(AdblockLines, TypesThatMixOrDoNotExistMakeTheRuleUnclear) {
    for (const char* line : {"||example.com^$dnstype=A|~AAAA", "||example.com^$dnstype=NOSUCH",
                             "||example.com^$dnstype=", "||example.com^$dnstype"}) {
        STRCMP_EQUAL(skipped(SkipKind::NotUnderstood).c_str(), said_by(line).c_str());
    }
}

TEST(AdblockLines, DenyallowNamesWhatIsLetThrough) {
    CHECK_SAID("block +example.com except a.example.com except b.example.com",
               "||example.com^$denyallow=a.example.com|*.b.example.com");
    CHECK(said_by("||example.com^$denyallow=com").starts_with("skip "));
}

TEST(AdblockLines, BadfilterCancels) {
    CHECK_SAID("cancel block +example.com", "||example.com^$badfilter");
    CHECK_SAID("cancel block +example.com important", "||example.com^$important,badfilter");
}

TEST(AdblockLines, RulesForCertainDevicesAreNotForAll) {
    STRCMP_EQUAL(skipped(SkipKind::Client).c_str(),
                 said_by("||example.com^$client='Kitchen TV'").c_str());
    STRCMP_EQUAL(skipped(SkipKind::Client).c_str(),
                 said_by("||example.com^$ctag=device_tv").c_str());
}

TEST(AdblockLines, RulesThatRewriteAreCounted) {
    STRCMP_EQUAL(skipped(SkipKind::Rewrite).c_str(),
                 said_by("||example.com^$dnsrewrite=192.0.2.1").c_str());
}

TEST(AdblockLines, WhatDependsOnAUrlOrPageIsNotOurs) {
    for (const char* line :
         {"||example.com^$third-party", "||example.com^$script,domain=a.example.org",
          "||example.com^$popup", "||example.com^$important,image", "||example.com^$nosuch"}) {
        STRCMP_EQUAL(skipped(SkipKind::Url).c_str(), said_by(line).c_str());
    }
}

TEST(AdblockLines, ADotAtTheEndAsksForMore) {
    CHECK_SAID("block /(?:^|\\.)ads\\.example\\./", "||ads.example.");
}

TEST(AdblockLines, OwnWordsAreKept) {
    SpokenRules rules;
    read_list_line("@@||Good.Example.com^$important", ListFormat::Adblock, rules);
    STRCMP_EQUAL("@@||good.example.com^$important", rules.own_words.c_str());
    read_list_line("/^ad[0-9]/", ListFormat::Adblock, rules);
    STRCMP_EQUAL("/^ad[0-9]/", rules.own_words.c_str());
}

TEST(AdblockLines, SignsAloneSayNothingOfUse) {
    for (const char* line : {"||", "|", "^", "@@", "||^", "@@||^", "$", "$important", "//", "|||",
                             "||$dnstype=A", "*", "**", "||*^"}) {
        SpokenRules rules;
        read_list_line(line, ListFormat::Adblock, rules);
        CHECK(!rules.said.starts_with("block +") && !rules.said.starts_with("allow +"));
    }
}
