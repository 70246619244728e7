#include "webui/server/authority.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::webui::Authority;
using sporvakt::webui::is_same_origin;

namespace {

Authority authority(const char* text) {
    return Authority::from_text(text).value_or(Authority{"(refused)", {}});
}

}  // namespace

TEST_GROUP(Authority){};

TEST(Authority, ReadsHostAndPort) {
    CHECK(authority("sporvakt.lan") == Authority({"sporvakt.lan", {}}));
    CHECK(authority("Sporvakt.LAN.:8080") == Authority({"sporvakt.lan", 8080}));
    CHECK(authority("192.168.1.1:80") == Authority({"192.168.1.1", 80}));
    CHECK(authority("[FD00::1]") == Authority({"fd00::1", {}}));
    CHECK(authority("[::1]:8080") == Authority({"::1", 8080}));
}

TEST(Authority, RefusesWhatIsNone) {
    for (const auto* text :
         {"", ":80", "a:", "a:0", "a:65536", "a:80x", "a:-1", "a b", "a/b", "user@a", "[", "[]",
          "[::1", "[::1]80", "[::1]:", "[1.2.3.4]", "[::1]:80:80", "::1"}) {
        CHECK_FALSE_TEXT(Authority::from_text(text).has_value(), text);
    }
    CHECK_FALSE(Authority::from_text(std::string(301, 'a')).has_value());
}

TEST(Authority, KnowsAddressesFromNames) {
    CHECK(authority("192.168.1.1").is_ip_address());
    CHECK(authority("[fd00::1]").is_ip_address());
    CHECK_FALSE(authority("192.168.1.1.evil.example").is_ip_address());
    CHECK_FALSE(authority("localhost").is_ip_address());
}

TEST(Authority, TakesItsOwnOrigin) {
    CHECK(is_same_origin("http://192.168.1.1:8080", authority("192.168.1.1:8080")));
    CHECK(is_same_origin("http://sporvakt.lan", authority("SPORVAKT.lan:80")));
    CHECK(is_same_origin("https://sporvakt.lan", authority("sporvakt.lan:443")));
    CHECK(is_same_origin("https://sporvakt.lan", authority("sporvakt.lan")));
    CHECK(is_same_origin("http://[::1]:8080", authority("[::1]:8080")));
}

TEST(Authority, RefusesForeignOrigins) {
    for (const auto* origin :
         {"http://192.168.1.1", "http://192.168.1.1:8081", "https://192.168.1.1",
          "http://192.168.1.2:8080", "http://evil.example", "null", "", "file://", "http://",
          "ftp://192.168.1.1:8080", "192.168.1.1:8080", "http://192.168.1.1:8080.evil.example",
          "http://192.168.1.1:8080/", "http://user@192.168.1.1:8080"}) {
        CHECK_FALSE_TEXT(is_same_origin(origin, authority("192.168.1.1:8080")), origin);
    }
}
