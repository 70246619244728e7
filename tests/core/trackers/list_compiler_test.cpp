#include "core/trackers/list_compiler.h"

#include "core/trackers/catalogue.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::RecordType;
using sporvakt::test::TemporaryFolder;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::compile_lists;
using sporvakt::trackers::ListFormat;
using sporvakt::trackers::ListReport;
using sporvakt::trackers::RuleAction;
using sporvakt::trackers::SkipKind;

TEST_GROUP(ListCompiling) {
    TemporaryFolder folder;
    std::string out = folder.file("catalogue.mdb");
    std::string failure;

    std::string list(const std::string& name, const std::string& content) const {
        std::ofstream(folder.file(name), std::ios::binary | std::ios::trunc) << content;
        return folder.file(name);
    }
    bool compile(const std::vector<std::string>& paths) {
        const auto compiled = compile_lists(paths, out, "2026-11-21T12:00:00Z", {});
        failure = compiled ? "" : compiled.error().message;
        return compiled.has_value();
    }
    ListReport report_of(const std::string& content) const {
        const auto compiled =
            compile_lists({list("list.txt", content)}, out, "2026-11-21T12:00:00Z", {});
        return compiled ? compiled->reports.front() : ListReport{};
    }
    bool is_blocked(const char* name) const {
        const auto rule = (*Catalogue::open(out))->find_rule(name, RecordType::A);
        return rule && rule->action == RuleAction::Block;
    }
};

TEST(ListCompiling, ReportsWhatWasTakenAndWhatWasSkippedWithAnExample) {
    const ListReport report = report_of(
        "! comment\n||a.example.com^\n@@||b.example.com^\n##.banner\n##.other\n/^ad[0-9]/\n");
    CHECK(report.format == ListFormat::Adblock);
    CHECK(report.name == "list.txt");
    LONGS_EQUAL(6, report.lines);
    LONGS_EQUAL(1, report.blocks);
    LONGS_EQUAL(1, report.allows);
    LONGS_EQUAL(1, report.expressions);
    const auto& cosmetic = report.skipped.at(static_cast<std::size_t>(SkipKind::Cosmetic));
    LONGS_EQUAL(2, cosmetic.count);
    LONGS_EQUAL(4, cosmetic.example_line);
    CHECK(cosmetic.example == "##.banner");
}

TEST(ListCompiling, SeveralListsOfSeveralFormatsMakeOneCatalogue) {
    CHECK(compile({list("a.txt", "0.0.0.0 a.example.com\n"),
                   list("b.zone", "b.example.com CNAME .\n*.b.example.com CNAME .\n"),
                   list("c.conf", "local-zone: \"c.example.com\" static\n")}));
    CHECK(is_blocked("a.example.com"));
    CHECK(!is_blocked("x.a.example.com"));
    CHECK(is_blocked("b.example.com"));
    CHECK(is_blocked("x.b.example.com"));
    CHECK(is_blocked("x.c.example.com"));
    const auto catalogue = Catalogue::open(out);
    CHECK((*catalogue)->find_rule("b.example.com", RecordType::A)->list == "b.zone");
}

TEST(ListCompiling, TheCatalogueKnowsWhatBecameOfEachList) {
    const auto compiled = compile_lists(
        {list("a.txt", "0.0.0.0 a.example.com\n0.0.0.0 b.example.com\n0.0.0.0 b.example.com\n"),
         list("b.txt", "||b.example.com^\n||c.example.com^\n##.banner\n")},
        out, "2026-11-21T12:00:00Z", {});
    CHECK(compiled.has_value());
    const auto kept = (*Catalogue::open(out))->list_reports();
    LONGS_EQUAL(2, kept.size());
    const ListReport& first = kept[0];
    CHECK(first.name == "a.txt");
    CHECK(first.format == ListFormat::Hosts);
    LONGS_EQUAL(3, first.lines);
    LONGS_EQUAL(3, first.taken());
    LONGS_EQUAL(2, first.names);  // b.example.com once, in whatever words the other has it
    LONGS_EQUAL(1, first.only_here);
    LONGS_EQUAL(1, first.shared.size());
    LONGS_EQUAL(1, first.shared[0].list);
    LONGS_EQUAL(1, first.shared[0].names);
    CHECK(kept[1].skipped.at(static_cast<std::size_t>(SkipKind::Cosmetic)).example == "##.banner");
    auto told = compiled->reports;
    for (ListReport& report : told) {
        report.path.clear();
    }
    CHECK(told == kept);
}

TEST(ListCompiling, BadfilterReachesOtherLists) {
    CHECK(compile({list("a.txt", "||a.example.com^\n||b.example.com^\n"),
                   list("b.txt", "||a.example.com^$badfilter\n")}));
    CHECK(!is_blocked("a.example.com"));
    CHECK(is_blocked("b.example.com"));
}

TEST(ListCompiling, AnExpressionThatCannotBeUsedIsCounted) {
    const auto expression = static_cast<std::size_t>(SkipKind::Expression);
    const ListReport report =
        report_of("||a.example.com^\n/(?=x)/\n/.*/\n/" + std::string(2000, 'a') + "/\n");
    LONGS_EQUAL(3, report.skipped.at(expression).count);
    LONGS_EQUAL(2, report.skipped.at(expression).example_line);
    LONGS_EQUAL(100, report_of("/" + std::string(2000, 'a') + "/\na.example.com\n")
                         .skipped.at(expression)
                         .example.size());
}

TEST(ListCompiling, BytesThatAreNoListLeaveTheOldCatalogueInForce) {
    CHECK(compile({list("good.txt", "a.example.com\n")}));
    CHECK(!compile({list("good.txt", "b.example.com\n"), list("bad.txt", "x.example\n<html>\n")}));
    CHECK(failure.find("bad.txt:2: not a list") != std::string::npos);
    CHECK(is_blocked("a.example.com"));
    CHECK(!is_blocked("b.example.com"));
}

TEST(ListCompiling, TextOfWhichNoLineIsARuleIsNoList) {
    CHECK(!compile({list("a.json", "{\n  \"message\": \"Not Found\"\n}\n")}));
    CHECK(failure.find("a.json:1: not a list") != std::string::npos);
    CHECK(!std::filesystem::exists(out));
}

TEST(ListCompiling, AListOfCommentsOrOfCosmeticRulesIsAnEmptyList) {
    CHECK(compile({list("a.txt", "# nothing today\n")}));
    CHECK(compile({list("b.txt", "! cosmetic\n##.banner\n###ad\n")}));
    CHECK(compile({list("c.txt", "")}));
}

TEST(ListCompiling, LongFilesTellHowFarTheyAre) {
    std::string content;
    for (int i = 0; i < 200001; ++i) {
        content += "# \n";
    }
    std::uint64_t told = 0;
    const auto compiled =
        compile_lists({list("long.txt", content)}, out, "2026-11-21T12:00:00Z",
                      [&](const std::string&, std::uint64_t lines) { told = lines; });
    CHECK(compiled.has_value());
    LONGS_EQUAL(200000, told);
}
