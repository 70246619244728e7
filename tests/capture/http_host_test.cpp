#include "capture/http_host.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::as_bytes;
using sporvakt::Parsed;
using sporvakt::ParseError;

namespace {

Parsed<HttpRequest> parse(std::string_view text) {
    return parse_http_request(as_bytes(text));
}

}  // namespace

TEST_GROUP(HttpHost){};

TEST(HttpHost, IsFoundAmongOtherFieldsInAnyLetterCase) {
    const auto request =
        parse("POST /x HTTP/1.1\r\nAccept: */*\r\nhOsT:  Plain.Example:8080 \r\nX: y\r\n\r\n");

    STRCMP_EQUAL("plain.example", request->host->text().c_str());
}

TEST(HttpHost, MayBeMissingOrAnAddressInBrackets) {
    CHECK_FALSE(parse("GET / HTTP/1.0\r\n\r\n")->host.has_value());
    CHECK_FALSE(parse("GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n")->host.has_value());
    CHECK_FALSE(parse("GET / HTTP/1.1\r\nHost:\r\n\r\n")->host.has_value());
}

TEST(HttpHost, IsFoundWhateverTheMethod) {
    for (const auto* method : {"PROPFIND", "M-SEARCH", "UPDATEREDIRECTREF", "get", "x"}) {
        const auto text = std::string(method) + " / HTTP/1.1\r\nHost: a.example\r\n\r\n";
        CHECK_TRUE(begins_like_http(as_bytes(text)));
        STRCMP_EQUAL("a.example", parse(text)->host->text().c_str());
    }
    CHECK_FALSE(begins_like_http(as_bytes("a line of words\r\n")));
    CHECK_FALSE(begins_like_http({}));
}

TEST(HttpHost, IsThatOfAnAbsoluteTarget) {
    const auto host_in = [](const std::string& target) {
        return parse("GET " + target + " HTTP/1.1\r\nHost: other.example\r\n\r\n")->host->text();
    };
    STRCMP_EQUAL("a.example", host_in("http://a.example/x?u=http://b.example/").c_str());
    STRCMP_EQUAL("a.example", host_in("HTTP://me:word@A.Example:8080").c_str());
    STRCMP_EQUAL("a.example", host_in("coap+tcp://a.example?q").c_str());
    STRCMP_EQUAL("other.example", host_in("/redirect?to=http://a.example/").c_str());
    STRCMP_EQUAL("other.example", host_in("*").c_str());
}

TEST(HttpHost, TellsAProxysTunnel) {
    CHECK_TRUE(parse("CONNECT a.example:443 HTTP/1.1\r\n\r\n")->opens_tunnel);
    CHECK_FALSE(parse("GET / HTTP/1.1\r\n\r\n")->opens_tunnel);
}

TEST(HttpHost, IsTruncatedAtEveryLengthShortOfTheHostLine) {
    const std::string whole = "GET / HTTP/1.1\r\nHost: a.example\r\n";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK(parse(std::string_view(whole).substr(0, length)).error() == ParseError::Truncated);
    }
    CHECK_TRUE(parse(whole).has_value());
}

TEST(HttpHost, RefusesWhatIsNoRequest) {
    const std::string endless_method(40, 'X');
    for (const std::string& text :
         {std::string("SSH-2.0-OpenSSH\r\n"), std::string("GET / SIP/2.0\r\n\r\n"),
          std::string("G\x01T / HTTP/1.1\r\n\r\n"), std::string(" / HTTP/1.1\r\n\r\n"),
          std::string("PRI * HTTP/2.0\r\n\r\n"), endless_method}) {
        CHECK(parse(text).error() == ParseError::Malformed);
    }
}

TEST(HttpHost, RefusesAHostThatIsNoName) {
    CHECK(parse("GET / HTTP/1.1\r\nHost: a b\r\n\r\n").error() == ParseError::Malformed);
    CHECK(parse("GET / HTTP/1.1\r\nHost: <script>\r\n\r\n").error() == ParseError::Malformed);
}

TEST(HttpHost, GivesUpOnAHeadWithoutEnd) {
    const std::string endless = "GET / HTTP/1.1\r\nX: " + std::string(kHttpHeadMax, 'y');

    CHECK(parse(endless).error() == ParseError::LimitExceeded);
}
