#include "core/knowledge/knowledge.h"

#include "core/trackers/built_in/facts.h"
#include "tests/support/temporary_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::knowledge;
using sporvakt::test::TemporaryFolder;

// The files that we ship, held to their rules: docs/knowledge.md.
TEST_GROUP(ShippedKnowledge) {
    const std::string source = SPORVAKT_SOURCE_DIR;
    TemporaryFolder folder;
    Knowledge known;
    std::set<std::string> companies;

    void setup() override {
        // As the build ships them: in one folder.
        for (const char* const file :
             {"knowledge/facts/decisions.txt", "knowledge/facts/sensitive-sites.txt",
              "knowledge/facts/sensitive-hosts.txt", "knowledge/facts/sensitive-words.txt",
              "trackers/facts/aliases.txt"}) {
            const std::filesystem::path from = source + "/core/" + file;
            std::filesystem::copy(from, std::filesystem::path(folder.path()) / from.filename());
        }
        auto read = read_knowledge(folder.path());
        CHECK_TEXT(read.has_value(), read ? "" : read.error().message.c_str());
        known = std::move(*read);
        const auto rows =
            sporvakt::trackers::read_facts(source + "/core/trackers/facts/companies.txt", 5);
        for (const auto& row : *rows) {
            companies.insert(row.fields[0]);
        }
    }
    const Decision* decision(std::string_view date, std::string_view authority) const {
        const auto found = std::find_if(
            known.decisions.begin(), known.decisions.end(),
            [&](const Decision& each) { return each.date == date && each.authority == authority; });
        return found == known.decisions.end() ? nullptr : &*found;
    }
};

TEST(ShippedKnowledge, SpeaksOfCompaniesThatThereAre) {
    for (const Decision& each : known.decisions) {
        CHECK_TEXT(each.company.empty() || companies.contains(each.company), each.company.c_str());
        for (const std::string& tracker : each.trackers) {
            CHECK_TEXT(companies.contains(tracker), tracker.c_str());
        }
    }
    for (const auto& [alias, slug] : known.aliases) {
        CHECK_TEXT(companies.contains(slug), slug.c_str());
        CHECK_TEXT(!companies.contains(alias), alias.c_str());
    }
}

TEST(ShippedKnowledge, StatesTheNorwegianCaseAgainstMetaAsItWas) {
    const Decision* const ban = decision("2023-07-14", "Datatilsynet");
    CHECK_TRUE(ban != nullptr);
    CHECK_TRUE(ban->status != DecisionStatus::SetAside);
    CHECK_FALSE(ban->amount.has_value());
    const Decision* const fine = decision("2023-08-07", "Datatilsynet");
    CHECK_TRUE(fine != nullptr);
    LONGS_EQUAL(1000000, fine->amount->value);
    CHECK_TRUE(fine->amount->runs == Amount::Runs::EachDay);
    CHECK_TRUE(fine->status == DecisionStatus::SetAside);
    STRCMP_EQUAL("2024-06-18", fine->status_date.c_str());
    CHECK_TRUE(decision("2024-06-18", "Personvernnemnda") != nullptr);
}

TEST(ShippedKnowledge, ClaimsNoVendorForSitesWhoseVendorIsNotKnown) {
    for (const Decision& each : known.decisions) {
        for (const char* const site :
             {"bibel.no", "drdropin.no", "ifengsel.no", "apotekfordeg.no"}) {
            CHECK_TRUE(each.party.find(site) == std::string::npos || each.trackers.empty());
        }
    }
}

TEST(ShippedKnowledge, KnowsTheSixSitesThatWereInspected) {
    for (const char* const site :
         {"116111.no", "nhi.no", "apotekfordeg.no", "bibel.no", "drdropin.no", "ifengsel.no"}) {
        CHECK_TEXT(known.sensitive_sites.find(site).has_value(), site);
    }
    CHECK(known.sensitive_sites.site_count() > 130);
}

// Words that are not here, because they mislead more often than they help.
TEST(ShippedKnowledge, SuggestsNothingOfNamesThatOnlySoundAlike) {
    for (const char* const name : {"kirkenes.no", "transport.example", "forbundet.example",
                                   "credit-union.example", "kindle.example"}) {
        CHECK_FALSE(known.sensitive_sites.suggest(name).has_value());
    }
    CHECK_TRUE(known.sensitive_sites.suggest("mitt-apotek.example").has_value());
}

TEST(ShippedKnowledge, AFolderWithoutTheFilesIsAnError) {
    const TemporaryFolder empty;
    CHECK_FALSE(read_knowledge(empty.path()).has_value());
    std::ofstream(empty.file("decisions.txt")) << "# nothing\n";
    STRCMP_CONTAINS("aliases.txt", read_knowledge(empty.path()).error().message.c_str());
}
