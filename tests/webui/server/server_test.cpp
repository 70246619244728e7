#include "webui/server/server.h"

#include "tests/support/http_client.h"
#include "tests/support/web_house.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using sporvakt::Errc;
using sporvakt::test::HttpClient;
using sporvakt::test::leaked;
using sporvakt::test::prevented;
using sporvakt::test::WebHouse;
using sporvakt::webui::DataKind;
using sporvakt::webui::Server;

TEST_GROUP(Server) {
    WebHouse house;
    std::unique_ptr<Server> server;

    void start(DataKind data) {
        house.settings.data = data;
        auto started = Server::start(house.settings, house.parts);
        CHECK(started.has_value());
        server = std::move(*started);
    }

    HttpClient client() {
        return HttpClient(server->endpoints()[0]);
    }

    HttpClient live(const std::string& query = "") {
        auto connection = client();
        connection.send("GET /api/v1/live" + query +
                        " HTTP/1.1\r\nHost: " + server->endpoints()[0].text() +
                        "\r\nOrigin: http://" + server->endpoints()[0].text() +
                        "\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        const auto head = connection.read_until("\r\n\r\n");
        STRCMP_CONTAINS("101 Switching Protocols", head.c_str());
        STRCMP_CONTAINS("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", head.c_str());  // RFC 6455 §1.3
        return connection;
    }

    std::string get(const std::string& path) {
        auto connection = client();
        connection.send("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n");
        return connection.read_to_end();
    }
};

TEST(Server, AnswersWhereItSaysThatItListens) {
    start(DataKind::Household);

    CHECK(server->endpoints()[0].port != 0);
    STRCMP_CONTAINS("\"status\":\"ok\"", get("/api/v1/health").c_str());
    STRCMP_CONTAINS("setup_needed", get("/api/v1/summary").c_str());
}

TEST(Server, SendsContactsToAnOpenPageWithinSeconds) {
    start(DataKind::Demonstration);
    auto page = live();
    const auto first = json::parse(page.read_text_frame());
    server->publish({prevented(WebHouse::phone(), "a.example", WebHouse::meta()),
                     leaked(WebHouse::tv(), "b.example", WebHouse::ads())});
    const auto second = json::parse(page.read_text_frame());

    CHECK(first.at("events") == json::array());
    CHECK(second.at("seq") == first.at("seq").get<std::uint64_t>() + 2);
    LONGS_EQUAL(2, second.at("events").size());
    CHECK(second.at("events")[0].at("name") == "a.example");
    CHECK(second.at("events")[0].at("company").at("name") == "Meta Platforms");
    CHECK(second.at("events")[1].at("result") == "leaked");
    auto later = live("?since=" + std::to_string(first.at("seq").get<std::uint64_t>()));
    LONGS_EQUAL(2, json::parse(later.read_text_frame()).at("events").size());
}

TEST(Server, HasRoomForSixteenOpenPages) {
    start(DataKind::Demonstration);
    std::vector<HttpClient> pages;
    for (int i = 0; i < 16; ++i) {
        pages.push_back(live());
        pages.back().read_text_frame();
    }
    auto refused = client();
    refused.send(
        "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

    STRCMP_CONTAINS("503 Service Unavailable", refused.read_to_end().c_str());
    STRCMP_CONTAINS("\"status\":\"ok\"", get("/api/v1/health").c_str());
}

TEST(Server, EndsAPageThatTalks) {
    start(DataKind::Demonstration);
    auto page = live();
    page.read_text_frame();
    page.send(std::string("\x81\x85\x01\x02\x03\x04iggnn", 11));  // a masked text frame

    page.read_to_end();  // returns only because the server closes
}

TEST(Server, AnswersAPing) {
    start(DataKind::Demonstration);
    auto page = live();
    page.read_text_frame();
    page.send(std::string("\x89\x80\x01\x02\x03\x04", 6));

    const auto pong = page.read_until(std::string("\x8a\x00", 2));
    LONGS_EQUAL(2, pong.size());
}

TEST(Server, RefusesAFrameThatNobodyShouldSend) {
    start(DataKind::Demonstration);
    auto page = live();
    page.read_text_frame();
    // A frame that announces 1 GiB.
    page.send(std::string("\x82\xff\x00\x00\x00\x00\x40\x00\x00\x00\x01\x02\x03\x04", 14));

    page.read_to_end();  // returns only because the server closes
}

TEST(Server, StopsWithPagesOpen) {
    start(DataKind::Demonstration);
    auto page = live();
    page.read_text_frame();
    server->stop();
    server->publish({});

    page.read_to_end();  // returns only because the server closed
    server->stop();
}

TEST(Server, TakesContactsFromManyThreads) {
    start(DataKind::Demonstration);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([this] {
            for (int i = 0; i < 200; ++i) {
                server->publish({prevented(WebHouse::phone(), "a.example", WebHouse::meta())});
            }
        });
        threads.emplace_back([this] {
            for (int i = 0; i < 5; ++i) {
                get("/api/v1/events");
            }
        });
    }
    auto page = live();
    threads.clear();

    CHECK(json::parse(page.read_text_frame()).contains("seq"));
}

TEST(Server, SaysWhenItsAddressIsTaken) {
    start(DataKind::Household);
    auto settings = house.settings;
    settings.listen = server->endpoints();

    const auto second = Server::start(settings, house.parts);
    CHECK_FALSE(second.has_value());
    CHECK(second.error().code == Errc::Unavailable);
}
