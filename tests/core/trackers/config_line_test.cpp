#include "core/trackers/config_line.h"

#include "tests/support/spoken_rules.h"

#include <CppUTest/TestHarness.h>

using sporvakt::test::said_by;
using sporvakt::test::skipped;
using sporvakt::test::SpokenRules;
using sporvakt::trackers::ListFormat;
using sporvakt::trackers::SkipKind;

#define CHECK_SAID(expected, line) \
    STRCMP_EQUAL(expected, said_by(line, ListFormat::Dnsmasq).c_str())

TEST_GROUP(ConfigLines){};

TEST(ConfigLines, DnsmasqBlocksTheNameAndAllBelow) {
    CHECK_SAID("block +ads.example.com", "local=/ads.example.com/");
    CHECK_SAID("block +ads.example.com", "server=/ads.example.com/");
    CHECK_SAID("block +ads.example.com", "address=/ads.example.com/");
    CHECK_SAID("block +ads.example.com", "address=/ads.example.com/#");
    CHECK_SAID("block +ads.example.com", "address=/ads.example.com/0.0.0.0");
    CHECK_SAID("block +ads.example.com", "address=/ads.example.com/127.0.0.1 # comment");
    CHECK_SAID("block +ads.example.com", "address=/ads.example.com/::");
}

TEST(ConfigLines, DnsmasqTakesSeveralNamesInALine) {
    CHECK_SAID("block +a.example.com; block +b.example.com",
               "address=/a.example.com/b.example.com/0.0.0.0");
}

TEST(ConfigLines, DnsmasqsOrdinaryServersAllow) {
    CHECK_SAID("allow +good.example.com", "server=/good.example.com/#");
}

TEST(ConfigLines, DnsmasqSettingsThatDoNotBlockAreCounted) {
    STRCMP_EQUAL(skipped(SkipKind::Rewrite).c_str(),
                 said_by("address=/printer.example.com/192.0.2.9").c_str());
    for (const char* line :
         {"server=/example.com/192.0.2.53", "server=192.0.2.53", "cache-size=1000", "local=/",
          "address=//0.0.0.0", "domain=/example.com/", "log-queries=x"}) {
        CHECK(said_by(line).empty() || said_by(line).starts_with("skip "));
    }
}

TEST(ConfigLines, UnboundBlocksTheNameAndAllBelow) {
    CHECK_SAID("block +ads.example.com", "local-zone: \"ads.example.com\" always_null");
    CHECK_SAID("block +ads.example.com", "  local-zone: \"ads.example.com.\" static");
    CHECK_SAID("block +ads.example.com", "local-zone: ads.example.com refuse # comment");
    CHECK_SAID("block +ads.example.com", "local-zone: 'ads.example.com' \"redirect\"");
}

TEST(ConfigLines, UnboundsTransparentZonesAllow) {
    CHECK_SAID("allow +good.example.com", "local-zone: \"good.example.com\" always_transparent");
}

TEST(ConfigLines, UnboundDataThatIsNullBlocksTheNameAlone) {
    CHECK_SAID("block ads.example.com", "local-data: \"ads.example.com A 0.0.0.0\"");
    CHECK_SAID("block ads.example.com", "local-data: \"ads.example.com. 3600 IN AAAA ::\"");
    STRCMP_EQUAL(skipped(SkipKind::Rewrite).c_str(),
                 said_by("local-data: \"printer.example.com A 192.0.2.9\"").c_str());
}

TEST(ConfigLines, OtherLinesOfUnboundAreSettings) {
    CHECK_SAID("", "server:");
    STRCMP_EQUAL(skipped(SkipKind::Setting).c_str(), said_by("verbosity: 1").c_str());
    STRCMP_EQUAL(skipped(SkipKind::Setting).c_str(),
                 said_by("local-zone: \"a.example.com\" nosuchtype").c_str());
    STRCMP_EQUAL(skipped(SkipKind::Setting).c_str(), said_by("local-zone: ").c_str());
}

TEST(ConfigLines, PublicSuffixesAreRefusedHereToo) {
    STRCMP_EQUAL(skipped(SkipKind::TooBroad).c_str(), said_by("local=/github.io/").c_str());
    STRCMP_EQUAL(skipped(SkipKind::TooBroad).c_str(),
                 said_by("local-zone: \"com\" static").c_str());
}

TEST(ConfigLines, OwnWordsAreKept) {
    SpokenRules rules;
    read_list_line("address=/ADS.example.com/0.0.0.0", ListFormat::Dnsmasq, rules);
    STRCMP_EQUAL("address=/ads.example.com/0.0.0.0", rules.own_words.c_str());
    read_list_line("local-zone: ads.example.com. static", ListFormat::Unbound, rules);
    STRCMP_EQUAL("local-zone: \"ads.example.com\" static", rules.own_words.c_str());
}
