#include "webui/server/knowledge/company_json.h"

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using namespace sporvakt;

TEST_GROUP(CompanyJson) {
    knowledge::Decision decision;

    void setup() override {
        decision.date = "2023-08-07";
        decision.authority = "Datatilsynet";
        decision.country = "NO";
        decision.party = "Meta";
        decision.trackers = {"meta"};
        decision.outcome = "Daily fine";
        decision.amount = knowledge::Amount{1000000, "NOK", knowledge::Amount::Runs::EachDay};
        decision.status = knowledge::DecisionStatus::SetAside;
        decision.status_date = "2024-06-18";
        decision.sources = {"https://a.example"};
    }
};

TEST(CompanyJson, ADecisionSaysWhereItStands) {
    const json expected{{"date", "2023-08-07"},
                        {"authority", "Datatilsynet"},
                        {"country", "NO"},
                        {"company", nullptr},
                        {"party", "Meta"},
                        {"trackers", {"meta"}},
                        {"case", nullptr},
                        {"outcome", "Daily fine"},
                        {"amount", {{"value", 1000000}, {"currency", "NOK"}, {"each_day", true}}},
                        {"status", "set-aside"},
                        {"status_date", "2024-06-18"},
                        {"sources", {"https://a.example"}}};
    CHECK(webui::decision_json(decision) == expected);
}

TEST(CompanyJson, ADecisionWithoutAnAmountHasNone) {
    decision.amount.reset();
    CHECK(webui::decision_json(decision).at("amount").is_null());
}

TEST(CompanyJson, AProfileHasOwnersDomainsAndDecisions) {
    knowledge::CompanyProfile profile;
    profile.company = {trackers::CompanyId{7}, "insta", "Insta", "meta", "US", ""};
    profile.owners = {{trackers::CompanyId{8}, "meta", "Meta Platforms", "", "", ""}};
    profile.domains[trackers::Purpose::Social] = {"a.example", "b.example"};
    profile.decisions = {&decision};
    const json row = webui::profile_json(profile);
    CHECK(row.at("slug") == "insta");
    CHECK(row.at("country") == "US");
    CHECK(row.at("website").is_null());
    CHECK(row.at("owners") ==
          json::array({{{"slug", "meta"}, {"name", "Meta Platforms"}, {"country", nullptr}}}));
    CHECK(row.at("owned").empty());
    CHECK(row.at("purposes") ==
          json::array({{{"id", "social"}, {"domains", {"a.example", "b.example"}}}}));
    CHECK(row.at("disguises") == json::array());
    CHECK(row.at("decisions").at(0).at("status") == "set-aside");
}
