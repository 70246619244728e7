#include "webui/server/changes/policy_handlers.h"

#include "core/policy/household_change.h"
#include "tests/support/warm_expressions.h"
#include "tests/support/web_house.h"

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using namespace sporvakt;
using namespace sporvakt::policy;
using test::kWebNow;
using test::request;
using test::WebHouse;
using webui::Answered;
using webui::Handler;
using webui::Problem;
using webui::Response;

TEST_GROUP(PolicyHandlers) {
    WebHouse house;
    webui::Access access{house.settings, house.parts};

    Answered<Response> call(Handler handler, const std::string& id, const json& body = {}) {
        return call_at(handler, id, "/", body);
    }
    Answered<Response> call_at(Handler handler, const std::string& id, const std::string& target,
                               const json& body = {}) {
        const auto asked = request("PUT", target, body.dump());
        return handler({asked, id, house.settings, house.parts, access, house.feed});
    }
    void decide(HouseholdRules household) {
        house.policy.publish(
            std::make_shared<const Policy>(house.policy.get()->catalogues(), std::move(household)));
    }
    std::vector<HouseholdChange> last_changes() const {
        const auto orders = house.keeper.orders();
        CHECK_FALSE(orders.empty());
        return *parse_changes(std::get<ledger::ChangePolicy>(orders.back()).changes);
    }
};

TEST(PolicyHandlers, ShowWhatTheHouseholdDecided) {
    HouseholdRules household;
    household.groups = {{"children", "Barna"}};
    household.unknown_group = "children";
    decide(household);
    const json shown = json::parse(call(webui::get_policy, "")->body);
    CHECK(shown.at("groups").at(0).at("name") == "Barna");
    CHECK(shown.at("unknown_group") == "children");
}

TEST(PolicyHandlers, GiveTheHouseholdAsAFileToo) {
    HouseholdRules household;
    household.groups = {{"children", "Barna"}};
    decide(household);
    const auto file = call_at(webui::get_policy, "", "/?format=toml");
    STRCMP_EQUAL("application/toml", file->content_type.c_str());
    STRCMP_CONTAINS("name = 'Barna'", file->body.c_str());
    STRCMP_CONTAINS("sporvakt-policy.toml",
                    std::string(file->header("Content-Disposition")).c_str());
    CHECK(call_at(webui::get_policy, "", "/?format=xml").error().parameter == "format");
}

TEST(PolicyHandlers, PutAnotherHouseholdInThePlaceOfThisOne) {
    const Pause pause{Pause::Scope::Everybody, "", kWebNow + std::chrono::minutes(5)};
    HouseholdRules household;
    household.groups = {{"children", "Barna"}};
    household.pauses = {pause};
    decide(household);
    const json body{{"rules", json::array()},
                    {"groups", json::array({{{"id", "guests"}, {"name", "Gjester"}}})},
                    {"unknown_group", "guests"}};

    const json told = json::parse(call(webui::put_policy, "", body)->body);
    CHECK(told.at("is_made") == true);
    LONGS_EQUAL(3, told.at("differences").size());
    CHECK(told.at("differences").at(0).at("kind") == "added");
    CHECK(told.at("differences").at(0).at("subject") == "unknown devices");
    CHECK(told.at("differences").at(1).at("kind") == "removed");
    CHECK(told.at("differences").at(1).at("before") == "Barna");
    const std::vector<HouseholdChange> expected{ClearHousehold{}, SetGroup{{"guests", "Gjester"}},
                                                SetUnknownGroup{"guests"}, SetPause{pause}};
    CHECK(last_changes() == expected);
}

TEST(PolicyHandlers, OnlySayWhatAFileWouldChange) {
    auto asked =
        request("PUT", "/?dry_run=true", "rules = [{ text = 'a.example', rule = 'block' }]");
    asked.content_type = "application/toml";
    const auto answer =
        webui::put_policy({asked, "", house.settings, house.parts, access, house.feed});
    const json told = json::parse(answer->body);
    CHECK(told.at("is_made") == false);
    CHECK(told.at("differences").at(0).at("what") == "a.example, with subdomains");
    CHECK(told.at("differences").at(0).at("after") == "block");
    CHECK_TRUE(told.at("differences").at(0).at("group").is_null());
    CHECK_TRUE(house.keeper.orders().empty());

    asked.body_state = webui::BodyState::TooLarge;
    CHECK(webui::put_policy({asked, "", house.settings, house.parts, access, house.feed})
              .error()
              .problem == Problem::TooLarge);
}

TEST(PolicyHandlers, RefuseAHouseholdThatMakesNoSense) {
    const json nothing{{"rules", json::array()}, {"groups", json::array()}};
    json odd = nothing;
    odd["unknown_group"] = "staff";
    CHECK(call(webui::put_policy, "", odd).error().problem == Problem::InvalidBody);
    odd["colour"] = "red";
    CHECK(call(webui::put_policy, "", odd).error().parameter == "colour");
    CHECK(call(webui::put_policy, "", json::object()).error().parameter == "rules");
    CHECK(call(webui::put_policy, "", {{"rules", json::array()}}).error().parameter == "groups");
    CHECK(call_at(webui::put_policy, "", "/?dry_run=yes", json::object()).error().parameter ==
          "dry_run");
    CHECK_TRUE(house.keeper.orders().empty());
}

TEST(PolicyHandlers, PutAGroupInThePlaceOfTheOldOne) {
    HouseholdRules household;
    household.groups = {{"children", "Barna"}};
    household.unknown_group = "children";
    decide(household);
    const json body{{"name", "Barna våre"},
                    {"rules", json::array({{{"text", "a.example"}, {"rule", "block"}}})}};

    const auto answer = call(webui::put_group, "children", body);
    CHECK(json::parse(answer->body).at("name") == "Barna våre");
    Group group{"children", "Barna våre"};
    group.rules = {{"a.example", HouseholdRule::Block}};
    const std::vector<HouseholdChange> expected{
        RemoveGroup{"children"}, SetGroup{{"children", "Barna våre"}},
        SetRule{"children", group.rules[0]}, SetUnknownGroup{"children"}};
    CHECK(last_changes() == expected);
}

TEST(PolicyHandlers, RefuseAGroupThatMakesNoSense) {
    CHECK(call(webui::put_group, "No Id", {{"name", "x"}}).error().problem == Problem::InvalidBody);
    const json body{
        {"name", "x"},
        {"rules", json::array({{{"text", "("}, {"rule", "block"}, {"form", "expression"}}})}};
    CHECK(call(webui::put_group, "g", body).error().problem == Problem::InvalidBody);
    CHECK_TRUE(house.keeper.orders().empty());
}

TEST(PolicyHandlers, TakeAGroupBack) {
    LONGS_EQUAL(204, call(webui::delete_group, "children")->status);
    CHECK(last_changes() == std::vector<HouseholdChange>{RemoveGroup{"children"}});
}

TEST(PolicyHandlers, BeginAndEndAPause) {
    const auto answer = call(webui::post_pause, "", {{"scope", "everybody"}, {"minutes", 5}});
    CHECK(json::parse(answer->body).at("until") == rfc3339(kWebNow + std::chrono::minutes(5)));
    const SetPause begun{{Pause::Scope::Everybody, "", kWebNow + std::chrono::minutes(5)}};
    CHECK(last_changes() == std::vector<HouseholdChange>{begun});

    LONGS_EQUAL(204, call_at(webui::delete_pause, "name", "/?what=a.example")->status);
    const EndPause ended{Pause::Scope::Name, "a.example"};
    CHECK(last_changes() == std::vector<HouseholdChange>{ended});
    CHECK(call(webui::delete_pause, "all").error().problem == Problem::InvalidBody);
    CHECK(call(webui::post_pause, "", {{"scope", "device"}, {"what", "tv"}, {"minutes", 5}})
              .error()
              .problem == Problem::InvalidBody);
}

TEST(PolicyHandlers, SayWhatBecomesOfANameAndWhy) {
    HouseholdRules household;
    household.groups = {{"children", "Barna"}};
    household.groups[0].members = {{Membership::By::Network, "192.168.1.99"}};
    household.groups[0].rules = {{"pixel.example", HouseholdRule::Allow}};
    decide(household);

    const json everybody = json::parse(call(webui::get_lookup, "www.pixel.example")->body);
    CHECK(everybody.at("verdict") == "block");
    CHECK(everybody.at("reason") == "list");
    CHECK(everybody.at("rule") == "||pixel.example^");
    CHECK_TRUE(everybody.at("group").is_null());
    CHECK_TRUE(everybody.at("evasion").is_null());

    const json child = json::parse(
        call_at(webui::get_lookup, "www.pixel.example", "/?device=192.168.1.99&type=AAAA")->body);
    CHECK(child.at("verdict") == "allow");
    CHECK(child.at("reason") == "own_rule");
    CHECK(child.at("group") == "children");
    CHECK(child.at("because") == "The rule pixel.example of the group Barna allows it.");
    CHECK(child.at("type") == "AAAA");
}

TEST(PolicyHandlers, SayWhichListsSpeakOfANameWhateverDecides) {
    HouseholdRules household;
    household.rules = {{"pixel.example", HouseholdRule::Allow}};
    decide(household);
    const json row{{"list", "test list"}, {"rule", "||pixel.example^"}, {"says", "block"}};
    const json found = json::parse(call(webui::get_lookup, "www.pixel.example")->body);
    CHECK(found.at("verdict") == "allow");
    CHECK(found.at("lists") == json::array({row}));
    CHECK(json::parse(call(webui::get_lookup, "a.example")->body).at("lists") == json::array());
}

TEST(PolicyHandlers, TakeTheListsOfAGroup) {
    json body{{"name", "Barna"}, {"lists", {"adaway", "native"}}};
    CHECK(json::parse(call(webui::put_group, "children", body)->body).at("lists") ==
          body.at("lists"));
    CHECK(std::get<SetGroup>(last_changes().at(1)).group.lists ==
          (std::vector<std::string>{"adaway", "native"}));
    body["lists"] = json();
    CHECK(call(webui::put_group, "children", body).has_value());
    CHECK_FALSE(std::get<SetGroup>(last_changes().at(1)).group.lists.has_value());
    body["lists"] = json::array();
    CHECK(call(webui::put_group, "children", body).has_value());
    CHECK(std::get<SetGroup>(last_changes().at(1)).group.lists->empty());
    for (const json& wrong : {json("adaway"), json::array({1}), json::array({""})}) {
        body["lists"] = wrong;
        CHECK(call(webui::put_group, "children", body).error().problem == Problem::InvalidBody);
    }
}

TEST(PolicyHandlers, RefuseALookupOfWhatIsNoName) {
    CHECK(call(webui::get_lookup, "a..b").error().parameter == "name");
    CHECK(call_at(webui::get_lookup, "a.example", "/?type=X").error().parameter == "type");
    CHECK(call_at(webui::get_lookup, "a.example", "/?device=tv").error().parameter == "device");
}
