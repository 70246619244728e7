#include "webui/server/changes/orders.h"

#include "tests/support/web_house.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::policy;
using test::request;
using test::WebHouse;
using webui::Problem;

TEST_GROUP(Orders) {
    WebHouse house;
    webui::Access access{house.settings, house.parts};
    const webui::Request asked = request("PUT", "/");

    webui::Answered<void> change(const std::vector<HouseholdChange>& changes) {
        return webui::change_policy({asked, "", house.settings, house.parts, access, house.feed},
                                    changes);
    }
};

TEST(Orders, CarryChangesAsOne) {
    const std::vector<HouseholdChange> changes{RemoveGroup{"a"}, ClearHousehold{}};
    CHECK_TRUE(change(changes).has_value());
    CHECK(house.keeper.orders().at(0) == ledger::Order(ledger::ChangePolicy{encode(changes)}));
}

TEST(Orders, AreRefusedWhenTheyAreTooMuchForOne) {
    std::vector<HouseholdChange> changes;
    for (int i = 0; i < 300; ++i) {
        changes.emplace_back(SetRule{{}, {std::string(250, 'a') + std::to_string(i), {}}});
    }
    CHECK(change(changes).error().problem == Problem::TooLarge);
    CHECK_TRUE(house.keeper.orders().empty());
}

TEST(Orders, TellWhatTheKeeperSays) {
    house.keeper.fail_orders(Error{Errc::InvalidInput, "there are 64 groups already"});
    CHECK(change({ClearHousehold{}}).error().problem == Problem::InvalidParameter);
    house.keeper.fail_orders(Error{Errc::Unavailable, "no answer"});
    CHECK(change({ClearHousehold{}}).error().problem == Problem::Unavailable);
}
