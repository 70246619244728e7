// "What a line means" in docs/lists.md, row by row: a list with that line is compiled, and names
// are judged by what came out.

#include "core/trackers/catalogue.h"
#include "core/trackers/list_compiler.h"
#include "core/trackers/pattern_set.h"
#include "tests/support/temporary_folder.h"

#include <fstream>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::RecordType;
using sporvakt::test::TemporaryFolder;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::compile_lists;
using sporvakt::trackers::ListReport;
using sporvakt::trackers::RuleAction;
using sporvakt::trackers::SkipKind;

TEST_GROUP(ListTable) {
    TemporaryFolder folder;
    std::string path = folder.file("list.txt");
    std::string out = folder.file("catalogue.mdb");
    ListReport report;
    std::string failure;

    bool compile(const std::string& lines) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << lines;
        auto compiled = compile_lists({path}, out, "2026-11-21T12:00:00Z", {});
        failure = compiled ? "" : compiled.error().message;
        report = compiled ? compiled->reports.front() : ListReport{};
        return compiled.has_value();
    }

    /// "block", "allow", or "-" where no rule speaks.
    std::string says(const std::string& name, RecordType type = RecordType::A) const {
        const auto rule = (*Catalogue::open(out))->find_rule(name, type);
        if (!rule) {
            return "-";
        }
        return rule->action == RuleAction::Block ? "block" : "allow";
    }

    /// What each name gets, in one text: "block - -".
    std::string say(const std::vector<std::string>& names, RecordType type = RecordType::A) const {
        std::string all;
        for (const std::string& name : names) {
            all += (all.empty() ? "" : " ") + says(name, type);
        }
        return all;
    }

    std::uint64_t skipped(SkipKind kind) const {
        return report.skipped.at(static_cast<std::size_t>(kind)).count;
    }
    std::uint64_t line_of(SkipKind kind) const {
        return report.skipped.at(static_cast<std::size_t>(kind)).example_line;
    }
    std::uint64_t skipped_in_all() const {
        std::uint64_t sum = 0;
        for (const auto& one : report.skipped) {
            sum += one.count;
        }
        return sum;
    }
};

#define CHECK_SAY(expected, ...) STRCMP_EQUAL(expected, say(__VA_ARGS__).c_str())

// | `0.0.0.0 x` / `127.0.0.1 x y` / `:: x` (hosts) |

TEST(ListTable, HostsLinesBlockExactlyTheirNames) {
    CHECK_TRUE(compile("0.0.0.0 x.example\n127.0.0.1 y.example z.example\n:: v.example\n"));

    CHECK_SAY("block block block block", {"x.example", "y.example", "z.example", "v.example"});
    CHECK_SAY("- - -", {"www.x.example", "www.z.example", "example"});
}

TEST(ListTable, HostsLinesBlockBothAddressFamilies) {
    CHECK_TRUE(compile("0.0.0.0 x.example\n:: v.example\n"));

    CHECK_SAY("block block", {"x.example", "v.example"}, RecordType::A);
    CHECK_SAY("block block", {"x.example", "v.example"}, RecordType::Aaaa);
}

TEST(ListTable, HostsLinesForTheMachineItselfAreSkippedSilently) {
    CHECK_TRUE(
        compile("127.0.0.1 localhost\n255.255.255.255 broadcasthost\n::1 ip6-loopback\n"
                "0.0.0.0 0.0.0.0\n0.0.0.0 x.example\n"));

    LONGS_EQUAL(0, skipped_in_all());
    CHECK_SAY("- - block", {"localhost", "broadcasthost", "x.example"});
}

TEST(ListTable, HostsLinesWithARealAddressAreCounted) {
    CHECK_TRUE(compile("0.0.0.0 x.example\n192.168.1.9 nas.example\n"));

    LONGS_EQUAL(1, skipped(SkipKind::Rewrite));
    LONGS_EQUAL(2, line_of(SkipKind::Rewrite));
    CHECK_SAY("-", {"nas.example"});
}

// | `x` (plain domain) |

TEST(ListTable, APlainDomainBlocksExactlyIt) {
    CHECK_TRUE(compile("x.example\n"));

    CHECK_SAY("block - -", {"x.example", "www.x.example", "ax.example"});
}

// | `*.x`, `.x` |

TEST(ListTable, AWildcardBlocksTheNameAndEverythingBelow) {
    CHECK_TRUE(compile("*.x.example\n.y.example\n"));

    CHECK_SAY("block block block", {"x.example", "a.x.example", "b.a.x.example"});
    CHECK_SAY("block block", {"y.example", "a.y.example"});
    CHECK_SAY("- -", {"ax.example", "example"});
}

// | `||x^` (and `||x`) |

TEST(ListTable, AnAnchoredNameBlocksItAndEverythingBelow) {
    CHECK_TRUE(compile("||x.example^\n||y.example\n"));

    CHECK_SAY("block block - -", {"x.example", "a.x.example", "ax.example", "x.example.net"});
    CHECK_SAY("block block -", {"y.example", "a.y.example", "ay.example"});
}

TEST(ListTable, ImportantBeatsAPlainAllow) {
    CHECK_TRUE(compile("||x.example^$important\n@@||x.example^\n@@||a.x.example^\n"));

    CHECK_SAY("block block", {"x.example", "a.x.example"});
}

TEST(ListTable, ImportantAllowBeatsImportantBlock) {
    CHECK_TRUE(compile("||x.example^$important\n@@||x.example^$important\n"));

    CHECK_SAY("allow", {"x.example"});
}

TEST(ListTable, BadfilterCancelsTheSameRuleAndNoOther) {
    CHECK_TRUE(
        compile("||x.example^\n||y.example^\n||x.example^$badfilter\n"
                "||z.example^$important\n||z.example^$badfilter\n"));

    CHECK_SAY("- block block", {"x.example", "y.example", "z.example"});
}

TEST(ListTable, DenyallowDoesNotSpeakOfTheNamesItExcepts) {
    CHECK_TRUE(compile("||x.example^$denyallow=ok.x.example|*.fine.x.example\n"));

    CHECK_SAY("block block", {"x.example", "a.x.example"});
    CHECK_SAY("- - -", {"ok.x.example", "a.ok.x.example", "a.fine.x.example"});
}

TEST(ListTable, DnstypeSpeaksOfItsTypesOnly) {
    CHECK_TRUE(compile("||x.example^$dnstype=AAAA|HTTPS\n||y.example^$dnstype=~A\n"));

    STRCMP_EQUAL("-", says("x.example", RecordType::A).c_str());
    STRCMP_EQUAL("block", says("a.x.example", RecordType::Aaaa).c_str());
    STRCMP_EQUAL("block", says("x.example", RecordType::Https).c_str());
    STRCMP_EQUAL("-", says("y.example", RecordType::A).c_str());
    STRCMP_EQUAL("block", says("y.example", RecordType::Txt).c_str());
}

TEST(ListTable, ClientAndCtagNeverBecomeARuleForEverybody) {
    CHECK_TRUE(
        compile("||w.example^\n||x.example^$client=192.168.1.20\n||y.example^$ctag=device_tv\n"));

    LONGS_EQUAL(2, skipped(SkipKind::Client));
    CHECK_SAY("block - -", {"w.example", "x.example", "y.example"});
}

TEST(ListTable, OtherModifiersMakeARuleNotOursAndAreCounted) {
    CHECK_TRUE(
        compile("||w.example^\n||x.example^$third-party\n||y.example^$script,domain=z.example\n"
                "||v.example^$dnsrewrite=192.0.2.1\n"));

    LONGS_EQUAL(2, skipped(SkipKind::Url));
    LONGS_EQUAL(1, skipped(SkipKind::Rewrite));
    CHECK_SAY("block - - -", {"w.example", "x.example", "y.example", "v.example"});
}

// | `|x^`, `x^` |

TEST(ListTable, ANameAnchoredOnBothSidesBlocksExactlyIt) {
    CHECK_TRUE(compile("|x.example^\n"));

    CHECK_SAY("block - - -", {"x.example", "a.x.example", "ax.example", "x.example.net"});
}

TEST(ListTable, ANameAnchoredAtItsEndBlocksWhateverEndsInIt) {
    CHECK_TRUE(compile("x.example^\n"));

    CHECK_SAY("block block block -", {"x.example", "a.x.example", "ax.example", "x.example.net"});
}

TEST(ListTable, ANameAnchoredAtItsStartBlocksWhateverBeginsWithIt) {
    CHECK_TRUE(compile("|ads.\n"));

    CHECK_SAY("block - -", {"ads.x.example", "x.ads.example", "loads.example"});
}

TEST(ListTable, AMaskMayStandInsideALabel) {
    CHECK_TRUE(compile("||ad*er.x.example^\n|t*k.example^\n"));

    CHECK_SAY("block block block",
              {"adserver.x.example", "ad1er.x.example", "www.adserver.x.example"});
    CHECK_SAY("- - -", {"adserve.x.example", "xadserver.x.example", "adserver.x.example.net"});
    CHECK_SAY("block -", {"track.example", "a.track.example"});
}

TEST(ListTable, AMaskBelowANameSparesTheNameItself) {
    CHECK_TRUE(compile("||*.x.example^\n"));

    CHECK_SAY("block -", {"a.x.example", "x.example"});
}

// | `@@…` |

TEST(ListTable, AnAllowAtEqualOrLongerSuffixBeatsABlock) {
    CHECK_TRUE(compile("||x.example^\n@@||x.example^\n||y.example^\n@@||ok.y.example^\n"));

    CHECK_SAY("allow allow", {"x.example", "a.x.example"});
    CHECK_SAY("allow allow block", {"ok.y.example", "a.ok.y.example", "a.y.example"});
}

TEST(ListTable, AnAllowAtAShorterSuffixDoesNotBeatABlock) {
    CHECK_TRUE(compile("||ads.x.example^\n@@||x.example^\n"));

    CHECK_SAY("allow block block", {"x.example", "ads.x.example", "a.ads.x.example"});
}

// | `/re/` |

TEST(ListTable, AnExpressionBlocksTheNamesThatItMatches) {
    CHECK_TRUE(compile("/^ad[0-9]+\\./\n"));

    CHECK_SAY("block - -", {"ad12.x.example", "ad.x.example", "bad1.x.example"});
}

TEST(ListTable, AnExpressionOverTheLimitIsRefusedWithItsLineNumber) {
    using sporvakt::trackers::PatternRule;
    const std::string longest(PatternRule::kExpressionMax, 'a');
    CHECK_TRUE(compile("x.example\n/" + longest + "/\n/" + longest + "a/\n"));

    LONGS_EQUAL(1, report.expressions);
    LONGS_EQUAL(1, skipped(SkipKind::Expression));
    LONGS_EQUAL(3, line_of(SkipKind::Expression));
}

TEST(ListTable, AnExpressionThatWouldCostTooMuchIsRefusedWithItsLineNumber) {
    CHECK_TRUE(compile("x.example\n/(((a{1000}){1000}){1000})/\n"));
    LONGS_EQUAL(2, line_of(SkipKind::Expression));

    CHECK_TRUE(compile("x.example\ny.example\n/(?=look)ahead/\n"));
    LONGS_EQUAL(3, line_of(SkipKind::Expression));
}

// | `x CNAME .` / `*.x CNAME .` / `x CNAME rpz-passthru.` (RPZ) |

TEST(ListTable, ResponsePolicyZonesBlockAndAllowInTheirOwnScopes) {
    CHECK_TRUE(
        compile("$TTL 60\n@ SOA a. b. 1 2 3 4 5\nx.example CNAME .\n*.y.example CNAME .\n"
                "z.example CNAME .\nz.example CNAME rpz-passthru.\n"));

    CHECK_SAY("block -", {"x.example", "a.x.example"});
    CHECK_SAY("- block", {"y.example", "a.y.example"});
    CHECK_SAY("allow", {"z.example"});
}

TEST(ListTable, ResponsePolicyTriggersThatAreNotAboutNamesAreCounted) {
    CHECK_TRUE(
        compile("$TTL 60\n@ SOA a. b. 1 2 3 4 5\nx.example CNAME .\n"
                "32.1.2.0.192.rpz-ip CNAME .\nns.y.example.rpz-nsdname CNAME .\n"));

    LONGS_EQUAL(2, skipped(SkipKind::Trigger));
    LONGS_EQUAL(4, line_of(SkipKind::Trigger));
    CHECK_SAY("block -", {"x.example", "y.example"});
}

// | `local=/x/`, `address=/x/…`, `server=/x/` (dnsmasq), `local-zone: "x" …` (unbound) |

TEST(ListTable, DnsmasqLinesBlockTheNameAndEverythingBelow) {
    CHECK_TRUE(
        compile("local=/x.example/\naddress=/y.example/0.0.0.0\nserver=/z.example/\n"
                "address=/v.example/::\naddress=/u.example/#\nlocal=/a.example/b.example/\n"));

    CHECK_SAY("block block", {"x.example", "www.x.example"});
    CHECK_SAY("block block", {"y.example", "www.y.example"});
    CHECK_SAY("block block", {"z.example", "www.z.example"});
    CHECK_SAY("block block", {"v.example", "u.example"});
    CHECK_SAY("block block", {"www.a.example", "www.b.example"});
    CHECK_SAY("-", {"ax.example"});
}

TEST(ListTable, DnsmasqLinesThatDoNotBlockAreCounted) {
    CHECK_TRUE(
        compile("local=/x.example/\naddress=/nas.example/192.168.1.9\ncache-size=100\n"
                "server=/corp.example/192.168.1.1\n"));

    LONGS_EQUAL(1, skipped(SkipKind::Rewrite));
    LONGS_EQUAL(2, skipped(SkipKind::Setting));
    CHECK_SAY("block - -", {"x.example", "nas.example", "corp.example"});
}

TEST(ListTable, UnboundZonesBlockTheNameAndEverythingBelow) {
    CHECK_TRUE(
        compile("server:\nlocal-zone: \"x.example\" always_nxdomain\n"
                "local-zone: \"y.example.\" static\nlocal-zone: \"z.example\" transparent\n"));

    CHECK_SAY("block block", {"x.example", "www.x.example"});
    CHECK_SAY("block block", {"y.example", "www.y.example"});
    CHECK_SAY("allow", {"z.example"});
}

// | cosmetic, URL, script rules |

TEST(ListTable, RulesOfABrowserAreCountedByKindWithAnExample) {
    CHECK_TRUE(
        compile("||x.example^\n##.banner\nshop.example##.ad\nshop.example#@#.ad\n"
                "||y.example/ads/*\n/banner/*/img^\nshop.example##+js(nobab)\n"));

    LONGS_EQUAL(4, skipped(SkipKind::Cosmetic));
    LONGS_EQUAL(2, line_of(SkipKind::Cosmetic));
    STRCMP_EQUAL("##.banner", report.skipped.at(0).example.c_str());
    LONGS_EQUAL(2, skipped(SkipKind::Url));
    LONGS_EQUAL(5, line_of(SkipKind::Url));
    CHECK_SAY("block - -", {"x.example", "y.example", "shop.example"});
}

TEST(ListTable, NoLineIsLostSilently) {
    CHECK_TRUE(
        compile("||x.example^\n||y.example^$popup\nnot!a!name.example\n@@||z.example^\n"
                "||com^\n192.0.2.1\n/(/\n##.a\n"));

    LONGS_EQUAL(8, report.lines);
    LONGS_EQUAL(report.lines, report.taken() + skipped_in_all());
}

// What stands below the table.

TEST(ListTable, InternationalNamesAreStoredAsALabels) {
    CHECK_TRUE(compile("bücher.example\n||BLÅBÆR.example^\n0.0.0.0 x.example.\n"));

    CHECK_SAY("block block block",
              {"xn--bcher-kva.example", "a.xn--blbr-roah.example", "x.example"});
}

TEST(ListTable, NamesThatEqualAPublicSuffixAreRefused) {
    CHECK_TRUE(compile("x.example\n||com^\nco.uk\n0.0.0.0 github.io\n*.blogspot.com\n"));

    LONGS_EQUAL(4, skipped(SkipKind::TooBroad));
    LONGS_EQUAL(2, line_of(SkipKind::TooBroad));
    CHECK_SAY("- - -", {"shop.com", "shop.co.uk", "someone.github.io"});
}

TEST(ListTable, BytesThatAreNotAListRefuseTheUpdateWithTheLineNumber) {
    const std::string page = "x.example\n<!DOCTYPE html>\n<html><body>Log in</body></html>\n";
    const std::string binary("x.example\ny.example\n\x1f\x8b\x08\x00\n", 24);
    const std::string endless = "x.example\n" + std::string(64 * 1024 + 1, 'a') + "\n";
    CHECK_TRUE(compile("old.example\n"));

    CHECK_FALSE(compile(page));
    STRCMP_CONTAINS("list.txt:2: not a list", failure.c_str());
    CHECK_FALSE(compile(binary));
    STRCMP_CONTAINS("list.txt:3: not a list", failure.c_str());
    CHECK_FALSE(compile(endless));
    STRCMP_CONTAINS("list.txt:2: not a list", failure.c_str());

    CHECK_SAY("block -", {"old.example", "x.example"});
}
