#include "webui/server/request.h"

#include "tests/support/web_house.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::ParseError;
using sporvakt::test::raw_request;
using sporvakt::webui::cookie_value;
using sporvakt::webui::Method;
using sporvakt::webui::Request;

TEST_GROUP(Request){};

TEST(Request, IsTakenApart) {
    auto raw = raw_request("PATCH", "/api/v1/devices/3c%3a22?limit=1");
    raw.headers = {{"hOST", " 192.168.1.1:8080 "},
                   {"Origin", "http://192.168.1.1:8080"},
                   {"Cookie", "theme=dark; sporvakt_session=abc"},
                   {"X-CSRF-Token", "token"},
                   {"Content-Type", "Application/JSON; charset=utf-8"},
                   {"Accept-Encoding", "gzip"},
                   {"If-None-Match", "\"1\""}};
    raw.body = "{}";

    const auto request = Request::from_raw(raw);

    CHECK(request.has_value());
    CHECK(request->method == Method::Patch);
    CHECK(request->path == std::vector<std::string>({"api", "v1", "devices", "3c:22"}));
    CHECK(request->query.find("limit") == "1");
    STRCMP_EQUAL("192.168.1.1", request->host->host.c_str());
    CHECK(request->origin == "http://192.168.1.1:8080");
    STRCMP_EQUAL("abc", request->session.c_str());
    STRCMP_EQUAL("token", request->csrf_token.c_str());
    STRCMP_EQUAL("application/json", request->content_type.c_str());
    STRCMP_EQUAL("{}", request->body.c_str());
    CHECK(request->changes_something());
}

TEST(Request, KnowsItsMethods) {
    CHECK(Request::from_raw(raw_request("GET", "/"))->method == Method::Get);
    CHECK(Request::from_raw(raw_request("HEAD", "/"))->method == Method::Head);
    CHECK(Request::from_raw(raw_request("get", "/"))->method == Method::Other);
    CHECK(Request::from_raw(raw_request("TRACE", "/"))->method == Method::Other);
    CHECK_FALSE(Request::from_raw(raw_request("HEAD", "/"))->changes_something());
    CHECK(Request::from_raw(raw_request("TRACE", "/"))->changes_something());
}

TEST(Request, ReadsPaths) {
    CHECK(Request::from_raw(raw_request("GET", "/"))->path.empty());
    CHECK(Request::from_raw(raw_request("GET", "/devices/"))->path.size() == 1);
    // An escaped slash is part of its segment, and climbs nowhere.
    CHECK(Request::from_raw(raw_request("GET", "/a%2Fb"))->path ==
          std::vector<std::string>({"a/b"}));
}

TEST(Request, RefusesPathsThatClimb) {
    for (const auto* path : {"", "api", "/..", "/../etc/passwd", "/a/../b", "/./a", "/%2e%2e/a",
                             "/%2E./a", "//a", "/a//b", "/a%00b", "/a%0ab", "/%ff", "/a%"}) {
        CHECK_FALSE_TEXT(Request::from_raw(raw_request("GET", path)).has_value(), path);
    }
}

TEST(Request, RefusesMoreThanItsLimits) {
    const std::string long_path = "/" + std::string(Request::kPathLengthMax, 'a');
    const std::string long_body(Request::kBodyMax + 1, 'x');
    auto with_body = raw_request("POST", "/");

    with_body.body = std::string_view(long_body).substr(1);
    CHECK(Request::from_raw(with_body).has_value());
    with_body.body = long_body;
    CHECK(Request::from_raw(with_body).error() == ParseError::LimitExceeded);
    CHECK(Request::from_raw(raw_request("GET", long_path)).error() == ParseError::LimitExceeded);
    CHECK(Request::from_raw(raw_request("GET", "/1/2/3/4/5/6/7/8")).has_value());
    CHECK(Request::from_raw(raw_request("GET", "/1/2/3/4/5/6/7/8/9")).error() ==
          ParseError::LimitExceeded);
}

TEST(Request, RefusesAHeaderThatComesTwice) {
    for (const auto* name : {"Host", "origin", "COOKIE", "Content-Type", "X-Csrf-Token"}) {
        auto raw = raw_request("GET", "/");
        raw.headers = {{name, "a"}, {"Other", "x"}, {"Other", "y"}, {name, "a"}};
        CHECK_FALSE_TEXT(Request::from_raw(raw).has_value(), name);
    }
}

TEST(Request, HasNoHostWhenItCannotBeRead) {
    auto raw = raw_request("GET", "/");
    raw.headers = {{"Host", "a b"}};

    CHECK_FALSE(Request::from_raw(raw)->host.has_value());
}

TEST(Request, FindsOneCookieAmongOthers) {
    CHECK(cookie_value("a=1; sporvakt_session=xyz; b=2", "sporvakt_session") == "xyz");
    CHECK(cookie_value("sporvakt_session=x=y", "sporvakt_session") == "x=y");
    CHECK(cookie_value("xsporvakt_session=1; sporvakt_sessio=2", "sporvakt_session").empty());
    CHECK(cookie_value("sporvakt_session", "sporvakt_session").empty());
    CHECK(cookie_value(";;  ;", "sporvakt_session").empty());
}
