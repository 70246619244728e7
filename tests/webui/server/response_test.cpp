#include "webui/server/response.h"

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using sporvakt::webui::Problem;
using sporvakt::webui::problem;
using sporvakt::webui::problem_of_status;
using sporvakt::webui::reason_phrase;

TEST_GROUP(Response){};

TEST(Response, TellsAProblemAsRfc9457Wants) {
    const auto response = problem({Problem::UnknownParameter, "No such parameter.", "compnay"});
    const auto body = nlohmann::json::parse(response.body);

    LONGS_EQUAL(400, response.status);
    STRCMP_EQUAL("application/problem+json", response.content_type.c_str());
    CHECK(body == nlohmann::json({{"type", "about:blank"},
                                  {"title", "Bad Request"},
                                  {"status", 400},
                                  {"code", "unknown_parameter"},
                                  {"detail", "No such parameter."},
                                  {"parameter", "compnay"}}));
}

TEST(Response, NamesNoParameterWhereNoneIsAtFault) {
    CHECK_FALSE(
        nlohmann::json::parse(problem({Problem::LoginNeeded, "", {}}).body).contains("parameter"));
}

TEST(Response, HasAStatusAndACodeForEveryProblem) {
    for (int number = 0; number <= static_cast<int>(Problem::WrongPassword); ++number) {
        const auto response = problem({static_cast<Problem>(number), "Detail.", {}});
        const auto body = nlohmann::json::parse(response.body);

        CHECK(response.status >= 400);
        CHECK(body.at("title") != "Unknown");
        CHECK_FALSE(body.at("code").get<std::string>().empty());
    }
}

TEST(Response, ReplacesWhatIsNotUtf8) {
    const auto body = nlohmann::json::parse(problem({Problem::NotFound, "a\xff", {}}).body);

    STRCMP_EQUAL("a\xef\xbf\xbd", body.at("detail").get<std::string>().c_str());
}

TEST(Response, NamesTheStatusesThatTheServerFindsItself) {
    const auto code = [](int status) {
        return nlohmann::json::parse(problem_of_status(status, "x").body)
            .at("code")
            .get<std::string>();
    };

    STRCMP_EQUAL("bad_request", code(400).c_str());
    STRCMP_EQUAL("bad_request", code(411).c_str());
    STRCMP_EQUAL("not_found", code(404).c_str());
    STRCMP_EQUAL("too_large", code(413).c_str());
    STRCMP_EQUAL("internal", code(500).c_str());
    STRCMP_EQUAL("internal", code(505).c_str());
    LONGS_EQUAL(505, problem_of_status(505, "x").status);
}

TEST(Response, HasWordsForStatuses) {
    STRCMP_EQUAL("Misdirected Request", std::string(reason_phrase(421)).c_str());
    STRCMP_EQUAL("Unknown", std::string(reason_phrase(299)).c_str());
}
