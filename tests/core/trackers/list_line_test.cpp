#include "core/trackers/list_line.h"

#include "tests/support/spoken_rules.h"

#include <CppUTest/TestHarness.h>

using sporvakt::test::said_by;
using sporvakt::test::skipped;
using sporvakt::test::SpokenRules;
using sporvakt::trackers::ListFormat;
using sporvakt::trackers::SkipKind;

#define CHECK_SAID(expected, ...) STRCMP_EQUAL(expected, said_by(__VA_ARGS__).c_str())

TEST_GROUP(ListLines){};

TEST(ListLines, HostsBlockExactlyTheNamesOfTheLine) {
    CHECK_SAID("block ads.example.com", "0.0.0.0 ads.example.com");
    CHECK_SAID("block a.example.com; block b.example.com",
               "127.0.0.1\ta.example.com  b.example.com # two");
    CHECK_SAID("block a.example.com", ":: a.example.com");
    CHECK_SAID("block a.example.com", "::1 a.example.com");
}

TEST(ListLines, TheNamesOfTheMachineItselfAreSilent) {
    CHECK_SAID("", "127.0.0.1 localhost");
    CHECK_SAID("", "255.255.255.255 broadcasthost");
    CHECK_SAID("", "fe80::1%lo0 localhost");
    CHECK_SAID("", "ff02::1 ip6-allnodes");
    CHECK_SAID("", "0.0.0.0 0.0.0.0");
    CHECK_SAID("block a.example.com", "127.0.0.1 localhost a.example.com");
}

TEST(ListLines, HostsWithARealAddressAreNoBlocks) {
    STRCMP_EQUAL(skipped(SkipKind::Rewrite).c_str(),
                 said_by("192.0.2.7 printer.example.com").c_str());
}

TEST(ListLines, APlainNameBlocksExactlyIt) {
    CHECK_SAID("block ads.example.com", "ads.example.com");
    CHECK_SAID("block ads.example.com", "  ADS.Example.com.  # why not", ListFormat::Domains);
    CHECK_SAID("block _spf.example.com", "_spf.example.com");
}

TEST(ListLines, AWildcardBlocksTheNameAndAllBelow) {
    CHECK_SAID("block +ads.example.com", "*.ads.example.com");
    CHECK_SAID("block +ads.example.com", ".ads.example.com");
}

TEST(ListLines, InternationalNamesBecomeALabels) {
    CHECK_SAID("block xn--bcher-kva.example.com", "bücher.example.com");
    CHECK_SAID("block +xn--blbrsyltety-y8ao3x.no", "||BLÅBÆRSYLTETØY.no^");
    CHECK_SAID("block xn--bcher-kva.example.com", "xn--bcher-kva.example.com");
}

TEST(ListLines, PublicSuffixesAreRefusedThePrivateSectionIncluded) {
    for (const char* line : {"com", "co.uk", "github.io", "||cloudfront.net^", "*.blogspot.com",
                             "0.0.0.0 s3.amazonaws.com", "@@||github.io^", "nosuchtld"}) {
        STRCMP_EQUAL(skipped(SkipKind::TooBroad).c_str(),
                     said_by(line, ListFormat::Domains).c_str());
    }
    CHECK_SAID("block +someone.github.io", "||someone.github.io^");
}

TEST(ListLines, AddressesAreNotNames) {
    for (const char* line : {"192.0.2.1", "||192.0.2.1^", "0.0.0.0 192.0.2.1"}) {
        STRCMP_EQUAL(skipped(SkipKind::Address).c_str(),
                     said_by(line, ListFormat::Domains).c_str());
    }
}

TEST(ListLines, CommentsSayNothing) {
    for (const char* line :
         {"", "   ", "# 0.0.0.0 a.example.com", "! ||a.example.com^", "[Adblock Plus 2.0]",
          "; zone comment", "## Heading", "####", "### License: MIT"}) {
        CHECK_SAID("", line);
    }
}

TEST(ListLines, CosmeticRulesAreCounted) {
    for (const char* line :
         {"##.banner", "###ad", "example.com##.banner", "example.com#@#.banner",
          "example.com#?#div:has(.ad)", "example.com#%#window.x = 1", "example.com$$script",
          "#@#.banner", "[$path=/x]example.com##.banner", "~a.example.com,b.example.com##.x"}) {
        STRCMP_EQUAL(skipped(SkipKind::Cosmetic).c_str(), said_by(line).c_str());
    }
}

TEST(ListLines, AHashIsACommentWhereListsHaveNoCosmeticRules) {
    CHECK_SAID("", "##0.0.0.0 a.example.com", ListFormat::Hosts);
    CHECK_SAID("block a.example.com", "a.example.com ## why", ListFormat::Domains);
}

TEST(ListLines, PiecesOfUrlsAreCountedAsSuch) {
    for (const char* line :
         {"/ads/banner.", "_ads.js", ".banner.", "-advert-", "&ad_id=", "example.com/ads/",
          "||example.com/ads.js", "|https://ads.", "://ads.example.com^"}) {
        STRCMP_EQUAL(skipped(SkipKind::Url).c_str(), said_by(line).c_str());
    }
}

TEST(ListLines, WhatIsNoHostNameIsCounted) {
    for (const char* line :
         {"exa mple.com other", "a..example.com", "a.example.com b.example.com"}) {
        CHECK(said_by(line, ListFormat::Domains).starts_with("skip "));
    }
}

TEST(ListLines, OwnWordsAreKept) {
    SpokenRules rules;
    read_list_line("127.0.0.1   ADS.example.com # no", ListFormat::Hosts, rules);
    STRCMP_EQUAL("127.0.0.1 ads.example.com", rules.own_words.c_str());
    read_list_line("*.ads.example.com", ListFormat::Wildcard, rules);
    STRCMP_EQUAL("*.ads.example.com", rules.own_words.c_str());
}
