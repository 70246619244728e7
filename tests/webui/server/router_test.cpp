#include "webui/server/router.h"

#include "tests/support/web_house.h"

#include <array>
#include <string>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using sporvakt::as_bytes;
using sporvakt::test::request;
using sporvakt::test::WebHouse;
using sporvakt::webui::Access;
using sporvakt::webui::Asset;
using sporvakt::webui::Authority;
using sporvakt::webui::DataKind;
using sporvakt::webui::Lifetime;
using sporvakt::webui::Problem;
using sporvakt::webui::Request;
using sporvakt::webui::Response;
using sporvakt::webui::Router;

TEST_GROUP(Router) {
    WebHouse house;
    Access access{house.settings, house.parts};
    std::array<Asset, 1> page{{{"index.html", "text/html", "\"1\"", Lifetime::Changing,
                                as_bytes("page"), as_bytes("page")}}};
    Router router{house.settings, house.parts, access, house.feed, page};
    std::string token;
    std::string csrf_token;

    void log_in() {
        house.set_password();
        const auto login = access.log_in(request("POST", "/"), WebHouse::kPassword);
        token = login.session->token;
        csrf_token = login.session->csrf_token;
    }

    Request asked(const std::string& method, const std::string& target,
                  const std::string& body = "") {
        auto made = request(method, target, body);
        made.session = token;
        made.csrf_token = csrf_token;
        return made;
    }

    static std::string code(const Response& response) {
        return response.status < 400 ? ""
                                     : json::parse(response.body).at("code").get<std::string>();
    }
};

TEST(Router, KnowsEveryAddressOfTheApi) {
    log_in();
    for (const auto* place : {"summary", "devices", "companies", "contacts", "matrix", "series",
                              "events", "purposes", "session", "health"}) {
        const auto response = router.answer(asked("GET", "/api/v1/" + std::string(place)));
        LONGS_EQUAL_TEXT(200, response.status, place);
        STRCMP_EQUAL("application/json", response.content_type.c_str());
        CHECK(response.header("Cache-Control") == "no-store");
    }
}

TEST(Router, AnswersHeadLikeGet) {
    log_in();

    LONGS_EQUAL(200, router.answer(asked("HEAD", "/api/v1/summary")).status);
    LONGS_EQUAL(200, router.answer(asked("HEAD", "/")).status);
}

TEST(Router, HasNothingAtOtherAddresses) {
    for (const auto* path : {"/api", "/api/v1", "/api/v2/summary", "/api/v1/Summary",
                             "/api/v1/summary/x", "/api/v1/devices/a/b", "/api/v1/rules"}) {
        const auto response = router.answer(asked("GET", path));
        LONGS_EQUAL_TEXT(404, response.status, path);
        STRCMP_EQUAL("not_found", code(response).c_str());
    }
}

TEST(Router, SaysWhatAnAddressTakes) {
    const auto response = router.answer(asked("PUT", "/api/v1/session"));

    LONGS_EQUAL(405, response.status);
    CHECK(response.header("Allow") == "GET, HEAD, POST, DELETE");
    LONGS_EQUAL(405, router.answer(asked("TRACE", "/api/v1/health")).status);
    LONGS_EQUAL(405, router.answer(asked("GET", "/api/v1/rules/a.example")).status);
}

TEST(Router, RefusesParametersThatItDoesNotKnow) {
    log_in();
    for (const auto* target :
         {"/api/v1/summary?compnay=meta", "/api/v1/summary?limit=1", "/api/v1/matrix?step=1h",
          "/api/v1/contacts?cursor=1", "/api/v1/health?x=1", "/api/v1/purposes?q=a",
          "/api/v1/events?q=a&q=b"}) {
        STRCMP_EQUAL_TEXT("unknown_parameter", code(router.answer(asked("GET", target))).c_str(),
                          target);
    }
}

TEST(Router, AsksForAPasswordThenForALogin) {
    STRCMP_EQUAL("setup_needed", code(router.answer(asked("GET", "/api/v1/events"))).c_str());
    house.set_password();
    STRCMP_EQUAL("login_needed", code(router.answer(asked("GET", "/api/v1/events"))).c_str());
    // Strangers learn nothing from parameters either.
    STRCMP_EQUAL("login_needed", code(router.answer(asked("GET", "/api/v1/events?x=1"))).c_str());
    LONGS_EQUAL(200, router.answer(asked("GET", "/api/v1/health")).status);
    LONGS_EQUAL(200, router.answer(asked("GET", "/api/v1/session")).status);
    LONGS_EQUAL(200, router.answer(asked("GET", "/")).status);
}

TEST(Router, ChecksWhoAsksForEveryChange) {
    log_in();
    auto rename = asked("PATCH", "/api/v1/devices/3c:22:fb:12:34:01", R"({"name":"x"})");
    LONGS_EQUAL(200, router.answer(rename).status);

    rename.csrf_token = "x";
    STRCMP_EQUAL("wrong_csrf_token", code(router.answer(rename)).c_str());
    rename.origin = "http://evil.example";
    STRCMP_EQUAL("wrong_origin", code(router.answer(rename)).c_str());
    rename.host = Authority{"evil.example", {}};
    STRCMP_EQUAL("unknown_host", code(router.answer(rename)).c_str());
    LONGS_EQUAL(1, house.keeper.orders().size());
}

TEST(Router, ChecksTheOriginOfLoginAndSetup) {
    for (const auto* path : {"/api/v1/setup", "/api/v1/session"}) {
        auto post = asked("POST", path, R"({"password":"korrekt hest"})");
        post.origin = "http://evil.example";
        STRCMP_EQUAL_TEXT("wrong_origin", code(router.answer(post)).c_str(), path);
    }
    LONGS_EQUAL(0, house.keeper.orders().size());
}

TEST(Router, TakesForeignNamesForNothing) {
    auto foreign = asked("GET", "/");
    foreign.host = Authority{"evil.example", {}};

    STRCMP_EQUAL("unknown_host", code(router.answer(foreign)).c_str());
    foreign.host.reset();
    STRCMP_EQUAL("unknown_host", code(router.answer(foreign)).c_str());
}

TEST(Router, AdmitsPagesToTheLiveFeed) {
    CHECK(router.admit_live(asked("GET", "/api/v1/live")).error().problem == Problem::SetupNeeded);
    log_in();

    CHECK(router.admit_live(asked("GET", "/api/v1/live")).has_value());
    CHECK(*router.admit_live(asked("GET", "/api/v1/live?since=17")) == 17U);
    CHECK(router.admit_live(asked("GET", "/api/v1/live?since=-1")).error().parameter == "since");
    CHECK(router.admit_live(asked("GET", "/api/v1/live?since=")).error().parameter == "since");
    CHECK(router.admit_live(asked("GET", "/api/v1/live?x=1")).error().problem ==
          Problem::UnknownParameter);
    auto foreign = asked("GET", "/api/v1/live");
    foreign.origin = "http://evil.example";
    CHECK(router.admit_live(foreign).error().problem == Problem::WrongOrigin);
}

TEST(Router, TellsThatTheLiveFeedIsAWebSocket) {
    log_in();

    LONGS_EQUAL(426, router.answer(asked("GET", "/api/v1/live")).status);
}

TEST(Router, OpensTheDemonstrationForReading) {
    house.settings.data = DataKind::Demonstration;

    LONGS_EQUAL(200, router.answer(asked("GET", "/api/v1/events")).status);
    CHECK(router.admit_live(asked("GET", "/api/v1/live")).has_value());
    STRCMP_EQUAL("setup_needed",
                 code(router.answer(asked("PUT", "/api/v1/rules/a.example", R"({"rule":"allow"})")))
                     .c_str());
}
