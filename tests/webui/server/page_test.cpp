#include "webui/server/page.h"

#include "tests/support/web_house.h"

#include <array>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::as_bytes;
using sporvakt::test::request;
using sporvakt::webui::Asset;
using sporvakt::webui::embedded_page;
using sporvakt::webui::Lifetime;
using sporvakt::webui::page_answer;
using sporvakt::webui::Response;

TEST_GROUP(Page) {
    std::array<Asset, 3> assets{{
        {"index.html", "text/html; charset=utf-8", "\"i1\"", Lifetime::Changing,
         as_bytes("<!doctype html>"), as_bytes("gzipped")},
        {"app-0a1b2c3d4e5f.js", "text/javascript; charset=utf-8", "\"j1\"", Lifetime::Immutable,
         as_bytes("let page = 1; let more = 2"), as_bytes("gzipped")},
        {"icon-0a1b2c3d4e5f.svg", "image/svg+xml", "\"s1\"", Lifetime::Immutable,
         as_bytes("<svg/>"), as_bytes("larger gzip")},
    }};

    Response get(const std::string& path, const std::string& accept_encoding = "") {
        auto asked = request("GET", path);
        asked.accept_encoding = accept_encoding;
        return page_answer(asked, assets);
    }
};

TEST(Page, IsTheSameAtAllItsAddresses) {
    for (const auto* path :
         {"/", "/index.html", "/devices", "/devices/3c%3A22%3Afb%3A12%3A34%3A01", "/companies/meta",
          "/events?result=leaked", "/login", "/setup", "/events/", "/status"}) {
        const auto response = get(path);
        LONGS_EQUAL_TEXT(200, response.status, path);
        STRCMP_EQUAL("<!doctype html>", response.body.c_str());
        STRCMP_EQUAL("text/html; charset=utf-8", response.content_type.c_str());
        CHECK(response.header("Cache-Control") == "no-cache");
    }
}

TEST(Page, KeepsFilesForEverWhoseNamesChange) {
    const auto response = get("/app-0a1b2c3d4e5f.js");

    LONGS_EQUAL(200, response.status);
    CHECK(response.header("Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(response.header("Vary") == "Accept-Encoding");
    CHECK(response.header("Content-Encoding").empty());
}

TEST(Page, IsPackedForThoseWhoTakeIt) {
    const auto packed = get("/app-0a1b2c3d4e5f.js", "deflate, gzip;q=0.8, br");

    CHECK(packed.header("Content-Encoding") == "gzip");
    STRCMP_EQUAL("gzipped", packed.body.c_str());
    for (const auto* refused : {"", "br", "gzip;q=0", "gzip; q=0, br", "identity"}) {
        CHECK_TRUE_TEXT(get("/app-0a1b2c3d4e5f.js", refused).header("Content-Encoding").empty(),
                        refused);
    }
    CHECK(get("/icon-0a1b2c3d4e5f.svg", "gzip").header("Content-Encoding").empty());
}

TEST(Page, IsNotSentAgainToThoseWhoHaveIt) {
    auto asked = request("GET", "/");
    asked.if_none_match = "\"i1\"";
    const auto response = page_answer(asked, assets);

    LONGS_EQUAL(304, response.status);
    CHECK(response.body.empty());
    CHECK(response.header("ETag") == "\"i1\"");
}

TEST(Page, HasNothingElse) {
    for (const auto* path :
         {"/missing.js", "/x/app-0a1b2c3d4e5f.js", "/%2e%2e%2fetc%2fpasswd.txt", "/INDEX.HTML"}) {
        const auto response = get(path);
        LONGS_EQUAL_TEXT(404, response.status, path);
        STRCMP_EQUAL("application/problem+json", response.content_type.c_str());
    }
}

TEST(Page, TellsPeopleThatThereIsNothingInItsOwnWords) {
    for (const auto* path : {"/evnets", "/settings", "/etc/passwd", "/no/such/page"}) {
        const auto response = get(path);
        LONGS_EQUAL_TEXT(404, response.status, path);
        STRCMP_EQUAL("<!doctype html>", response.body.c_str());
    }
}

TEST(Page, CanOnlyBeRead) {
    const auto response = page_answer(request("POST", "/login"), assets);

    LONGS_EQUAL(405, response.status);
    CHECK(response.header("Allow") == "GET, HEAD");
    LONGS_EQUAL(404, page_answer(request("POST", "/evnets"), assets).status);
}

TEST(Page, AnswersWithoutAnyFiles) {
    LONGS_EQUAL(404, page_answer(request("GET", "/"), {}).status);
}

TEST(Page, EmbedsEachFilePlainAndPacked) {
    for (const auto& asset : embedded_page()) {
        CHECK_FALSE(asset.plain.empty());
        LONGS_EQUAL(0x1f, asset.gzip[0]);  // RFC 1952 §2.3.1
        LONGS_EQUAL(0x8b, asset.gzip[1]);
        CHECK((asset.name == "index.html") == (asset.lifetime == Lifetime::Changing));
    }
}
