#include "core/knowledge/company_profile.h"

#include "tests/support/catalogue_builder.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::knowledge;
using sporvakt::test::CatalogueBuilder;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::Purpose;

TEST_GROUP(CompanyProfiles) {
    std::array<std::shared_ptr<const Catalogue>, 2> catalogues{
        CatalogueBuilder()
            .company("top", "Top")
            .company("middle", "Middle", "top")
            .company("ads", "Ads", "middle")
            .company("more-ads", "More Ads", "middle")
            .domain("b.example", "middle", Purpose::Advertising)
            .domain("a.example", "middle", Purpose::Advertising)
            .domain("c.example", "middle", Purpose::Analytics)
            .mark("c.example", sporvakt::trackers::Evasion::Disguise)
            .domain("other.example", "ads", Purpose::Analytics)
            .open(),
        CatalogueBuilder()
            .company("middle", "Middle of another")
            .domain("a.example", "middle", Purpose::Social)
            .domain("d.example", "middle", Purpose::Social)
            .open()};
    std::vector<Decision> decisions;

    CompanyProfile profile(const char* slug) const {
        return profile_of(*catalogues[0]->company_by_slug(slug), catalogues, decisions);
    }
};

TEST(CompanyProfiles, NameOwnersAndWhatIsOwned) {
    const CompanyProfile ads = profile("ads");
    LONGS_EQUAL(2, ads.owners.size());
    CHECK_TRUE(ads.owners[0].slug == "middle");
    CHECK_TRUE(ads.owners[1].slug == "top");
    CHECK_TRUE(ads.owned.empty());
    const CompanyProfile middle = profile("middle");
    LONGS_EQUAL(2, middle.owned.size());
    CHECK_TRUE(middle.owned[0].slug == "ads");
    CHECK_TRUE(middle.owned[1].slug == "more-ads");
}

TEST(CompanyProfiles, NameEachDomainOnceByTheFirstCatalogueThatKnowsIt) {
    const CompanyProfile middle = profile("middle");
    const std::vector<std::string_view> advertising{"a.example", "b.example"};
    const std::vector<std::string_view> social{"d.example"};
    CHECK_TRUE(middle.domains.at(Purpose::Advertising) == advertising);
    CHECK_TRUE(middle.domains.at(Purpose::Social) == social);
    LONGS_EQUAL(1, middle.domains.at(Purpose::Analytics).size());
    LONGS_EQUAL(3, middle.domains.size());
    const std::vector<std::string_view> disguises{"c.example"};
    CHECK_TRUE(middle.disguises == disguises);
    CHECK_TRUE(profile("ads").disguises.empty());
}

TEST(CompanyProfiles, ACircleOfOwnersEnds) {
    catalogues[0] =
        CatalogueBuilder().company("egg", "Egg", "hen").company("hen", "Hen", "egg").open();
    LONGS_EQUAL(CompanyProfile::kOwnersMax, profile("egg").owners.size());
}

TEST(CompanyProfiles, HaveTheDecisionsThatConcernThem) {
    decisions.resize(3);
    decisions[0].company = "ads";
    decisions[1].trackers = {"top", "ads"};
    decisions[2].company = "top";
    const CompanyProfile ads = profile("ads");
    LONGS_EQUAL(2, ads.decisions.size());
    POINTERS_EQUAL(&decisions[0], ads.decisions[0]);
    POINTERS_EQUAL(&decisions[1], ads.decisions[1]);
}
