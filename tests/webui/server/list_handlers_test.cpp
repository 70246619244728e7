#include "webui/server/list_handlers.h"

#include "tests/support/catalogue_builder.h"
#include "tests/support/handler_house.h"

#include <memory>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using sporvakt::test::CatalogueBuilder;
using sporvakt::test::HandlerHouse;
using sporvakt::test::leaked;
using sporvakt::test::prevented;
using sporvakt::test::WebHouse;
using sporvakt::webui::get_lists;

TEST_GROUP(ListHandlers) {
    HandlerHouse house;

    void take_lists() {
        CatalogueBuilder builder;
        builder.list("adaway").block("a.example").block("b.example");
        builder.list("native").block("b.example");
        auto catalogues = house.policy.get()->catalogues();
        catalogues.push_back(builder.open());
        house.policy.publish(std::make_shared<const sporvakt::policy::Policy>(
            std::move(catalogues), sporvakt::policy::HouseholdRules{}));
    }
    void stopped_by(const char* list) {
        auto contact = prevented(WebHouse::phone(), "b.example", WebHouse::meta());
        contact.list = list;
        house.reports.add(contact);
    }
};

TEST(ListHandlers, ShowEachListInForceBesideTheOthers) {
    take_lists();
    stopped_by("adaway");
    stopped_by("adaway");
    stopped_by("a list that is gone");

    const json lists = house.ask(get_lists).at("lists");

    LONGS_EQUAL(3, lists.size());
    CHECK(lists.at(0).at("name") == "test list");
    CHECK(lists.at(0).at("prevented") == 0);
    const json& adaway = lists.at(1);
    CHECK(adaway.at("name") == "adaway");
    CHECK(adaway.at("names") == 2);
    CHECK(adaway.at("only_here") == 1);
    CHECK(adaway.at("shared") == (json::array({{{"list", "native"}, {"names", 1}}})));
    CHECK(adaway.at("prevented") == 2);
    CHECK(lists.at(2).at("only_here") == 0);
}

TEST(ListHandlers, CountOnlyContactsOfTheTimeAskedFor) {
    take_lists();
    stopped_by("adaway");
    const json answer = house.ask(get_lists, "?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z");
    CHECK(answer.at("from") == "2020-01-01T00:00:00.000Z");
    CHECK(answer.at("lists").at(1).at("prevented") == 0);
    CHECK(house.ask(get_lists, "?from=yesterday") == "from");
}
