#include "webui/server/contact_handlers.h"

#include "tests/support/handler_house.h"

#include <string>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using sporvakt::test::HandlerHouse;
using sporvakt::test::leaked;
using sporvakt::test::prevented;
using sporvakt::test::WebHouse;
using sporvakt::webui::get_contacts;
using sporvakt::webui::get_events;
using sporvakt::webui::get_purposes;
using sporvakt::webui::get_recent;
using sporvakt::webui::Handler;
using sporvakt::webui::kAddedUpMax;
using sporvakt::webui::Problem;

TEST_GROUP(ContactHandlers) {
    HandlerHouse house;

    json ask(Handler handler, const std::string& query = "") {
        return house.ask(handler, query);
    }
};

TEST(ContactHandlers, EventsComeNewestFirstPageByPage) {
    for (const auto* name : {"a.example", "b.example", "c.example"}) {
        house.reports.add(prevented(WebHouse::phone(), name, WebHouse::meta()));
    }
    const auto first = ask(get_events, "?limit=2");
    const auto second = ask(get_events, "?limit=2&cursor=" + first.at("next").get<std::string>());

    LONGS_EQUAL(2, first.at("events").size());
    CHECK(first.at("events")[0].at("name") == "c.example");
    LONGS_EQUAL(1, second.at("events").size());
    CHECK(second.at("events")[0].at("name") == "a.example");
    CHECK(second.at("next").is_null());
}

TEST(ContactHandlers, EventsOfNothingAreAnEmptyList) {
    const auto answer = ask(get_events);

    CHECK(answer.at("events") == json::array());
    CHECK(answer.at("next").is_null());
}

TEST(ContactHandlers, EventsKeepToTheirFilter) {
    house.reports.add(prevented(WebHouse::phone(), "a.example", WebHouse::meta()));
    house.reports.add(leaked(WebHouse::tv(), "b.example", WebHouse::ads()));

    CHECK(ask(get_events, "?result=leaked").at("events")[0].at("name") == "b.example");
    LONGS_EQUAL(1, ask(get_events, "?company=meta").at("events").size());
    LONGS_EQUAL(0, ask(get_events, "?company=meta&result=leaked").at("events").size());
}

TEST(ContactHandlers, EventsRefuseAForeignCursor) {
    CHECK(ask(get_events, "?cursor=abc") == "cursor");
    CHECK(ask(get_events, "?limit=501") == "limit");
}

TEST(ContactHandlers, ContactsAreAddedUpByDeviceAndName) {
    auto earlier = prevented(WebHouse::phone(), "a.example", WebHouse::meta());
    earlier.first -= std::chrono::hours(1);
    earlier.last = earlier.first;
    earlier.attempts = 3;
    house.reports.add(earlier);
    house.reports.add(leaked(WebHouse::phone(), "a.example", WebHouse::insta()));
    house.reports.add(prevented(WebHouse::tv(), "a.example", WebHouse::meta()));
    const auto answer = ask(get_contacts);
    const auto& rows = answer.at("contacts");

    LONGS_EQUAL(2, rows.size());
    CHECK(answer.at("complete") == true);
    CHECK(rows[0].at("device").at("name") == "Kari sin telefon");
    CHECK(rows[0].at("company").at("slug") == "insta");  // as of the newest
    CHECK(rows[0].at("leaked") == 1);
    CHECK(rows[0].at("prevented") == 1);
    CHECK(rows[0].at("attempts") == 4);
    CHECK(rows[0].at("bytes_down") == 1000);
    CHECK(rows[0].at("first") == "2026-11-21T13:00:00.000Z");
    CHECK(rows[0].at("last") == "2026-11-21T14:01:00.000Z");
    CHECK(rows[1].at("device").at("name") == "Stue-TV");
}

TEST(ContactHandlers, ContactsSayWhenTheyAreNotAll) {
    house.reports.add(prevented(WebHouse::phone(), "a.example", WebHouse::meta()));
    house.reports.add(prevented(WebHouse::phone(), "b.example", WebHouse::meta()));
    const auto answer = ask(get_contacts, "?limit=1");

    LONGS_EQUAL(1, answer.at("contacts").size());
    CHECK(answer.at("complete") == false);
}

TEST(ContactHandlers, ContactsAddUpABoundedNumber) {
    for (std::size_t i = 0; i < kAddedUpMax + 1; ++i) {
        house.reports.add(prevented(WebHouse::phone(), "a.example", WebHouse::meta()));
    }
    const auto answer = ask(get_contacts);

    CHECK(answer.at("contacts")[0].at("prevented") == kAddedUpMax);
    CHECK(answer.at("complete") == false);
}

TEST(ContactHandlers, PurposesHaveLabelsInBothLanguages) {
    const auto purposes = ask(get_purposes).at("purposes");

    LONGS_EQUAL(28, purposes.size());
    for (const auto& purpose : purposes) {
        if (purpose.at("id") == "session-replay") {
            CHECK(purpose == json({{"id", "session-replay"},
                                   {"label_en", "Session replay"},
                                   {"label_nb", "Skjermopptak av bes\xc3\xb8k"},
                                   {"treatment", "block"},
                                   {"severity", 4},
                                   {"tracking", true}}));
        }
    }
}

TEST(ContactHandlers, SayWhenTheLedgerDoesNotAnswer) {
    house.reports.fail_with("ledger.mdb is damaged");
    for (const Handler handler : {get_contacts, get_events}) {
        CHECK(house.call(handler).error().problem == Problem::Unavailable);
    }
}

TEST(ContactHandlers, PageBackThroughTheRawEvents) {
    auto contact = prevented(WebHouse::phone(), "a.example", WebHouse::meta());
    house.feed.publish({contact});
    contact.attempts = 2;  // it went on
    house.feed.publish({contact, leaked(WebHouse::tv(), "b.example", WebHouse::ads())});

    const json first = ask(get_recent, "?limit=2");
    LONGS_EQUAL(2, first.at("states").size());
    CHECK(first.at("states")[0].at("event").at("name") == "b.example");
    CHECK(first.at("states")[1].at("event").at("attempts") == 2);
    const json rest = ask(get_recent, "?limit=2&cursor=" + first.at("next").get<std::string>());
    LONGS_EQUAL(1, rest.at("states").size());
    CHECK(rest.at("states")[0].at("event").at("attempts") == 1);
    CHECK(rest.at("states")[0].at("event").at("id") == first.at("states")[1].at("event").at("id"));
    CHECK(rest.at("next").is_null());
    LONGS_EQUAL(1, ask(get_recent, "?result=leaked").at("states").size());
    CHECK(ask(get_recent, "?cursor=-1") == "cursor");
}
