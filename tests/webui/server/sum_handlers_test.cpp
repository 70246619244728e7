#include "webui/server/sum_handlers.h"

#include "tests/support/handler_house.h"

#include <string>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using sporvakt::test::HandlerHouse;
using sporvakt::test::leaked;
using sporvakt::test::prevented;
using sporvakt::test::WebHouse;
using sporvakt::trackers::CompanyId;
using sporvakt::trackers::Purpose;
using sporvakt::webui::DataKind;
using sporvakt::webui::Handler;
using sporvakt::webui::Problem;
using sporvakt::webui::Status;

TEST_GROUP(SumHandlers) {
    HandlerHouse house;

    json ask(Handler handler, const std::string& query = "") {
        return house.ask(handler, query);
    }

    /// The phone: Meta twice prevented and once leaked, nobody known once leaked; the TV: Insta
    /// once prevented for social reasons.
    void fill() {
        house.reports.add(prevented(WebHouse::phone(), "a.example", WebHouse::meta()));
        house.reports.add(prevented(WebHouse::phone(), "b.example", WebHouse::meta()));
        house.reports.add(leaked(WebHouse::phone(), "c.example", WebHouse::meta()));
        house.reports.add(leaked(WebHouse::phone(), "d.example", CompanyId::None));
        auto social = prevented(WebHouse::tv(), "e.example", WebHouse::insta());
        social.purpose = Purpose::Social;
        house.reports.add(social);
    }
};

TEST(SumHandlers, SummaryOfAQuietHouse) {
    const json expected{{"from", "2026-11-20T14:30:00.000Z"},
                        {"to", "2026-11-21T14:30:00.000Z"},
                        {"leaked", 0},
                        {"prevented", 0},
                        {"leaked_flows", 0},
                        {"prevented_attempts", 0},
                        {"bytes_up", 0},
                        {"bytes_down", 0},
                        {"devices", 0},
                        {"devices_leaking", 0},
                        {"devices_known", 2},
                        {"companies", 0},
                        {"companies_reached", 0},
                        {"last_contact", nullptr},
                        {"protection", "on"},
                        {"demonstration", false},
                        {"catalogue_date", "2026-11-21T12:00:00Z"},
                        {"rules", 1},
                        {"capture_drops", 0},
                        {"sightings_dropped", 0},
                        {"version", "1.2.3"}};

    CHECK(ask(sporvakt::webui::get_summary) == expected);
}

TEST(SumHandlers, SummaryCountsKnownCompaniesAndDevices) {
    fill();
    house.status.value = {Status::Protection::Off, Status::Health::Degraded, 7, 8};
    house.settings.data = DataKind::Demonstration;
    const auto summary = ask(sporvakt::webui::get_summary);

    CHECK(summary.at("leaked") == 2);
    CHECK(summary.at("prevented") == 3);
    CHECK(summary.at("leaked_flows") == 2);
    CHECK(summary.at("prevented_attempts") == 3);
    CHECK(summary.at("bytes_up") == 200);
    CHECK(summary.at("devices") == 2);
    CHECK(summary.at("devices_leaking") == 1);
    CHECK(summary.at("companies") == 2);          // Meta and Insta; nobody is no company
    CHECK(summary.at("companies_reached") == 1);  // Meta
    CHECK(summary.at("last_contact") == "2026-11-21T14:01:00.000Z");
    CHECK(summary.at("protection") == "off");
    CHECK(summary.at("demonstration") == true);
    CHECK(summary.at("capture_drops") == 7);
    CHECK(summary.at("sightings_dropped") == 8);
}

TEST(SumHandlers, SummaryKeepsToItsFilter) {
    fill();

    CHECK(ask(sporvakt::webui::get_summary, "?company=insta").at("prevented") == 1);
    CHECK(ask(sporvakt::webui::get_summary, "?company=none").at("leaked") == 1);
    CHECK(ask(sporvakt::webui::get_summary, "?q=B.EX").at("prevented") == 1);
    CHECK(ask(sporvakt::webui::get_summary, "?from=2026-11-21T14:10:00Z").at("prevented") == 0);
}

TEST(SumHandlers, DevicesAreAllThereAndTheMostLeakingFirst) {
    fill();
    const auto devices = ask(sporvakt::webui::get_devices).at("devices");

    LONGS_EQUAL(2, devices.size());
    CHECK(devices[0].at("name") == "Kari sin telefon");
    CHECK(devices[0].at("leaked") == 2);
    CHECK(devices[0].at("companies") == 1);
    CHECK(devices[0].at("companies_reached") == 1);
    CHECK(devices[1].at("name") == "Stue-TV");
    CHECK(devices[1].at("leaked") == 0);
    CHECK(devices[1].at("prevented") == 1);
}

TEST(SumHandlers, DevicesWithoutContactsAreShownWhereNothingElseIsAsked) {
    house.reports.add(leaked(WebHouse::nobody(), "a.example", WebHouse::ads()));

    LONGS_EQUAL(3, ask(sporvakt::webui::get_devices).at("devices").size());
    LONGS_EQUAL(1, ask(sporvakt::webui::get_devices, "?result=leaked").at("devices").size());
    LONGS_EQUAL(
        1, ask(sporvakt::webui::get_devices, "?device=3c:22:fb:12:34:02").at("devices").size());
    LONGS_EQUAL(0, ask(sporvakt::webui::get_devices, "?device=10.0.0.1").at("devices").size());
    CHECK(ask(sporvakt::webui::get_devices, "?device=3c:22:fb:12:34:02")
              .at("devices")[0]
              .at("last_contact")
              .is_null());
}

TEST(SumHandlers, CompaniesSayWhatTheyWereFor) {
    fill();
    const auto companies = ask(sporvakt::webui::get_companies).at("companies");

    LONGS_EQUAL(3, companies.size());
    CHECK(companies[0].at("company").at("slug") == "meta");
    CHECK(companies[0].at("devices") == 1);
    CHECK(companies[0].at("devices_leaking") == 1);
    CHECK(companies[0].at("purposes") ==
          json::array({{{"id", "advertising"}, {"leaked", 1}, {"prevented", 2}}}));
    CHECK(companies[1].at("company").is_null());
    CHECK(companies[2].at("company").at("parent").at("slug") == "meta");
    CHECK(companies[2].at("purposes")[0].at("id") == "social");
}

TEST(SumHandlers, CompaniesOfOnePurpose) {
    fill();

    LONGS_EQUAL(1, ask(sporvakt::webui::get_companies, "?purpose=social").at("companies").size());
    CHECK(ask(sporvakt::webui::get_companies, "?range=1h&purpose=video").at("companies") ==
          json::array());
}

TEST(SumHandlers, MatrixHasItsMarginsAndCells) {
    fill();
    const auto matrix = ask(sporvakt::webui::get_matrix);

    CHECK(matrix.at("devices")[0] ==
          json({{"id", "3c:22:fb:12:34:01"}, {"name", "Kari sin telefon"}}));
    LONGS_EQUAL(2, matrix.at("devices").size());
    LONGS_EQUAL(2, matrix.at("companies").size());
    CHECK(matrix.at("companies")[0].at("slug") == "meta");
    LONGS_EQUAL(3, matrix.at("cells").size());
    for (const auto& cell : matrix.at("cells")) {
        if (cell.at("company") == "meta") {
            CHECK(cell == json({{"device", "3c:22:fb:12:34:01"},
                                {"company", "meta"},
                                {"leaked", 1},
                                {"prevented", 2},
                                {"bytes_up", 100},
                                {"bytes_down", 1000}}));
        }
    }
}

TEST(SumHandlers, MatrixOfNothingHasEmptyLists) {
    const auto matrix = ask(sporvakt::webui::get_matrix);

    CHECK(matrix.at("devices") == json::array());
    CHECK(matrix.at("companies") == json::array());
    CHECK(matrix.at("cells") == json::array());
}

TEST(SumHandlers, SeriesStartsAtAWholeStep) {
    fill();
    const auto series = ask(sporvakt::webui::get_series, "?range=1h&step=1h");

    CHECK(series.at("from") == "2026-11-21T13:00:00.000Z");
    CHECK(series.at("to") == "2026-11-21T14:30:00.000Z");
    CHECK(series.at("step") == "1h");
    LONGS_EQUAL(2, series.at("points").size());
    CHECK(series.at("points")[0].at("prevented") == 0);
    CHECK(series.at("points")[1] == json({{"start", "2026-11-21T14:00:00.000Z"},
                                          {"leaked", 2},
                                          {"prevented", 3},
                                          {"bytes_up", 200},
                                          {"bytes_down", 2000}}));
    CHECK(ask(sporvakt::webui::get_series, "?step=1d").at("from") == "2026-11-20T00:00:00.000Z");
}

TEST(SumHandlers, SeriesRefusesTooManyPoints) {
    CHECK(ask(sporvakt::webui::get_series, "?range=30d&step=10m") == "step");
    LONGS_EQUAL(721, ask(sporvakt::webui::get_series, "?range=30d&step=1h").at("points").size());
}

TEST(SumHandlers, SayWhenTheLedgerDoesNotAnswer) {
    house.reports.fail_with("ledger.mdb is damaged");

    for (const Handler handler : {sporvakt::webui::get_summary, sporvakt::webui::get_devices,
                                  sporvakt::webui::get_companies, sporvakt::webui::get_matrix,
                                  sporvakt::webui::get_series}) {
        const auto answer = house.call(handler);
        CHECK(answer.error().problem == Problem::Unavailable);
        STRCMP_EQUAL("ledger.mdb is damaged", answer.error().detail.c_str());
    }
}
