#include "core/policy/presets.h"

#include "core/policy/household_check.h"
#include "core/policy/policy.h"
#include "tests/support/warm_expressions.h"

#include <algorithm>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::policy;
using trackers::Purpose;

TEST_GROUP(Presets){static Group preset(std::string_view id){const auto all = presets();
const auto found =
    std::find_if(all.begin(), all.end(), [&](const Preset& one) { return one.group.id == id; });
CHECK(found != all.end());
return found->group;
}
}
;

TEST(Presets, AreSevenGroupsThatAHouseholdCanTakeAtOnce) {
    HouseholdRules household;
    std::vector<std::string> ids;
    for (const Preset& preset : presets()) {
        ids.push_back(preset.group.id);
        household.groups.push_back(preset.group);
        CHECK_FALSE(preset.name_norwegian.empty());
        CHECK(preset.about_english.ends_with('.'));
        CHECK(preset.about_norwegian.ends_with('.'));
    }
    const std::vector<std::string> expected{"family", "children", "guests", "school-class",
                                            "kiosk",  "things",   "work"};
    CHECK(ids == expected);
    CHECK(check(household).has_value());
}

TEST(Presets, StopForChildrenWhatObservesAndNotWhatASiteNeeds) {
    const Group children = preset("children");
    for (const trackers::PurposeInfo& purpose : trackers::all_purposes()) {
        const auto said = children.purposes.find(purpose.purpose);
        const bool is_stopped =
            said != children.purposes.end() && said->second == HouseholdRule::Block;
        if (purpose.treatment == trackers::DefaultTreatment::Allow) {
            CHECK_FALSE_TEXT(is_stopped, purpose.id.data());
        }
        if (purpose.severity >= 3 && purpose.purpose != Purpose::SmartTv) {
            CHECK_TEXT(is_stopped, purpose.id.data());
        }
    }
}

TEST(Presets, LetAKioskReachOnlyWhatIsAllowed) {
    HouseholdRules household;
    household.groups = {preset("kiosk")};
    household.groups[0].rules = {{"library.example", HouseholdRule::Allow}};
    household.unknown_group = "kiosk";
    const Policy policy({}, household);
    const devices::DeviceId screen(*IpAddress::from_text("192.168.1.9"));
    CHECK(policy.judge({screen, "other.example"}).is_blocked());
    CHECK_FALSE(policy.judge({screen, "www.library.example"}).is_blocked());
}

TEST(Presets, TakeATelevisionByItsName) {
    HouseholdRules household;
    household.groups = {preset("things")};
    devices::Device tv;
    tv.id = devices::DeviceId(*IpAddress::from_text("192.168.1.30"));
    tv.host_name = "TV-stua";
    const std::vector<devices::Device> devices{tv};
    const Policy policy({}, household, {{}, devices});
    CHECK(policy.group_of(tv.id) != nullptr);
}
