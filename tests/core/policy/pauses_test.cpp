#include "core/policy/pauses.h"

#include "tests/support/catalogue_builder.h"

#include <memory>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Timestamp;
using sporvakt::devices::DeviceId;
using namespace sporvakt::policy;
using sporvakt::test::CatalogueBuilder;
using sporvakt::trackers::Catalogue;

TEST_GROUP(Pauses) {
    const Timestamp end{std::chrono::hours(1)};
    const Timestamp before = end - std::chrono::milliseconds(1);
    const DeviceId child = *DeviceId::from_text("3c:22:fb:12:34:01");
    std::vector<std::shared_ptr<const Catalogue>> catalogues = owners();

    static std::vector<std::shared_ptr<const Catalogue>> owners() {
        CatalogueBuilder builder;
        builder.company("meta", "Meta").company("instagram", "Instagram", "meta");
        return {builder.open()};
    }
    /// Whether it lifts that the child may not go to Instagram's pixel.
    bool lifts(Pause::Scope scope, const char* what, Timestamp at, Reason reason = Reason::List)
        const {
        Verdict verdict;
        verdict.action = Action::Block;
        verdict.reason = reason;
        verdict.company = catalogues[0]->company_by_slug("instagram")->id;
        verdict.group = "children";
        const std::vector<Pause> pauses{{scope, what, end}};
        return Pauses(pauses, CompanyFamilies(catalogues), at)
            .lift(verdict, child, "pixel.instagram.example");
    }
};

TEST(Pauses, LiftWhatTheyName) {
    CHECK_TRUE(lifts(Pause::Scope::Everybody, "", before));
    CHECK_TRUE(lifts(Pause::Scope::Group, "children", before));
    CHECK_TRUE(lifts(Pause::Scope::Device, "3c:22:fb:12:34:01", before));
    CHECK_TRUE(lifts(Pause::Scope::Company, "instagram", before));
    CHECK_TRUE(lifts(Pause::Scope::Company, "meta", before));
    CHECK_TRUE(lifts(Pause::Scope::Name, "instagram.example", before));
}

TEST(Pauses, LiftNothingElse) {
    CHECK_FALSE(lifts(Pause::Scope::Group, "guests", before));
    CHECK_FALSE(lifts(Pause::Scope::Device, "3c:22:fb:12:34:02", before));
    CHECK_FALSE(lifts(Pause::Scope::Company, "google", before));
    CHECK_FALSE(lifts(Pause::Scope::Name, "a.pixel.instagram.example", before));
}

TEST(Pauses, EndByThemselves) {
    CHECK_FALSE(lifts(Pause::Scope::Everybody, "", end));
    CHECK_FALSE(lifts(Pause::Scope::Name, "instagram.example", end));
}

TEST(Pauses, LeaveAKiosksLimitsAlone) {
    CHECK_FALSE(lifts(Pause::Scope::Everybody, "", before, Reason::AllowOnly));
    CHECK_TRUE(lifts(Pause::Scope::Everybody, "", before, Reason::Schedule));
}
