#include "webui/server/changes/change_handlers.h"

#include "core/policy/household_change.h"
#include "tests/support/web_house.h"

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using sporvakt::Errc;
using sporvakt::Error;
using sporvakt::ledger::Order;
using sporvakt::ledger::RenameDevice;
using namespace sporvakt::policy;
using sporvakt::test::request;
using sporvakt::test::WebHouse;
using sporvakt::webui::Access;
using sporvakt::webui::Answered;
using sporvakt::webui::Handler;
using sporvakt::webui::Problem;
using sporvakt::webui::Response;

TEST_GROUP(ChangeHandlers) {
    WebHouse house;
    Access access{house.settings, house.parts};

    Answered<Response> call(Handler handler, const std::string& id, const json& body) {
        const auto asked = request("PUT", "/", body.dump());
        return handler({asked, id, house.settings, house.parts, access, house.feed});
    }

    static Order changing(const HouseholdChange& change) {
        const std::array changes{change};
        return sporvakt::ledger::ChangePolicy{encode(changes)};
    }

    Answered<Response> rename(const std::string& id, const std::string& name) {
        return call(sporvakt::webui::patch_device, id, {{"name", name}});
    }
};

TEST(ChangeHandlers, RenameADevice) {
    const auto answer = rename("3c:22:fb:12:34:02", "St\xc3\xa5les TV");

    CHECK(answer.has_value());
    CHECK(json::parse(answer->body) ==
          json({{"id", "3c:22:fb:12:34:02"}, {"name", "St\xc3\xa5les TV"}}));
    LONGS_EQUAL(1, house.keeper.orders().size());
    CHECK(house.keeper.orders()[0] == Order(RenameDevice{WebHouse::tv(), "St\xc3\xa5les TV"}));
}

TEST(ChangeHandlers, TakeAGivenNameAway) {
    CHECK(json::parse(rename("3c:22:fb:12:34:02", "")->body).at("name") == "Stue-TV");
}

TEST(ChangeHandlers, RefuseNamesThatAreTooLongOrInvisible) {
    std::string longest;
    for (int i = 0; i < 64; ++i) {
        longest += "\xc3\xa5";
    }

    CHECK(rename("3c:22:fb:12:34:02", longest).has_value());
    CHECK(rename("3c:22:fb:12:34:02", longest + "a").error().problem == Problem::InvalidBody);
    CHECK(rename("3c:22:fb:12:34:02", "a\nb").error().problem == Problem::InvalidBody);
    CHECK(rename("3c:22:fb:12:34:02", "a\x7f").error().problem == Problem::InvalidBody);
}

TEST(ChangeHandlers, RenameOnlyDevicesThatWereSeen) {
    for (const auto* id : {"3c:22:fb:12:34:99", "192.168.1.99", "tv", ""}) {
        CHECK(rename(id, "x").error().problem == Problem::UnknownDevice);
    }
    LONGS_EQUAL(0, house.keeper.orders().size());
}

TEST(ChangeHandlers, PutADeviceInAGroupThatIsThere) {
    const auto put = [this](const char* group) {
        return call(sporvakt::webui::patch_device, "3c:22:fb:12:34:02", {{"group", group}});
    };
    CHECK(put("children").error().problem == Problem::InvalidBody);
    HouseholdRules household;
    household.groups = {{"children", "Barna"}};
    house.policy.publish(
        std::make_shared<const Policy>(house.policy.get()->catalogues(), household));

    CHECK(put("children").has_value());
    CHECK(put("").has_value());
    const auto orders = house.keeper.orders();
    LONGS_EQUAL(2, orders.size());
    CHECK(orders[0] == Order(sporvakt::ledger::PutDeviceInGroup{WebHouse::tv(), "children"}));
    CHECK(orders[1] == Order(sporvakt::ledger::PutDeviceInGroup{WebHouse::tv(), ""}));
}

TEST(ChangeHandlers, SetAndTakeBackARule) {
    const auto allowed = call(sporvakt::webui::put_rule, "Pixel.Example.", {{"rule", "allow"}});
    const auto blocked = call(sporvakt::webui::put_rule, "a.example", {{"rule", "block"}});
    const auto taken_back = call(sporvakt::webui::delete_rule, "a.example", {});
    const auto orders = house.keeper.orders();

    CHECK(json::parse(allowed->body) == json({{"name", "pixel.example"},
                                              {"rule", "allow"},
                                              {"group", nullptr},
                                              {"until", nullptr}}));
    CHECK(blocked.has_value());
    LONGS_EQUAL(204, taken_back->status);
    LONGS_EQUAL(3, orders.size());
    CHECK(orders[0] == changing(SetRule{{}, {"pixel.example", HouseholdRule::Allow}}));
    CHECK(orders[1] == changing(SetRule{{}, {"a.example", HouseholdRule::Block}}));
    CHECK(orders[2] == changing(RemoveRule{{}, RuleForm::WithSubdomains, "a.example"}));
}

TEST(ChangeHandlers, SetARuleForAWhileAndForAGroup) {
    HouseholdRules household;
    household.groups = {{"children", "Barna"}};
    house.policy.publish(
        std::make_shared<const Policy>(house.policy.get()->catalogues(), household));
    const auto answer = call(sporvakt::webui::put_rule, "a.example",
                             {{"rule", "allow"}, {"group", "children"}, {"minutes", 5}});
    const auto until = sporvakt::test::kWebNow + std::chrono::minutes(5);
    CHECK(json::parse(answer->body).at("until") == sporvakt::rfc3339(until));
    CHECK(house.keeper.orders()[0] ==
          changing(SetRule{"children",
                           {"a.example", HouseholdRule::Allow, RuleForm::WithSubdomains, until}}));

    const json in_none{{"rule", "allow"}, {"group", "staff"}};
    CHECK(call(sporvakt::webui::put_rule, "a.example", in_none).error().parameter == "group");
    const json too_short{{"rule", "allow"}, {"minutes", 0}};
    CHECK(call(sporvakt::webui::put_rule, "a.example", too_short).error().parameter == "minutes");
    LONGS_EQUAL(1, house.keeper.orders().size());
}

TEST(ChangeHandlers, RefuseRulesThatAreNone) {
    CHECK(call(sporvakt::webui::put_rule, "a..b", {{"rule", "allow"}}).error().problem ==
          Problem::InvalidParameter);
    CHECK(call(sporvakt::webui::delete_rule, "a b", {}).error().problem ==
          Problem::InvalidParameter);
    CHECK(call(sporvakt::webui::put_rule, "a.example", {{"rule", "Allow"}}).error().problem ==
          Problem::InvalidBody);
    LONGS_EQUAL(0, house.keeper.orders().size());
}

TEST(ChangeHandlers, SayWhenTheKeeperDoesNotAnswer) {
    house.keeper.fail_orders(Error{Errc::Unavailable, "The keeper did not answer."});

    const auto answer = rename("3c:22:fb:12:34:02", "x");
    CHECK(answer.error().problem == Problem::Unavailable);
    STRCMP_EQUAL("The keeper did not answer.", answer.error().detail.c_str());
    CHECK(call(sporvakt::webui::delete_rule, "a.example", {}).error().problem ==
          Problem::Unavailable);
}

TEST(ChangeHandlers, SayWhenTheKeeperRefuses) {
    house.keeper.fail_orders(Error{Errc::InvalidInput, "There are 10000 rules already."});

    CHECK(call(sporvakt::webui::put_rule, "a.example", {{"rule", "allow"}}).error().problem ==
          Problem::InvalidParameter);
}
