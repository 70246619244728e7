#include "core/policy/household_change.h"

#include <array>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Bytes;
using sporvakt::Timestamp;
using namespace sporvakt::policy;

namespace {

std::vector<HouseholdChange> one_of_each() {
    Group group{"guests", "Guests"};
    group.companies = {{"meta", HouseholdRule::Block, CompanyReach::Everything}};
    const OwnRule rule{"a.example", HouseholdRule::Allow, RuleForm::Exact,
                       Timestamp(std::chrono::hours(1))};
    return {SetRule{"guests", rule},
            RemoveRule{{}, RuleForm::Wildcard, "ads*.example"},
            SetGroup{group},
            RemoveGroup{"children"},
            SetUnknownGroup{"guests"},
            SetPause{{Pause::Scope::Company, "meta", Timestamp(std::chrono::hours(2))}},
            EndPause{Pause::Scope::Everybody, ""},
            ClearHousehold{}};
}

}  // namespace

TEST_GROUP(HouseholdChange){};

TEST(HouseholdChange, StaysTheSameInBytes) {
    CHECK(*parse_changes(encode(one_of_each())) == one_of_each());
    CHECK(parse_changes({})->empty());
}

TEST(HouseholdChange, IsRefusedWhenItIsCutShort) {
    for (const HouseholdChange& change : one_of_each()) {
        const auto whole = encode(std::array{change});
        for (std::size_t length = 1; length < whole.size(); ++length) {
            CHECK_FALSE(parse_changes(Bytes(whole).first(length)).has_value());
        }
    }
}

TEST(HouseholdChange, IsRefusedWhenItIsNoneOrTooMuch) {
    CHECK_FALSE(parse_changes(std::vector<std::uint8_t>{8}).has_value());
    CHECK_FALSE(parse_changes(std::vector<std::uint8_t>{255}).has_value());
    // ClearHousehold, over and over
    CHECK_FALSE(parse_changes(std::vector<std::uint8_t>(kChangesBytesMax + 1, 7)).has_value());
}

TEST(HouseholdChange, ReplacingSaysAllThatThereIs) {
    HouseholdRules household;
    household.rules = {{"a.example", HouseholdRule::Block}};
    household.groups = {{"guests", "Guests"}};
    household.groups[0].rules = {{"b.example", HouseholdRule::Allow}};
    household.unknown_group = "guests";
    household.pauses = {{Pause::Scope::Group, "guests", Timestamp(std::chrono::hours(1))}};

    const std::vector<HouseholdChange> expected{ClearHousehold{},
                                                SetGroup{household.groups[0]},
                                                SetRule{"guests", household.groups[0].rules[0]},
                                                SetRule{{}, household.rules[0]},
                                                SetUnknownGroup{"guests"},
                                                SetPause{household.pauses[0]}};
    CHECK(replacing_by(household) == expected);
}
