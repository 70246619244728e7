#include "webui/server/rows.h"

#include "tests/support/web_house.h"

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using sporvakt::ledger::Outcome;
using sporvakt::test::leaked;
using sporvakt::test::prevented;
using sporvakt::test::WebHouse;
using sporvakt::trackers::CompanyId;
using sporvakt::webui::contact_id;
using sporvakt::webui::json_text;
using sporvakt::webui::Rows;

TEST_GROUP(Rows) {
    WebHouse house;
};

TEST(Rows, TellAContact) {
    Rows rows(house.parts);
    auto contact = prevented(WebHouse::phone(), "a.pixel.example", WebHouse::insta());
    contact.attempts = 4;

    const json expected{
        {"id", contact_id(contact)},
        {"first", "2026-11-21T14:00:00.000Z"},
        {"last", "2026-11-21T14:01:00.000Z"},
        {"device", {{"id", "3c:22:fb:12:34:01"}, {"name", "Kari sin telefon"}}},
        {"company",
         {{"slug", "insta"},
          {"name", "Insta"},
          {"country", "US"},
          {"parent", {{"slug", "meta"}, {"name", "Meta Platforms"}}}}},
        {"purpose", {{"id", "advertising"}}},
        {"name", "a.pixel.example"},
        {"result", "prevented"},
        {"source", "query"},
        {"cause", "list"},
        {"contacts", 1},
        {"attempts", 4},
        {"bytes_up", 0},
        {"bytes_down", 0},
        {"rule", "||pixel.example^"},
        {"list", "test list"},
        {"detail", nullptr},
    };
    CHECK(rows.event(contact) == expected);
}

TEST(Rows, TellALeak) {
    Rows rows(house.parts);
    const auto row = rows.event(leaked(WebHouse::nobody(), "x.example", CompanyId::None));

    CHECK(row.at("device") == json({{"id", "192.168.1.99"}, {"name", "192.168.1.99"}}));
    CHECK(row.at("company").is_null());
    CHECK(row.at("result") == "leaked");
    CHECK(row.at("source") == "tls");
    CHECK(row.at("cause") == "bypassed");
    CHECK(row.at("rule").is_null());
    CHECK(row.at("list").is_null());
}

TEST(Rows, KeepTheIdOfAContactThatGoesOn) {
    const auto contact = prevented(WebHouse::phone(), "a.example", WebHouse::ads());
    auto later = contact;
    later.last += std::chrono::minutes(5);
    later.first += std::chrono::minutes(9);
    later.attempts = 9;

    STRCMP_EQUAL(contact_id(contact).c_str(), contact_id(later).c_str());
    LONGS_EQUAL(16, contact_id(contact).size());
}

TEST(Rows, GiveOtherContactsOtherIds) {
    const auto contact = prevented(WebHouse::phone(), "a.example", WebHouse::ads());
    auto next_slot = contact;
    next_slot.first += std::chrono::minutes(10);
    auto other_outcome = contact;
    other_outcome.outcome = Outcome::Leaked;

    CHECK(contact_id(contact) != contact_id(next_slot));
    CHECK(contact_id(contact) != contact_id(other_outcome));
    CHECK(contact_id(contact) !=
          contact_id(prevented(WebHouse::tv(), "a.example", WebHouse::ads())));
    CHECK(contact_id(contact) !=
          contact_id(prevented(WebHouse::phone(), "b.example", WebHouse::ads())));
}

TEST(Rows, TellCompanies) {
    Rows rows(house.parts);

    CHECK(
        rows.company(WebHouse::ads()) ==
        json({{"slug", "ads"}, {"name", "Ads & Sons"}, {"country", nullptr}, {"parent", nullptr}}));
    CHECK(rows.company(CompanyId{0x0a1b2c3d}) == json({{"slug", "x-0a1b2c3d"},
                                                       {"name", "x-0a1b2c3d"},
                                                       {"country", nullptr},
                                                       {"parent", nullptr}}));
    CHECK(rows.company(CompanyId::None).is_null());
}

TEST(Rows, TellDevices) {
    const Rows rows(house.parts);
    const auto phone = rows.device(WebHouse::phone());
    const auto tv = rows.device(WebHouse::tv());
    const auto nobody = rows.device(WebHouse::nobody());

    CHECK(phone.at("given_name") == "Kari sin telefon");
    CHECK(phone.at("host_name").is_null());
    CHECK(phone.at("vendor") == "Apple");
    CHECK(phone.at("mac") == "3c:22:fb:12:34:01");
    CHECK(phone.at("mac_is_private") == false);
    CHECK(phone.at("addresses") == json::array());
    CHECK(phone.at("first_seen") == "2026-11-19T14:30:00.000Z");
    CHECK(phone.at("bypass") == json::array({{{"kind", "dns"},
                                              {"server", "8.8.8.8"},
                                              {"last_seen", "2026-11-21T13:30:00.000Z"}}}));
    CHECK(tv.at("bypass") == json::array());
    CHECK(tv.at("name") == "Stue-TV");
    CHECK(tv.at("addresses") == json({"192.168.1.30"}));
    CHECK(tv.at("first_seen").is_null());
    CHECK(nobody.at("mac").is_null());
    CHECK(nobody.at("addresses") == json({"192.168.1.99"}));
}

TEST(Rows, WriteTextThatDevicesMadeUp) {
    STRCMP_EQUAL("\"a\xef\xbf\xbd<\"", json_text(json("a\xff<")).c_str());
}
