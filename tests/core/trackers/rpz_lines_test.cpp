#include "core/trackers/rpz_lines.h"

#include "tests/support/spoken_rules.h"

#include <initializer_list>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::test::skipped;
using sporvakt::test::SpokenRules;
using sporvakt::trackers::RpzLines;
using sporvakt::trackers::SkipKind;

TEST_GROUP(ResponsePolicyZones) {
    SpokenRules rules;

    std::string said_by(std::initializer_list<std::string> lines) {
        rules.said.clear();
        RpzLines zone;
        for (const std::string& line : lines) {
            zone.read(line, rules);
        }
        return rules.said;
    }
};

#define CHECK_SAID(expected, ...) STRCMP_EQUAL(expected, said_by(__VA_ARGS__).c_str())

TEST(ResponsePolicyZones, ANameIsItselfAndAStarWhatLiesBelow) {
    CHECK_SAID("block ads.example.com", {"ads.example.com CNAME ."});
    CHECK_SAID("block *ads.example.com", {"*.ads.example.com CNAME ."});
    CHECK_SAID("block ads.example.com; block *ads.example.com",
               {"ads.example.com CNAME .", "*.ads.example.com CNAME ."});
}

TEST(ResponsePolicyZones, EveryActionThatStopsANameBlocks) {
    CHECK_SAID("block ads.example.com", {"ads.example.com 3600 IN CNAME *."});
    CHECK_SAID("block ads.example.com", {"ads.example.com IN CNAME rpz-drop."});
    CHECK_SAID("block ads.example.com", {"ads.example.com A 0.0.0.0"});
    CHECK_SAID("block ads.example.com", {"ads.example.com AAAA ::"});
}

TEST(ResponsePolicyZones, PassthruAllows) {
    CHECK_SAID("allow good.example.com", {"good.example.com CNAME rpz-passthru."});
    CHECK_SAID("allow *good.example.com", {"*.good.example.com CNAME rpz-passthru."});
    CHECK_SAID("allow good.example.com", {"good.example.com CNAME good.example.com."});
}

TEST(ResponsePolicyZones, TheZonesOwnNameIsCutOff) {
    CHECK_SAID("block ads.example.com",
               {"$TTL 1h", "$ORIGIN rpz.example.net.",
                "@ IN SOA ns.example.net. root.example.net. ( 1 ; serial", "  3600 900 604800",
                "  60 )", "  IN NS ns.example.net.", "ads.example.com IN CNAME ."});
    CHECK_SAID("block ads.example.com", {"rpz.example.net. 60 IN SOA a. b. 1 2 3 4 5",
                                         "ads.example.com.rpz.example.net. 60 IN CNAME ."});
}

TEST(ResponsePolicyZones, AnOwnerLeftOutIsTheLastOne) {
    CHECK_SAID("block ads.example.com; block ads.example.com",
               {"ads.example.com A 0.0.0.0", "   AAAA ::"});
}

TEST(ResponsePolicyZones, OtherTriggersAndActionsAreCounted) {
    const std::string expected = skipped(SkipKind::Trigger);
    for (const char* line :
         {"32.1.2.0.192.rpz-ip CNAME .", "24.0.2.0.192.rpz-client-ip CNAME rpz-drop.",
          "ns.example.com.rpz-nsdname CNAME .", "32.1.2.0.192.rpz-nsip CNAME .",
          "ads.example.com CNAME walled-garden.example.net.", "ads.example.com TXT \"no\"",
          "ads.example.com A 192.0.2.1", "ads.example.com CNAME rpz-tcp-only."}) {
        CHECK_SAID(expected.c_str(), {line});
    }
}

TEST(ResponsePolicyZones, CommentsSayNothing) {
    CHECK_SAID("",
               {"; comment", "", "   ", "# not a zone's, but seen", "; ads.example.com CNAME ."});
    CHECK_SAID("block ads.example.com", {"ads.example.com CNAME . ; why"});
}

TEST(ResponsePolicyZones, WhatIsNoRecordIsCounted) {
    const std::string expected = skipped(SkipKind::NotUnderstood);
    CHECK_SAID(expected.c_str(), {"this is not a record"});
    CHECK_SAID(expected.c_str(), {"ads.example.com CNAME"});
    CHECK_SAID(expected.c_str(), {std::string(300, 'a') + ".example.com CNAME ."});
    for (const char* type : {"TYPE-3", "TYPE65536", "TYPE99999999999"}) {
        CHECK_SAID(expected.c_str(), {std::string("ads.example.com ") + type + " \\# 0"});
    }
}

TEST(ResponsePolicyZones, APublicSuffixIsRefused) {
    CHECK_SAID(skipped(SkipKind::TooBroad).c_str(), {"*.github.io CNAME ."});
}

TEST(ResponsePolicyZones, OwnWordsAreKept) {
    said_by({"good.example.com CNAME rpz-passthru."});
    STRCMP_EQUAL("good.example.com CNAME rpz-passthru.", rules.own_words.c_str());
    said_by({"*.ads.example.com 60 IN CNAME *."});
    STRCMP_EQUAL("*.ads.example.com CNAME *.", rules.own_words.c_str());
    said_by({"ads.example.com CNAME ."});
    STRCMP_EQUAL("ads.example.com CNAME .", rules.own_words.c_str());
}

TEST(ResponsePolicyZones, ARecordThatNeverEndsIsDroppedInBoundedMemory) {
    SpokenRules sink;
    RpzLines zone;
    zone.read("x TXT (", sink);
    for (int i = 0; i < 100; ++i) {
        zone.read(std::string(1000, 'a'), sink);
    }
    zone.read(")", sink);
    zone.read("ads.example.com CNAME .", sink);
    CHECK(sink.said.ends_with("block ads.example.com"));
}
