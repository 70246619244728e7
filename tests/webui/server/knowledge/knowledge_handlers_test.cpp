#include "webui/server/knowledge/knowledge_handlers.h"

#include "tests/support/handler_house.h"

#include <string>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using namespace sporvakt;
using test::HandlerHouse;
using test::leaked;
using test::prevented;
using test::WebHouse;

TEST_GROUP(KnowledgeHandlers) {
    HandlerHouse house;

    webui::Answered<webui::Response> company(const std::string& id, const std::string& query = "") {
        const auto asked = test::request("GET", "/" + query);
        return webui::get_company(
            {asked, id, house.settings, house.parts, house.access, house.feed});
    }
    json known(const std::string& id, const std::string& query = "") {
        const auto answer = company(id, query);
        return answer ? json::parse(answer->body) : json();
    }
};

TEST(KnowledgeHandlers, ACompanyIsShownWithItsContactsHere) {
    house.reports.add(prevented(WebHouse::phone(), "a.pixel.example", WebHouse::meta()));
    house.reports.add(leaked(WebHouse::phone(), "b.pixel.example", WebHouse::meta()));
    house.reports.add(leaked(WebHouse::phone(), "c.example", WebHouse::insta()));
    const json row = known("meta");
    CHECK(row.at("name") == "Meta Platforms");
    CHECK(row.at("owned").at(0).at("slug") == "insta");
    CHECK(row.at("purposes").at(0).at("domains") == json::array({"pixel.example"}));
    CHECK(row.at("decisions").at(0).at("outcome") == "Temporary ban");
    CHECK(row.at("contacts").at("leaked") == 1);
    CHECK(row.at("contacts").at("prevented") == 1);
    CHECK(row.at("from") == "2026-11-20T14:30:00.000Z");
    CHECK(known("insta").at("owners").at(0).at("slug") == "meta");
}

TEST(KnowledgeHandlers, ACompanyIsFoundByAliasAndDomainToo) {
    CHECK(known("Facebook").at("slug") == "meta");
    CHECK(known("x.pixel.example").at("slug") == "meta");
}

TEST(KnowledgeHandlers, NobodyIsNotFoundAndAWrongTimeIsRefused) {
    CHECK(company("nobody").error().problem == webui::Problem::NotFound);
    CHECK(company("meta", "?from=yesterday").error().parameter == "from");
}

TEST(KnowledgeHandlers, TheLedgersFailureIsTold) {
    house.reports.fail_with("The ledger does not answer.");
    CHECK(company("meta").error().problem == webui::Problem::Unavailable);
}

TEST(KnowledgeHandlers, AllDecisionsAreAList) {
    const json answer = house.ask(webui::get_decisions);
    LONGS_EQUAL(1, answer.at("decisions").size());
    CHECK(answer.at("decisions").at(0).at("party") == "Meta Platforms Ireland");
}
