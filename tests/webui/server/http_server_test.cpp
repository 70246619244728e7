#include "webui/server/http_server.h"

#include "tests/support/http_client.h"
#include "tests/support/web_house.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::as_bytes;
using sporvakt::Endpoint;
using sporvakt::Errc;
using sporvakt::test::HttpClient;
using sporvakt::test::kWebNow;
using sporvakt::test::WebHouse;
using sporvakt::webui::Access;
using sporvakt::webui::Asset;
using sporvakt::webui::Connection;
using sporvakt::webui::DataKind;
using sporvakt::webui::HttpServer;
using sporvakt::webui::Lifetime;
using sporvakt::webui::LiveFeed;
using sporvakt::webui::Response;
using sporvakt::webui::response_head;
using sporvakt::webui::Router;

TEST_GROUP(HttpServer) {
    WebHouse house;
    Access access{house.settings, house.parts};
    std::array<Asset, 1> page{{{"index.html", "text/html", "\"1\"", Lifetime::Changing,
                                as_bytes("<!doctype html>"), as_bytes("gz")}}};
    LiveFeed feed{house.clock, [](auto) { return std::string("[]"); }};
    Router router{house.settings, house.parts, access, feed, page};
    std::unique_ptr<HttpServer> server;
    std::string host;

    void setup() override {
        auto started =
            HttpServer::start(house.settings.listen, {router, access, feed, house.clock});
        CHECK(started.has_value());
        server = std::move(*started);
        host = server->endpoints()[0].text();
    }

    HttpClient client() {
        return HttpClient(server->endpoints()[0]);
    }

    /// Sends this text, gives all that comes until the server closes.
    std::string exchange(const std::string& text) {
        auto connection = client();
        connection.send(text);
        return connection.read_to_end();
    }

    std::string request(const std::string& line, const std::string& headers = "",
                        const std::string& body = "") {
        return line + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + headers +
               "\r\n" + body;
    }

    static std::string status(const std::string& answer) {
        return answer.substr(9, 3);
    }
};

TEST(HttpServer, AnswersWithStrictHeadersEverywhere) {
    for (const auto* path : {"/", "/api/v1/health", "/api/v1/summary", "/missing", "/../x"}) {
        const auto answer = exchange(request("GET " + std::string(path)));
        STRCMP_CONTAINS("Content-Security-Policy: default-src 'none'; script-src 'self';",
                        answer.c_str());
        STRCMP_CONTAINS("require-trusted-types-for 'script'\r\n", answer.c_str());
        STRCMP_CONTAINS("X-Content-Type-Options: nosniff\r\n", answer.c_str());
        STRCMP_CONTAINS("Referrer-Policy: no-referrer\r\n", answer.c_str());
        STRCMP_CONTAINS("Cross-Origin-Opener-Policy: same-origin\r\n", answer.c_str());
        STRCMP_CONTAINS("Cross-Origin-Resource-Policy: same-origin\r\n", answer.c_str());
    }
}

TEST(HttpServer, SendsThePage) {
    const auto answer = exchange(request("GET /"));

    STRCMP_EQUAL("200", status(answer).c_str());
    STRCMP_CONTAINS("Content-Length: 15\r\n", answer.c_str());
    STRCMP_CONTAINS("\r\n\r\n<!doctype html>", answer.c_str());
}

TEST(HttpServer, LeavesTheBodyAwayForHead) {
    const auto answer = exchange(request("HEAD /"));

    STRCMP_EQUAL("200", status(answer).c_str());
    STRCMP_CONTAINS("Content-Length: 15\r\n", answer.c_str());
    STRCMP_EQUAL("\r\n\r\n", answer.substr(answer.size() - 4).c_str());
}

TEST(HttpServer, TellsProblemsAsJson) {
    const auto answer = exchange(request("GET /api/v1/nothing"));

    STRCMP_EQUAL("404", status(answer).c_str());
    STRCMP_CONTAINS("Content-Type: application/problem+json\r\n", answer.c_str());
    STRCMP_CONTAINS("\"code\":\"not_found\"", answer.c_str());
}

TEST(HttpServer, RefusesPathsThatClimb) {
    for (const auto* path : {"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
                             "/api/v1/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/a%00.js"}) {
        const auto answer = exchange(request("GET " + std::string(path)));
        CHECK_TEXT(status(answer) == "400" || status(answer) == "404", answer.c_str());
        CHECK_TRUE_TEXT(answer.find("root:") == std::string::npos, path);
    }
}

TEST(HttpServer, RefusesForeignHosts) {
    const auto answer =
        exchange("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

    STRCMP_EQUAL("421", status(answer).c_str());
    STRCMP_EQUAL("421", status(exchange("GET / HTTP/1.0\r\n\r\n")).c_str());
}

TEST(HttpServer, RefusesMalformedRequestsAsProblems) {
    for (const auto* text : {"nonsense\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                             "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
                             "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
        const auto answer = exchange(text);
        CHECK_TRUE_TEXT(status(answer) >= "400", answer.c_str());
        STRCMP_CONTAINS("application/problem+json", answer.c_str());
        STRCMP_CONTAINS("Content-Security-Policy", answer.c_str());
    }
}

TEST(HttpServer, RefusesAHeaderThatComesTwice) {
    STRCMP_EQUAL("400", status(exchange(request("GET /", "Host: evil.example\r\n"))).c_str());
}

TEST(HttpServer, ReadsBodies) {
    const std::string body = R"({"password":"korrekt hest"})";
    const auto answer = exchange(request(
        "POST /api/v1/setup",
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n",
        body));

    STRCMP_EQUAL("201", status(answer).c_str());
    STRCMP_CONTAINS("Set-Cookie: sporvakt_session=", answer.c_str());
    LONGS_EQUAL(1, house.keeper.orders().size());
}

TEST(HttpServer, RefusesBodiesOverTheLimit) {
    for (const std::size_t size : {65'537U, 500'000U}) {
        const auto answer = exchange(request(
            "POST /api/v1/setup",
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(size) + "\r\n",
            std::string(size, ' ')));
        STRCMP_EQUAL("413", status(answer).c_str());
        STRCMP_CONTAINS("\"code\":\"too_large\"", answer.c_str());
    }
}

TEST(HttpServer, DoesNotWaitForABodyThatNobodyCouldSend) {
    const auto answer = exchange(request("POST /api/v1/setup",
                                         "Content-Type: application/json\r\n"
                                         "Content-Length: 9000000000000\r\n"));

    STRCMP_EQUAL("413", status(answer).c_str());
}

TEST(HttpServer, RefusesChunkedBodies) {
    const auto answer = exchange(request("POST /api/v1/setup",
                                         "Content-Type: application/json\r\n"
                                         "Transfer-Encoding: chunked\r\n",
                                         "5\r\n{\"a\":\r\n0\r\n\r\n"));

    STRCMP_EQUAL("400", status(answer).c_str());
    STRCMP_CONTAINS("\"code\":\"invalid_body\"", answer.c_str());
}

TEST(HttpServer, OutlivesAnAnswerThatFails) {
    house.settings.data = DataKind::Demonstration;
    house.reports.throw_up();
    const auto answer = exchange(request("GET /api/v1/matrix"));

    STRCMP_EQUAL("500", status(answer).c_str());
    STRCMP_CONTAINS("\"code\":\"internal\"", answer.c_str());
    STRCMP_EQUAL("200", status(exchange(request("GET /api/v1/health"))).c_str());
}

TEST(HttpServer, KeepsAConnectionOpen) {
    auto connection = client();
    const std::string get = "GET /api/v1/health HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    for (int i = 0; i < 3; ++i) {
        connection.send(get);
        const auto answer = connection.read_until("}");
        STRCMP_EQUAL("200", status(answer).c_str());
        STRCMP_CONTAINS("Connection: keep-alive\r\n", answer.c_str());
    }
}

TEST(HttpServer, AnswersOthersWhileClientsAreSlow) {
    std::vector<HttpClient> slow;
    for (int i = 0; i < 8; ++i) {
        slow.push_back(client());
        slow.back().send("GET / HTTP/1.1\r\nHo");
    }

    STRCMP_EQUAL("200", status(exchange(request("GET /api/v1/health"))).c_str());
}

TEST(HttpServer, StopsAtOnceWhileClientsAreOpen) {
    auto idle = client();
    auto half = client();
    half.send("GET / HT");
    server->stop();
    server->stop();

    CHECK(half.read_to_end().empty());
}

TEST(HttpServer, SaysWhenAnAddressIsTaken) {
    const auto second = HttpServer::start(server->endpoints(), {router, access, feed, house.clock});

    CHECK_FALSE(second.has_value());
    CHECK(second.error().code == Errc::Unavailable);
    STRCMP_CONTAINS(host.c_str(), second.error().message.c_str());
    STRCMP_CONTAINS("Address already in use", second.error().message.c_str());
    STRCMP_CONTAINS("[web] listen", second.error().message.c_str());
}

TEST(HttpServer, SaysWhenOneOfItsAddressesIsTaken) {
    const auto second =
        HttpServer::start({*Endpoint::from_text("127.0.0.1:0"), server->endpoints()[0]},
                          {router, access, feed, house.clock});

    CHECK_FALSE(second.has_value());
    STRCMP_CONTAINS("Address already in use", second.error().message.c_str());
}

TEST(HttpServer, NeedsAnAddress) {
    CHECK(HttpServer::start({}, {router, access, feed, house.clock}).error().code ==
          Errc::InvalidInput);
}

TEST(HttpServer, ListensOnIpv6) {
    const auto second =
        HttpServer::start({*Endpoint::from_text("[::1]:0")}, {router, access, feed, house.clock});
    CHECK(second.has_value());
    HttpClient connection((*second)->endpoints()[0]);
    connection.send("GET /api/v1/health HTTP/1.0\r\nHost: " + (*second)->endpoints()[0].text() +
                    "\r\n\r\n");

    STRCMP_EQUAL("200", status(connection.read_to_end()).c_str());
}

TEST(HttpServer, WritesTheHeadOfAnAnswer) {
    Response response = Response::no_content();
    response.headers.emplace_back("Allow", "GET");
    const auto head = response_head(response, Connection::Close, kWebNow);

    STRCMP_CONTAINS(
        "HTTP/1.1 204 No Content\r\nDate: Sat, 21 Nov 2026 14:30:00 GMT\r\n"
        "Connection: close\r\n",
        head.c_str());
    STRCMP_CONTAINS("\r\nAllow: GET\r\n\r\n", head.c_str());
    CHECK(head.find("Content-") == head.find("Content-Security-Policy"));
}

TEST(HttpServer, RefusesTheLiveFeedToForeignPages) {
    house.settings.data = DataKind::Demonstration;
    const std::string upgrade =
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const std::string start =
        "GET /api/v1/live HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\n" + upgrade;

    STRCMP_EQUAL("403", status(exchange(start + "Origin: http://evil.example\r\n\r\n")).c_str());
    STRCMP_EQUAL("426", status(exchange(request("GET /api/v1/live"))).c_str());
    house.settings.data = DataKind::Household;
    STRCMP_EQUAL("403", status(exchange(start + "\r\n")).c_str());  // no password yet
}

TEST(HttpServer, RefusesAHandshakeThatIsNone) {
    house.settings.data = DataKind::Demonstration;
    const auto answer = exchange("GET /api/v1/live HTTP/1.1\r\nHost: " + host +
                                 "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

    STRCMP_EQUAL("400", status(answer).c_str());
    STRCMP_CONTAINS("application/problem+json", answer.c_str());
}
