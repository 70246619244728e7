#include "core/trackers/catalogue_writer.h"

#include "core/trackers/catalogue.h"
#include "core/trackers/pattern_set.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::RecordType;
using sporvakt::test::TemporaryFolder;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::CatalogueWriter;
using sporvakt::trackers::company_id;
using sporvakt::trackers::CompanyId;
using sporvakt::trackers::NameRule;
using sporvakt::trackers::PatternRule;
using sporvakt::trackers::PatternSet;
using sporvakt::trackers::Purpose;
using sporvakt::trackers::RuleScope;

TEST_GROUP(CatalogueWriting) {
    TemporaryFolder folder;
    std::string path = folder.file("catalogue.mdb");

    static bool write_block(const std::string& to, const std::string& name) {
        CatalogueWriter writer;
        const auto list = writer.add_list("list").value_or(0);
        return writer.add(list, NameRule{name, RuleScope::Exact, {}, "", ""}).has_value() &&
               writer.write(to, "2026-11-21T12:00:00Z").has_value();
    }
    std::size_t files() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
            count += entry.is_regular_file() ? 1U : 0U;
        }
        return count;
    }
};

TEST(CatalogueWriting, AnEmptyCatalogueIsACatalogue) {
    CatalogueWriter writer;
    CHECK(writer.write(path, "2026-11-21T12:00:00Z").has_value());
    const auto catalogue = Catalogue::open(path);
    CHECK(catalogue.has_value());
    LONGS_EQUAL(0, (*catalogue)->rule_count());
    CHECK(!(*catalogue)->find_rule("example.com", RecordType::A).has_value());
    CHECK((*catalogue)->companies().empty());
}

TEST(CatalogueWriting, ReadersKeepTheFileThatTheyOpened) {
    CHECK(write_block(path, "old.example"));
    const auto before = Catalogue::open(path);
    CHECK(write_block(path, "new.example"));
    const auto after = Catalogue::open(path);
    CHECK((*before)->find_rule("old.example", RecordType::A).has_value());
    CHECK(!(*before)->find_rule("new.example", RecordType::A).has_value());
    CHECK((*after)->find_rule("new.example", RecordType::A).has_value());
    LONGS_EQUAL(1, files());
}

TEST(CatalogueWriting, AFailureLeavesTheOldFileAndNothingElse) {
    CHECK(!write_block(folder.file("no-such-folder/catalogue.mdb"), "a.example"));
    std::filesystem::create_directory(path);  // a folder cannot be replaced by a file
    CHECK(!write_block(path, "a.example"));
    LONGS_EQUAL(0, files());
}

TEST(CatalogueWriting, AnExpressionThatRe2RefusesIsRefusedWithTheReason) {
    CatalogueWriter writer;
    const auto list = writer.add_list("list").value_or(0);
    CHECK(!writer.add(list, PatternRule{"(unclosed", 0, {}, "/(unclosed/"}));
    CHECK(!writer.add(list, PatternRule{"(?=ahead)", 0, {}, "/(?=ahead)/"}));
    CHECK(!writer.add(list, PatternRule{std::string(2000, 'a'), 0, {}, ""}));
    CHECK(writer.add(list, PatternRule{"^fine$", 0, {}, "/^fine$/"}).has_value());
}

TEST(CatalogueWriting, ThereIsALimitOnExpressions) {
    CatalogueWriter writer;
    const auto list = writer.add_list("list").value_or(0);
    for (std::size_t i = 0; i < PatternSet::kPatternsMax; ++i) {
        CHECK(writer.add(list, PatternRule{"a" + std::to_string(i), 0, {}, "x"}).has_value());
    }
    CHECK(!writer.add(list, PatternRule{"one-more", 0, {}, "x"}));
    CHECK(writer.write(path, "2026-11-21T12:00:00Z").has_value());
    CHECK((*Catalogue::open(path))->find_rule("xa1999x.example", RecordType::A).has_value());
}

TEST(CatalogueWriting, ACompanyStandsOnceAndBeforeItsDomains) {
    CatalogueWriter writer;
    CHECK(!writer.add_domain("facebook.com", "meta", Purpose::Social));
    CHECK(writer.add_company({"meta", "Meta", "", "US", ""}).has_value());
    CHECK(!writer.add_company({"meta", "Meta again", "", "US", ""}));
    CHECK(writer.add_domain("facebook.com", "meta", Purpose::Social).has_value());
}

TEST(CatalogueWriting, CompanyIdsAreTheFirstBitsOfSha256) {
    // printf meta | sha256sum
    CHECK(company_id("meta") == CompanyId{0xea3bd73eU});
    CHECK(company_id("meta") != company_id("google"));
}
