#include "webui/server/changes/policy_json.h"

#include <string>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using sporvakt::Timestamp;
using namespace sporvakt::policy;
using namespace sporvakt::webui;
using sporvakt::trackers::Purpose;

namespace {

/// One that has something of everything.
Group full_group() {
    Group group{"children", "Barna"};
    group.rules = {
        {"games.example", HouseholdRule::Allow},
        {"a.example", HouseholdRule::Block, RuleForm::Exact, Timestamp(std::chrono::hours(1))},
        {"ads*.example", HouseholdRule::Block, RuleForm::Wildcard},
        {"^m\\.", HouseholdRule::Block, RuleForm::Expression}};
    group.purposes = {{Purpose::Social, HouseholdRule::Block}};
    group.companies = {{"meta", HouseholdRule::Allow, CompanyReach::Everything}};
    group.schedules = {
        {"leggetid", {{0x41, 21 * 60, 7 * 60}}, true},
        {"lekser", {{0x1f, 0, WeeklyWindow::kDayMinutes}}, false, {Purpose::Video}, {"x"}}};
    group.members = {{Membership::By::Network, "192.168.40.0/24"}, {Membership::By::Name, "barn*"}};
    group.allow_only = true;
    return group;
}

std::string fault_of(const char* body) {
    const auto group = group_from_json("g", json::parse(body));
    return group ? "none" : group.error().parameter;
}

}  // namespace

TEST_GROUP(PolicyJson){};

TEST(PolicyJson, AGroupStaysTheSame) {
    const auto back = group_from_json("children", group_json(full_group()));
    CHECK(*back == full_group());
}

TEST(PolicyJson, WhatIsLeftOutIsEmpty) {
    const auto group = group_from_json("g", {{"name", "Guests"}});
    CHECK(*group == Group({"g", "Guests"}));
    const auto rule = group_from_json(
        "g", json::parse(R"({"name":"G","rules":[{"text":"a.example","rule":"allow"}]})"));
    CHECK(rule->rules.at(0) == OwnRule({"a.example", HouseholdRule::Allow}));
}

TEST(PolicyJson, AFaultNamesTheMemberThatIsWrong) {
    STRCMP_EQUAL("name", fault_of("{}").c_str());
    STRCMP_EQUAL("more", fault_of(R"({"name":"g","more":1})").c_str());
    STRCMP_EQUAL("allow_only", fault_of(R"({"name":"g","allow_only":1})").c_str());
    STRCMP_EQUAL("rules", fault_of(R"({"name":"g","rules":{}})").c_str());
    STRCMP_EQUAL("rule", fault_of(R"({"name":"g","rules":[{"text":"a","rule":"no"}]})").c_str());
    STRCMP_EQUAL(
        "form", fault_of(R"({"name":"g","rules":[{"text":"a","rule":"block","form":1}]})").c_str());
    STRCMP_EQUAL(
        "until",
        fault_of(R"({"name":"g","rules":[{"text":"a","rule":"block","until":"x"}]})").c_str());
    STRCMP_EQUAL("purposes",
                 fault_of(R"({"name":"g","purposes":[{"purpose":"x","rule":"block"}]})").c_str());
    STRCMP_EQUAL("by", fault_of(R"({"name":"g","members":[{"by":"x","text":"y"}]})").c_str());
}

TEST(PolicyJson, DaysAndTimesOfDayAreChecked) {
    const auto fault_in = [](const std::string& window) {
        return fault_of(
            (R"({"name":"g","schedules":[{"name":"s","windows":[)" + window + "]}]}").c_str());
    };
    STRCMP_EQUAL("none", fault_in(R"({"days":["mon"],"begin":"00:00","end":"24:00"})").c_str());
    STRCMP_EQUAL("days", fault_in(R"({"days":["moon"],"begin":"00:00","end":"24:00"})").c_str());
    for (const char* wrong : {"24:01", "7:00", "07.00", "07:60", "-1:00", "ab:cd", ""}) {
        STRCMP_EQUAL("begin", fault_in(R"({"days":["mon"],"end":"24:00","begin":")" +
                                       std::string(wrong) + R"("})")
                                  .c_str());
    }
}

TEST(PolicyJson, APauseEndsSoManyMinutesFromNow) {
    const Timestamp now(std::chrono::hours(1));
    const auto pause =
        pause_from_json({{"scope", "group"}, {"what", "children"}, {"minutes", 30}}, now);
    CHECK(*pause == Pause({Pause::Scope::Group, "children", now + std::chrono::minutes(30)}));
    CHECK(pause_json(*pause) ==
          json({{"scope", "group"}, {"what", "children"}, {"until", "1970-01-01T01:30:00.000Z"}}));
    for (const auto& wrong :
         {json{{"scope", "group"}, {"minutes", 30}}, json{{"scope", "everybody"}},
          json{{"scope", "everybody"}, {"minutes", 0}},
          json{{"scope", "everybody"}, {"minutes", 44641}},
          json{{"scope", "everybody"}, {"minutes", 1.5}}}) {
        CHECK_FALSE(pause_from_json(wrong, now).has_value());
    }
}

TEST(PolicyJson, AWholePolicyHasAllOfIt) {
    HouseholdRules household;
    household.rules = {{"a.example", HouseholdRule::Block}};
    household.groups = {full_group()};
    const json shown = policy_json(household);
    CHECK(shown.at("groups").at(0) == group_json(full_group()));
    CHECK(shown.at("rules").at(0) == json({{"text", "a.example"},
                                           {"rule", "block"},
                                           {"form", "subdomains"},
                                           {"until", nullptr}}));
    CHECK_TRUE(shown.at("unknown_group").is_null());
    CHECK_TRUE(shown.at("pauses").empty());
}
