#include "core/policy/company_families.h"

#include "tests/support/catalogue_builder.h"

#include <algorithm>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::policy::CompanyFamilies;
using sporvakt::test::CatalogueBuilder;
using sporvakt::trackers::Catalogue;

TEST_GROUP(CompanyFamilies) {
    std::vector<std::shared_ptr<const Catalogue>> catalogues;

    void add(CatalogueBuilder & builder) {
        catalogues.push_back(builder.open());
    }
    std::string family(const char* slug) const {
        std::vector<std::string> slugs;
        for (const auto id : CompanyFamilies(catalogues).of(slug)) {
            slugs.emplace_back(catalogues[0]->company(id)->slug);
        }
        std::sort(slugs.begin(), slugs.end());
        std::string text;
        for (const std::string& one : slugs) {
            text += (text.empty() ? "" : " ") + one;
        }
        return text;
    }
};

TEST(CompanyFamilies, HoldAllThatACompanyOwns) {
    CatalogueBuilder builder;
    builder.company("meta", "Meta")
        .company("instagram", "Instagram", "meta")
        .company("threads", "Threads", "instagram")
        .company("whatsapp", "WhatsApp", "meta")
        .company("google", "Google");
    add(builder);

    CHECK(family("meta") == "instagram meta threads whatsapp");
    CHECK(family("instagram") == "instagram threads");
    CHECK(family("google") == "google");
    CHECK(family("nobody").empty());
}

TEST(CompanyFamilies, OwnersThatNoCatalogueListsAndCirclesDoNoHarm) {
    CatalogueBuilder builder;
    builder.company("a", "A", "b").company("b", "B", "a").company("c", "C", "unlisted");
    add(builder);

    CHECK(family("a") == "a b");
    CHECK(family("unlisted") == "c");
}
