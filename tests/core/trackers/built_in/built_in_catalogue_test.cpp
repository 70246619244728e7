#include "core/trackers/built_in/built_in_catalogue.h"

#include "core/trackers/catalogue.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::IpAddress;
using sporvakt::RecordType;
using sporvakt::test::TemporaryFolder;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::compile_built_in;
using sporvakt::trackers::Evasion;
using sporvakt::trackers::Purpose;
using sporvakt::trackers::RuleAction;

TEST_GROUP(BuiltInCatalogues) {
    TemporaryFolder folder;
    std::string failure;

    void setup() override {
        write("companies.txt", "x-corp|X||NO|https://x.test\n");
        write("aliases.txt", "");
        write("categories.txt", "ad|advertising\ncdn|cdn\n");
        write("entities.txt", "");
        write("domains.txt", "");
        write("ways-around.txt", "");
        write("disguises.txt", "");
        write("entities.json", R"([
            {"name":"X Ads","company":"X","category":"ad",
             "domains":["*.ads.example","x.example","github.io","192.0.2.1"]},
            {"name":"Files","category":"cdn","domains":["*.files.ads.example"]}])");
    }
    void write(const char* name, const std::string& content) const {
        std::ofstream(folder.file(name), std::ios::trunc) << content;
    }
    std::shared_ptr<const Catalogue> compile() {
        const std::string out = folder.file("catalogue.mdb");
        const auto report = compile_built_in({folder.path(), folder.file("entities.json")}, out,
                                             "2026-11-21T12:00:00Z");
        failure = report ? "" : report.error().message;
        return report ? *Catalogue::open(out) : nullptr;
    }
    static bool blocks(const Catalogue& catalogue, const char* name) {
        const auto rule = catalogue.find_rule(name, RecordType::A);
        return rule && rule->action == RuleAction::Block;
    }
};

TEST(BuiltInCatalogues, BlockWhatHasAPurposeThatIsBlocked) {
    const auto catalogue = compile();
    CHECK(blocks(*catalogue, "a.ads.example"));
    CHECK(catalogue->find_rule("a.ads.example", RecordType::A)->list == "Sporvakt");
    CHECK(catalogue->company_by_slug("x-corp")->country == "NO");
    CHECK(catalogue->attribution_of("a.ads.example")->company ==
          catalogue->company_by_slug("x-corp")->id);
}

TEST(BuiltInCatalogues, LetThroughWhatLiesBelowWithAnotherPurpose) {
    const auto catalogue = compile();
    CHECK(!blocks(*catalogue, "a.files.ads.example"));
    CHECK(catalogue->attribution_of("a.files.ads.example")->purpose == Purpose::Cdn);
    CHECK(!catalogue->find_rule("files.ads.example", RecordType::A).has_value());
}

TEST(BuiltInCatalogues, OurOwnWordOnADomainHolds) {
    write("domains.txt", "x.example|-|first-party-service\nnew.example|x-corp|session-replay\n");
    const auto catalogue = compile();
    CHECK(!blocks(*catalogue, "x.example"));
    CHECK(catalogue->attribution_of("x.example")->company ==
          catalogue->company_by_slug("x-corp")->id);
    CHECK(blocks(*catalogue, "www.new.example"));
}

TEST(BuiltInCatalogues, OurOwnWordOnAnEntityHolds) {
    write("entities.txt", "Files|x-corp|analytics\nX Ads|-|consent\n");
    const auto catalogue = compile();
    CHECK(blocks(*catalogue, "files.ads.example"));
    CHECK(!blocks(*catalogue, "ads.example"));
}

TEST(BuiltInCatalogues, NeverBlockAPublicSuffix) {
    const auto catalogue = compile();
    CHECK(!blocks(*catalogue, "someone.github.io"));
    CHECK(catalogue->attribution_of("someone.github.io").has_value());
}

TEST(BuiltInCatalogues, KnowWaysAroundByNameAndByAddress) {
    write("ways-around.txt",
          "dns.example|x-corp|doh\nmask.example||relay\n9.9.9.9|x-corp|doh\n2620:fe::fe||vpn\n");
    const auto catalogue = compile();
    const auto doh = catalogue->attribution_of("family.dns.example");
    CHECK(doh->evasion == Evasion::DnsOverHttps);
    CHECK(doh->purpose == Purpose::WayAround);
    CHECK(doh->company == catalogue->company_by_slug("x-corp")->id);
    CHECK(catalogue->attribution_of("mask.example")->evasion == Evasion::Relay);
    CHECK(!blocks(*catalogue, "dns.example"));
    CHECK(catalogue->evasion_at(*IpAddress::from_text("9.9.9.9")) == Evasion::DnsOverHttps);
    CHECK(catalogue->evasion_at(*IpAddress::from_text("2620:fe::fe")) == Evasion::Vpn);
    CHECK(catalogue->evasion_at(*IpAddress::from_text("2620:fe::ff")) == Evasion::None);
}

TEST(BuiltInCatalogues, AWayAroundIsOneAllTheWayDown) {
    write("ways-around.txt", "x.example|x-corp|vpn\n");
    write("domains.txt", "page.x.example|x-corp|analytics\n");
    const auto catalogue = compile();
    CHECK(catalogue->attribution_of("a.page.x.example")->evasion == Evasion::Vpn);
    CHECK(catalogue->attribution_of("a.page.x.example")->purpose == Purpose::WayAround);
    CHECK(!blocks(*catalogue, "page.x.example"));
}

TEST(BuiltInCatalogues, MarkDisguisesAndLeaveThemTheirPurpose) {
    write("disguises.txt", "ads.example\n");
    const auto catalogue = compile();
    CHECK(catalogue->attribution_of("shop.ads.example")->evasion == Evasion::Disguise);
    CHECK(catalogue->attribution_of("shop.ads.example")->purpose == Purpose::Advertising);
    CHECK(blocks(*catalogue, "shop.ads.example"));
    // What lies below and is no tracker disguises nothing.
    CHECK(catalogue->attribution_of("files.ads.example")->evasion == Evasion::None);
    CHECK(catalogue->attribution_of("x.example")->evasion == Evasion::None);
}

TEST(BuiltInCatalogues, FactsThatContradictThemselvesAreNamed) {
    write("domains.txt", "# c\nx.example|nobody|analytics\n");
    CHECK(compile() == nullptr);
    CHECK(failure.find("domains.txt:2:") != std::string::npos);
    write("domains.txt", "x.example|x-corp|no-such-purpose\n");
    CHECK(compile() == nullptr);
    write("domains.txt", "unheard-of.example|-|analytics\n");
    CHECK(compile() == nullptr);
    write("domains.txt", "");
    write("companies.txt", "x-corp|X|nobody|NO|\n");
    CHECK(compile() == nullptr);
    CHECK(failure.find("companies.txt:1:") != std::string::npos);
}

TEST(BuiltInCatalogues, FactsThatBreakTheirRulesAreNamed) {
    const auto failure_of = [this](const char* name, const char* content) {
        setup();
        write(name, content);
        CHECK(compile() == nullptr);
        return failure;
    };
    STRCMP_CONTAINS("companies.txt:1: 'UK' is not a country",
                    failure_of("companies.txt", "x-corp|X||UK|\n").c_str());
    STRCMP_CONTAINS("is not an https:// address",
                    failure_of("companies.txt", "x-corp|X|||http://x.test\n").c_str());
    STRCMP_CONTAINS("companies.txt:2: the name 'x' is missing, or stands twice",
                    failure_of("companies.txt", "x-corp|X|||\ny|x|||\n").c_str());
    STRCMP_CONTAINS("ways-around.txt:1: 'tor' is not a way around",
                    failure_of("ways-around.txt", "a.example||tor\n").c_str());
    STRCMP_CONTAINS("'disguise' is not a way around",
                    failure_of("ways-around.txt", "a.example||disguise\n").c_str());
    STRCMP_CONTAINS("'nobody' is not a company",
                    failure_of("ways-around.txt", "a.example|nobody|doh\n").c_str());
    STRCMP_CONTAINS("'a b' is neither a domain nor an address",
                    failure_of("ways-around.txt", "a b||doh\n").c_str());
    STRCMP_CONTAINS("ways-around.txt:2: '9.9.9.9' stands twice",
                    failure_of("ways-around.txt", "9.9.9.9||doh\n9.9.9.9||vpn\n").c_str());
    STRCMP_CONTAINS("disguises.txt:1: 'unheard-of.example' is no tracker's domain",
                    failure_of("disguises.txt", "unheard-of.example\n").c_str());
    STRCMP_CONTAINS("'files.ads.example' is no tracker's domain",
                    failure_of("disguises.txt", "files.ads.example\n").c_str());
    STRCMP_CONTAINS("disguises.txt:2: 'ads.example' stands twice",
                    failure_of("disguises.txt", "ads.example\nads.example\n").c_str());
    STRCMP_CONTAINS("the id 'X Corp' is not one",
                    failure_of("companies.txt", "X Corp|X|||\n").c_str());
    STRCMP_CONTAINS("'a' belongs to itself",
                    failure_of("companies.txt", "a|A|b||\nb|B|a||\n").c_str());
    STRCMP_CONTAINS("'f' belongs to itself, or has more owners",
                    failure_of("companies.txt",
                               "a|A|||\nb|B|a||\nc|C|b||\nd|D|c||\ne|E|d||\n"
                               "f|F|e||\n")
                        .c_str());
    STRCMP_CONTAINS(
        "domains.txt:2: 'a.example' stands twice",
        failure_of("domains.txt", "A.example|x-corp|cdn\na.example|x-corp|cdn\n").c_str());
    STRCMP_CONTAINS("entities.txt:2: the entity 'Files' stands twice",
                    failure_of("entities.txt", "Files|-|cdn\nFiles|-|cdn\n").c_str());
    STRCMP_CONTAINS("aliases.txt:1: 'nobody' is not a company",
                    failure_of("aliases.txt", "y|nobody\n").c_str());
    STRCMP_CONTAINS("aliases.txt:1: the alias 'x' is missing, or somebody's already",
                    failure_of("aliases.txt", "x|x-corp\n").c_str());
}

TEST(BuiltInCatalogues, ACompanyThatIsCalledByAnAliasIsOurs) {
    write("aliases.txt", "X Holdings|x-corp\n");
    write("entities.json",
          R"([{"name":"A","company":"x holdings","category":"ad","domains":["a.example"]}])");
    const auto catalogue = compile();
    CHECK(catalogue->attribution_of("a.example")->company ==
          catalogue->company_by_slug("x-corp")->id);
    LONGS_EQUAL(1, catalogue->companies().size());
}

TEST(BuiltInCatalogues, ACategoryWithoutAPurposeFails) {
    write("categories.txt", "ad|advertising\n");
    CHECK(compile() == nullptr);
    CHECK(failure.find("'cdn'") != std::string::npos);
}
