#include "core/knowledge/sensitive_sites.h"

#include "tests/support/temporary_folder.h"

#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::knowledge;
using sporvakt::test::TemporaryFolder;

TEST_GROUP(SensitiveSites) {
    TemporaryFolder folder;

    void setup() override {
        write("sensitive-sites.txt",
              "nhi.no|health|Health information\nifengsel.no|children criminal|A chat\n"
              "skeivungdom.kirken.no|sexuality|Below another\nkirken.no|religion|Church\n");
        write("sensitive-hosts.txt",
              "helse-*.no|health|Health trusts\n*skole.*.kommune.no|children|Schools\n");
        write("sensitive-words.txt", "apotek|health\nkirke|religion\n");
    }
    void write(const char* name, const std::string& content) const {
        std::ofstream(folder.file(name), std::ios::trunc) << content;
    }
    SensitiveSites sites() const {
        return *SensitiveSites::read(folder.path());
    }
    std::string failure() const {
        const auto read = SensitiveSites::read(folder.path());
        return read ? "" : read.error().message;
    }
};

TEST(SensitiveSites, AreKnownWithAllBelowThem) {
    const auto site = sites().find("www.nhi.no");
    CHECK_TRUE(site.has_value());
    CHECK_TRUE(site->classes == std::vector{SensitiveClass::Health});
    CHECK_TRUE(site->evidence == SensitiveSite::Evidence::Site);
    STRCMP_EQUAL("nhi.no", site->row.c_str());
    LONGS_EQUAL(2, sites().find("ifengsel.no")->classes.size());
    STRCMP_EQUAL("skeivungdom.kirken.no", sites().find("a.skeivungdom.kirken.no")->row.c_str());
    for (const char* const other : {"no", "minhi.no", "nhi.no.example", "", "kirken"}) {
        CHECK_FALSE(sites().find(other).has_value());
    }
}

TEST(SensitiveSites, AreKnownByTheFormOfAHost) {
    const auto trust = sites().find("www.helse-bergen.no");
    CHECK_TRUE(trust->evidence == SensitiveSite::Evidence::HostForm);
    STRCMP_EQUAL("helse-*.no", trust->row.c_str());
    CHECK_TRUE(sites().find("lakkegataskole.oslo.kommune.no").has_value());
    for (const char* const other : {"helse.no", "helse-x.se", "x-helse-y.no", "oslo.kommune.no",
                                    "lakkegataskole.kommune.no", "skole.no"}) {
        CHECK_FALSE(sites().find(other).has_value());
    }
}

TEST(SensitiveSites, AWordOnlySuggests) {
    const auto suggestion = sites().suggest("mitt-apotek.example");
    CHECK_TRUE(suggestion->which == SensitiveClass::Health);
    STRCMP_EQUAL("apotek", suggestion->word.c_str());
    CHECK_FALSE(sites().find("mitt-apotek.example").has_value());
}

TEST(SensitiveSites, AWordIsAWholePartOfAName) {
    for (const char* const other :
         {"kirkenes.no", "apoteker.example", "wealth.example", "", "kirkegata-12.example"}) {
        CHECK_FALSE(sites().suggest(other).has_value());
    }
    // What is known needs no suggestion.
    write("sensitive-words.txt", "nhi|religion\n");
    CHECK_FALSE(sites().suggest("www.nhi.no").has_value());
}

TEST(SensitiveSites, EveryClassHasItsLaw) {
    LONGS_EQUAL(8, all_sensitive_classes().size());
    for (const SensitiveClassInfo& info : all_sensitive_classes()) {
        CHECK_TRUE(&sensitive_class_info(info.which) == &info);
        CHECK_TRUE(info.law.starts_with("GDPR"));
    }
}

TEST(SensitiveSites, RowsThatBreakTheRulesAreNamed) {
    const auto failure_of = [this](const char* name, const char* content) {
        setup();
        write(name, content);
        return failure();
    };
    STRCMP_CONTAINS("sensitive-sites.txt:1: 'wealth' are not classes",
                    failure_of("sensitive-sites.txt", "a.example|wealth|x\n").c_str());
    STRCMP_CONTAINS("are not classes", failure_of("sensitive-sites.txt", "a.example||x\n").c_str());
    for (const char* const site : {"github.io|health|x\n", "no|health|x\n", "A.example|health|x\n",
                                   "a..b|health|x\n", "|health|x\n"}) {
        STRCMP_CONTAINS("is not the name of a site",
                        failure_of("sensitive-sites.txt", site).c_str());
    }
    STRCMP_CONTAINS(
        "sensitive-sites.txt:2: 'a.example' stands twice",
        failure_of("sensitive-sites.txt", "a.example|health|x\na.example|union|y\n").c_str());
    for (const char* const form : {"*.*|health|x\n", "**.no|health|x\n", "no|health|x\n",
                                   "a..no|health|x\n", "helse.*|health|x\n"}) {
        STRCMP_CONTAINS("is not a form", failure_of("sensitive-hosts.txt", form).c_str());
    }
    STRCMP_CONTAINS("has no class, or stands twice",
                    failure_of("sensitive-words.txt", "a|health\na|union\n").c_str());
}
