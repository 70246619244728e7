#include "webui/server/json_body.h"

#include "tests/support/web_house.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::test::request;
using sporvakt::webui::BodyState;
using sporvakt::webui::only_member;
using sporvakt::webui::Problem;
using sporvakt::webui::Request;

TEST_GROUP(JsonBody) {
    Request posted = request("POST", "/api/v1/session");

    Problem fault_of(std::string body) {
        posted.body = std::move(body);
        const auto member = only_member(posted, "name");
        return member ? Problem::Internal : member.error().problem;
    }
};

TEST(JsonBody, GivesItsOneMember) {
    posted.body = R"( {"name": "St\u00e5le \"x\""} )";

    CHECK(only_member(posted, "name").value_or("") == "St\xc3\xa5le \"x\"");
}

TEST(JsonBody, RefusesEverythingElse) {
    for (const auto* body :
         {"", "{", "null", "[]", "\"name\"", "{}", R"({"name": 1})", R"({"name": null})",
          R"({"nam": "x"})", R"({"name": "x", "more": 1})", R"({"name": "x"} x)",
          R"({"name": "x", "name": "y"})", R"({"name": ["x"]})", "{\"name\": \"\xff\"}",
          R"({"name": "\ud800"})", R"({'name': "x"})", "{\"name\": \"a\nb\"}"}) {
        CHECK_TEXT(fault_of(body) == Problem::InvalidBody, body);
    }
}

TEST(JsonBody, TakesDeepNestingForNoMember) {
    CHECK(fault_of(std::string(60000, '[')) == Problem::InvalidBody);
    CHECK(fault_of(R"({"name":)" + std::string(30000, '[') + std::string(30000, ']') + "}") ==
          Problem::InvalidBody);
}

TEST(JsonBody, MustSayThatItIsJson) {
    posted.content_type = "text/plain";
    CHECK(fault_of(R"({"name": "x"})") == Problem::NotJson);
    posted.content_type = "";
    CHECK(fault_of(R"({"name": "x"})") == Problem::NotJson);
}

TEST(JsonBody, MustHaveComeWhole) {
    posted.body_state = BodyState::TooLarge;
    CHECK(fault_of("") == Problem::TooLarge);
    posted.body_state = BodyState::Cut;
    CHECK(fault_of(R"({"name": "x"})") == Problem::InvalidBody);
    posted.body_state = BodyState::Chunked;
    CHECK(fault_of("") == Problem::InvalidBody);
}
