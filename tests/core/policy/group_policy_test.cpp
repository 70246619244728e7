#include "core/policy/group_policy.h"

#include "tests/support/catalogue_builder.h"

#include <memory>
#include <string_view>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Timestamp;
using sporvakt::policy::CompanyFamilies;
using sporvakt::policy::CompanyReach;
using sporvakt::policy::Group;
using sporvakt::policy::GroupPolicy;
using sporvakt::policy::HouseholdRule;
using sporvakt::policy::Reason;
using sporvakt::policy::Verdict;
using sporvakt::policy::WeeklyWindow;
using sporvakt::test::CatalogueBuilder;
using sporvakt::trackers::Catalogue;
using sporvakt::trackers::Purpose;

namespace {

constexpr std::uint8_t kEveryDay = 0x7f;

}  // namespace

TEST_GROUP(GroupPolicy) {
    std::vector<std::shared_ptr<const Catalogue>> catalogues = owners();
    Group group{"work", "Work"};

    static std::vector<std::shared_ptr<const Catalogue>> owners() {
        CatalogueBuilder builder;
        builder.company("meta", "Meta")
            .company("instagram", "Instagram", "meta")
            .company("threads", "Threads", "instagram");
        return {builder.open()};
    }
    /// What becomes of a name of that company and purpose.
    [[nodiscard]] Verdict decide(std::string_view company, Purpose purpose) const {
        Verdict verdict;
        verdict.company = catalogues[0]->company_by_slug(company)->id;
        verdict.purpose = purpose;
        const GroupPolicy policy(group, CompanyFamilies(catalogues), catalogues, Timestamp{});
        CHECK_EQUAL(verdict_is_made(policy, verdict), verdict.reason != Reason::NoRule);
        return verdict;
    }
    static bool verdict_is_made(const GroupPolicy& policy, Verdict& verdict) {
        return policy.decide(verdict);
    }
};

TEST(GroupPolicy, SaysNothingUnlessToldTo) {
    CHECK(decide("meta", Purpose::Social).reason == Reason::NoRule);
}

TEST(GroupPolicy, ACompanysRuleReachesAllThatItOwnsUnlessSomethingNearerIsSaid) {
    group.companies = {{"meta", HouseholdRule::Block}};
    CHECK_TRUE(decide("meta", Purpose::Social).is_blocked());
    CHECK_TRUE(decide("threads", Purpose::Social).is_blocked());
    CHECK_FALSE(decide("meta", Purpose::Cdn).is_blocked());  // observes nobody

    group.companies = {{"instagram", HouseholdRule::Allow},
                       {"meta", HouseholdRule::Block, CompanyReach::Everything}};
    CHECK_TRUE(decide("meta", Purpose::Cdn).is_blocked());
    CHECK_FALSE(decide("instagram", Purpose::Social).is_blocked());
    CHECK(decide("threads", Purpose::Social).reason == Reason::Company);
    CHECK_FALSE(decide("threads", Purpose::Social).is_blocked());
}

TEST(GroupPolicy, APurposeIsBlockedOrLetThrough) {
    group.purposes = {{Purpose::Video, HouseholdRule::Block},
                      {Purpose::Analytics, HouseholdRule::Allow}};
    CHECK_TRUE(decide("meta", Purpose::Video).is_blocked());
    CHECK(decide("meta", Purpose::Analytics).reason == Reason::Purpose);
    CHECK(decide("meta", Purpose::Social).reason == Reason::NoRule);
}

TEST(GroupPolicy, AScheduleStopsWhatItNames) {
    const WeeklyWindow always{kEveryDay, 0, WeeklyWindow::kDayMinutes};
    group.schedules = {{"homework", {always}, false, {Purpose::Video}, {"instagram"}}};
    CHECK_TRUE(decide("meta", Purpose::Video).is_blocked());
    CHECK_TRUE(decide("threads", Purpose::Cdn).is_blocked());
    CHECK(decide("meta", Purpose::Social).reason == Reason::NoRule);

    group.schedules = {{"bedtime", {always}, true}};
    CHECK(decide("meta", Purpose::Unknown).rule == "bedtime");
    CHECK_TRUE(decide("meta", Purpose::Unknown).is_blocked());
}

TEST(GroupPolicy, HoldsAllListsUnlessItNamesSome) {
    CatalogueBuilder builder;
    builder.list("first").block("a.example").list("second").block("b.example");
    catalogues.push_back(builder.open());
    const auto policy_of = [&] {
        return GroupPolicy(group, CompanyFamilies(catalogues), catalogues, Timestamp{});
    };
    POINTERS_EQUAL(nullptr, policy_of().lists_of(1));

    group.lists = {{"second", "one that is not there"}};
    const GroupPolicy policy = policy_of();
    CHECK_FALSE(policy.lists_of(1)->has(0));
    CHECK_TRUE(policy.lists_of(1)->has(1));
    CHECK_FALSE(policy.lists_of(0)->has(0));
}
