#include "webui/server/access_handlers.h"

#include "tests/support/web_house.h"

#include <string>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using sporvakt::test::request;
using sporvakt::test::WebHouse;
using sporvakt::webui::Access;
using sporvakt::webui::Answered;
using sporvakt::webui::DataKind;
using sporvakt::webui::Handler;
using sporvakt::webui::Problem;
using sporvakt::webui::Request;
using sporvakt::webui::Response;
using sporvakt::webui::Status;
using sporvakt::webui::Transport;

TEST_GROUP(AccessHandlers) {
    WebHouse house;
    Access access{house.settings, house.parts};
    Request asked = request("POST", "/");

    Answered<Response> call(Handler handler, const std::string& body = "") {
        asked.body = body;
        return handler({asked, {}, house.settings, house.parts, access, house.feed});
    }

    static std::string cookie_of(const Response& response) {
        return std::string(response.header("Set-Cookie"));
    }

    void log_in() {
        const std::string cookie =
            cookie_of(*call(sporvakt::webui::post_setup, password("et passord")));
        asked.session = cookie.substr(std::string("sporvakt_session=").size(), 43);
    }

    static std::string password(const std::string& text) {
        return json({{"password", text}}).dump();
    }
};

TEST(AccessHandlers, HealthSaysNothingButHowItIs) {
    STRCMP_EQUAL(R"({"status":"ok"})", call(sporvakt::webui::get_health)->body.c_str());
    house.status.value.health = Status::Health::Degraded;
    STRCMP_EQUAL(R"({"status":"degraded"})", call(sporvakt::webui::get_health)->body.c_str());
}

TEST(AccessHandlers, HealthTellsWhoMayReadWhatTheResolverDid) {
    using std::chrono::microseconds;
    log_in();
    house.status.figures = {
        9, 2, 4, {{"A", 6}, {"other", 3}}, {{"blocked", 2}}, {microseconds(24576), {}, {}}};
    house.status.figures.waits.ranges = {{microseconds(128), 0}, {std::nullopt, 3}};

    const json expected = json::parse(R"({
        "answered": 9, "stopped": 2, "from_memory": 4,
        "questions": {"A": 6, "other": 3}, "counts": {"blocked": 2},
        "waits": {"median_ms": 24.576, "p99_ms": null, "ranges": [
            {"under_ms": 0.128, "clients": 0}, {"under_ms": null, "clients": 3}]}})");
    CHECK(json::parse(call(sporvakt::webui::get_health)->body).at("resolver") == expected);
}

TEST(AccessHandlers, HealthTellsWhoMayReadWhatTheSnifferSawAndMissed) {
    log_in();
    house.status.seen = {{{"br-lan", "watched", 100, 2}, {"eth9", "missing", 0, 0}},
                         {{"packets", 98}, {"malformed", 1}}};

    const json expected = json::parse(R"({
        "interfaces": [
            {"name": "br-lan", "state": "watched", "received": 100, "dropped": 2},
            {"name": "eth9", "state": "missing", "received": 0, "dropped": 0}],
        "counts": {"packets": 98, "malformed": 1}})");
    CHECK(json::parse(call(sporvakt::webui::get_health)->body).at("sniffer") == expected);
}

TEST(AccessHandlers, HealthTellsAStrangerNoNumbers) {
    house.set_password();
    house.status.figures.answered = 9;
    asked.session = std::string(43, 'x');

    STRCMP_EQUAL(R"({"status":"ok"})", call(sporvakt::webui::get_health)->body.c_str());
}

TEST(AccessHandlers, SessionOfAFreshAppliance) {
    const json expected{{"authenticated", false},
                        {"setup_needed", true},
                        {"demonstration", false},
                        {"csrf_token", nullptr},
                        {"expires_at", nullptr}};

    CHECK(json::parse(call(sporvakt::webui::get_session)->body) == expected);
}

TEST(AccessHandlers, SetupLogsIn) {
    const auto answer = call(sporvakt::webui::post_setup, password("korrekt hest"));

    CHECK(answer.has_value());
    LONGS_EQUAL(201, answer->status);
    const auto cookie = cookie_of(*answer);
    STRCMP_CONTAINS("; Path=/; HttpOnly; SameSite=Strict", cookie.c_str());
    CHECK(cookie.find("Secure") == std::string::npos);
    asked.session = cookie.substr(std::string("sporvakt_session=").size(), 43);
    const auto session = json::parse(call(sporvakt::webui::get_session)->body);
    CHECK(session.at("authenticated") == true);
    CHECK(session.at("setup_needed") == false);
    CHECK(session.at("csrf_token") == json::parse(answer->body).at("csrf_token"));
    CHECK(session.at("expires_at") == "2026-11-21T15:00:00.000Z");
}

TEST(AccessHandlers, SetupWantsALongPassword) {
    for (const auto& text : {std::string(9, 'a'), std::string(), std::string(257, 'a')}) {
        CHECK(call(sporvakt::webui::post_setup, password(text)).error().problem ==
              Problem::InvalidBody);
    }
    CHECK(call(sporvakt::webui::post_setup, "{}").error().problem == Problem::InvalidBody);
    CHECK(call(sporvakt::webui::post_setup, password(std::string(256, 'a'))).has_value());
}

TEST(AccessHandlers, LoginGivesACookieThatScriptsCannotRead) {
    house.set_password();
    const auto answer = call(sporvakt::webui::post_session, password(WebHouse::kPassword));

    LONGS_EQUAL(200, answer->status);
    STRCMP_CONTAINS("HttpOnly", cookie_of(*answer).c_str());
    CHECK(json::parse(answer->body).at("authenticated") == true);
}

TEST(AccessHandlers, CookiesOverTlsStayThere) {
    house.set_password();
    asked.transport = Transport::Tls;

    STRCMP_CONTAINS(
        "; Secure",
        cookie_of(*call(sporvakt::webui::post_session, password(WebHouse::kPassword))).c_str());
}

TEST(AccessHandlers, WrongPasswordsAreRefusedAndThenHeldBack) {
    house.set_password();
    for (int i = 0; i < 5; ++i) {
        const auto answer = call(sporvakt::webui::post_session, password("wrong"));
        LONGS_EQUAL(401, answer->status);
        CHECK(cookie_of(*answer).empty());
    }
    const auto answer = call(sporvakt::webui::post_session, password(WebHouse::kPassword));

    LONGS_EQUAL(429, answer->status);
    CHECK(answer->header("Retry-After") == "900");
    CHECK(json::parse(answer->body).at("code") == "too_many_tries");
}

TEST(AccessHandlers, LoginDoesNotHashEndlessPasswords) {
    house.set_password();

    CHECK(call(sporvakt::webui::post_session, password(std::string(257, 'a'))).error().problem ==
          Problem::InvalidBody);
}

TEST(AccessHandlers, LogoutTakesTheCookieAway) {
    house.set_password();
    const auto login = call(sporvakt::webui::post_session, password(WebHouse::kPassword));
    asked.session = cookie_of(*login).substr(std::string("sporvakt_session=").size(), 43);
    const auto answer = call(sporvakt::webui::delete_session);

    LONGS_EQUAL(204, answer->status);
    STRCMP_CONTAINS("sporvakt_session=; ", cookie_of(*answer).c_str());
    STRCMP_CONTAINS("Max-Age=0", cookie_of(*answer).c_str());
    CHECK_FALSE(access.session_of(asked).has_value());
}

TEST(AccessHandlers, TheDemonstrationSaysThatItIsOne) {
    house.settings.data = DataKind::Demonstration;

    CHECK(json::parse(call(sporvakt::webui::get_session)->body).at("demonstration") == true);
}
