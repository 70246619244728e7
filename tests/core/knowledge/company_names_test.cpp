#include "core/knowledge/company_names.h"

#include "tests/support/catalogue_builder.h"

#include <fstream>
#include <memory>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::knowledge;
using sporvakt::test::CatalogueBuilder;
using sporvakt::test::TemporaryFolder;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::Purpose;

TEST_GROUP(CompanyNames) {
    std::shared_ptr<const Catalogue> catalogue =
        CatalogueBuilder()
            .company("meta", "Meta Platforms")
            .company("x-corp", "X (Twitter)")
            .company("ads", "Ads & Sons", "meta")
            .domain("pixel.example", "ads", Purpose::Advertising)
            .domain("nobody.example", "", Purpose::Analytics)
            .open();
    Aliases aliases{{"facebook", "meta"}, {"gone", "left-the-catalogue"}};
    TemporaryFolder folder;

    std::string found(std::string_view written) const {
        const auto company = find_company({&catalogue, 1}, aliases, written);
        return company ? std::string(company->slug) : "";
    }
    auto read(const std::string& content) const {
        std::ofstream(folder.file("aliases.txt"), std::ios::trunc) << content;
        return read_aliases(folder.file("aliases.txt"));
    }
};

TEST(CompanyNames, AreIdsNamesAliasesPartsAndDomains) {
    STRCMP_EQUAL("meta", found("META").c_str());
    STRCMP_EQUAL("meta", found("meta platforms").c_str());
    STRCMP_EQUAL("meta", found("FaceBook").c_str());
    STRCMP_EQUAL("x-corp", found("x").c_str());
    STRCMP_EQUAL("x-corp", found("twitter").c_str());
    STRCMP_EQUAL("ads", found("a.PIXEL.example.").c_str());
}

TEST(CompanyNames, WhatNobodyKnowsIsNobody) {
    for (const char* const written :
         {"", "gone", "nobody.example", "example", "not a name", "platforms", "(twitter)"}) {
        STRCMP_EQUAL("", found(written).c_str());
    }
}

TEST(CompanyNames, AliasesAreReadInLowerCase) {
    const auto read_ones = read("# c\nFacebook|meta\nGoogle Ads|google\n");
    LONGS_EQUAL(2, read_ones->size());
    STRCMP_EQUAL("google", read_ones->find("google ads")->second.c_str());
}

TEST(CompanyNames, AnAliasThatSaysNothingOrStandsTwiceIsNamed) {
    STRCMP_CONTAINS("aliases.txt:2:", read("a|meta\nA|google\n").error().message.c_str());
    STRCMP_CONTAINS("aliases.txt:1:", read("|meta\n").error().message.c_str());
    STRCMP_CONTAINS("aliases.txt:1:", read("a|\n").error().message.c_str());
}
