#include "firmware/lists/fetcher.h"

#include "tests/support/full_disk.h"
#include "tests/support/https_server.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tls_certificate.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::firmware;
using sporvakt::test::FullDisk;
using sporvakt::test::http_answer;
using sporvakt::test::HttpsServer;
using sporvakt::test::ScriptedServer;
using sporvakt::test::TlsCertificate;
using Visitor = sporvakt::test::ScriptedServer::Visitor;
using std::chrono::milliseconds;

namespace {

// "blocked.example\n", as `gzip -9n` packs it.
constexpr std::string_view kPacked(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xca\xc9\x4f\xce\x4e\x4d\xd1\x4b\xad\x48\xcc\x2d"
    "\xc8\x49\xe5\x02\x00\x0a\x36\xb6\xe1\x10\x00\x00\x00",
    36);

}  // namespace

/// Where a test's list is written to, and how it is fetched.
TEST_BASE(FetchingTest) {
    sporvakt::test::TemporaryFolder folder;
    std::string to = folder.file("list.part");
    FetchSettings settings;
    Validators validators;

    sporvakt::Expected<Fetched, FetchFailure> fetch(const std::string& url) const {
        return Fetcher(settings).fetch({url, validators, to}, {});
    }

    [[nodiscard]] std::string content() const {
        std::ifstream file(to);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    void check_fails(const sporvakt::Expected<Fetched, FetchFailure>& fetched, const char* why)
        const {
        CHECK_FALSE(fetched.has_value());
        STRCMP_CONTAINS(why, fetched.error().message.c_str());
        CHECK_FALSE(std::filesystem::exists(to));
    }
};

TEST_GROUP_BASE(Fetcher, FetchingTest) {
    void setup() override {
        settings.reach = Reach::Loopback;
        settings.bytes_max = 100'000;
        settings.time_max = milliseconds(3'000);
    }

    using FetchingTest::fetch;
    sporvakt::Expected<Fetched, FetchFailure> fetch(const ScriptedServer& server) const {
        return fetch(server.url("/list.txt"));
    }

    static ScriptedServer::Answer says(const std::string& answer) {
        return [answer](const Visitor& visitor) { visitor.send(answer); };
    }
};

TEST(Fetcher, WritesWhatComesAndKeepsItsValidators) {
    const ScriptedServer server(says(
        http_answer("200 OK", "ETag: W/\"7\"\r\nLast-Modified: Sat, 21 Nov 2026 00:00:00 GMT\r\n",
                    "blocked.example\n")));
    const auto fetched = fetch(server);

    CHECK(fetched.has_value());
    CHECK(fetched->is_new);
    LONGS_EQUAL(16, fetched->bytes);
    STRCMP_EQUAL("W/\"7\"", fetched->validators.etag.c_str());
    STRCMP_EQUAL("Sat, 21 Nov 2026 00:00:00 GMT", fetched->validators.last_modified.c_str());
    STRCMP_EQUAL("blocked.example\n", content().c_str());
}

TEST(Fetcher, TellsNothingOfTheHousehold) {
    const ScriptedServer server(says(http_answer("200 OK", "Set-Cookie: who=kari\r\n", "a.b\n")));
    CHECK(fetch(server).has_value());
    CHECK(fetch(server).has_value());

    for (const std::string& request : server.requests()) {
        STRCMP_CONTAINS("User-Agent: Sporvakt\r\n", request.c_str());
        STRCMP_CONTAINS("Accept-Encoding: gzip\r\n", request.c_str());
        CHECK(request.find("Cookie") == std::string::npos);
        CHECK(request.find("Referer") == std::string::npos);
        CHECK(request.find("If-") == std::string::npos);
    }
}

TEST(Fetcher, AsksOnlyForWhatHasChanged) {
    validators = {"\"7\"", "Sat, 21 Nov 2026 00:00:00 GMT"};
    const ScriptedServer server(says("HTTP/1.1 304 Not Modified\r\nETag: \"7\"\r\n\r\n"));
    const auto fetched = fetch(server);

    CHECK(fetched.has_value());
    CHECK_FALSE(fetched->is_new);
    CHECK_FALSE(std::filesystem::exists(to));
    STRCMP_CONTAINS("If-None-Match: \"7\"\r\n", server.requests().front().c_str());
    STRCMP_CONTAINS("If-Modified-Since: Sat, 21 Nov 2026 00:00:00 GMT\r\n",
                    server.requests().front().c_str());
}

TEST(Fetcher, NothingHasChangedSinceNothingIsALie) {
    const ScriptedServer server(says("HTTP/1.1 304 Not Modified\r\n\r\n"));
    check_fails(fetch(server), "nothing was here");
}

TEST(Fetcher, UnpacksGzip) {
    const ScriptedServer server(
        says(http_answer("200 OK", "Content-Encoding: gzip\r\n", std::string(kPacked))));
    CHECK(fetch(server).has_value());
    STRCMP_EQUAL("blocked.example\n", content().c_str());
}

TEST(Fetcher, RefusesGzipThatIsNone) {
    const ScriptedServer server(
        says(http_answer("200 OK", "Content-Encoding: gzip\r\n", "blocked.example\n")));
    check_fails(fetch(server), "not the gzip");
}

TEST(Fetcher, RefusesGzipThatUnpacksToTooMuch) {
    settings.bytes_max = 15;
    const ScriptedServer server(says(
        http_answer("200 OK", "Content-Encoding: gzip\r\n", std::string(kPacked.substr(0, 35)))));
    check_fails(fetch(server), "than 15 bytes");
}

TEST(Fetcher, RefusesALengthThatDoesNotCome) {
    const ScriptedServer server(
        says("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nblocked.example\n"));
    const auto fetched = fetch(server);
    check_fails(fetched, "stopped before all had come");
    CHECK(fetched.error().is_passing);
}

TEST(Fetcher, RefusesATooLongBodyBeforeItComes) {
    const ScriptedServer server(
        says("HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\nblocked.example\n"));
    const auto fetched = fetch(server);
    check_fails(fetched, "more than 100000 bytes");
    CHECK_FALSE(fetched.error().is_passing);
}

TEST(Fetcher, EndsABodyWithoutEnd) {
    const ScriptedServer server([](const Visitor& visitor) {
        bool goes_on = visitor.send("HTTP/1.1 200 OK\r\n\r\n");
        while (goes_on) {
            goes_on = visitor.send(std::string(10'000, 'a') + "\n");
        }
    });
    check_fails(fetch(server), "more than 100000 bytes");
}

TEST(Fetcher, EndsAHeaderWithoutEnd) {
    const ScriptedServer server([](const Visitor& visitor) {
        bool goes_on = visitor.send("HTTP/1.1 200 OK\r\n");
        while (goes_on) {
            goes_on = visitor.send("X-More: " + std::string(1'000, 'a') + "\r\n");
        }
    });
    check_fails(fetch(server), "header of more than 65536 bytes");
}

TEST(Fetcher, GivesUpOnAServerThatDrips) {
    settings.slow_for_max = std::chrono::seconds(1);
    settings.time_max = milliseconds(20'000);
    const ScriptedServer server([](const Visitor& visitor) {
        bool goes_on = visitor.send("HTTP/1.1 200 OK\r\n\r\n");
        while (goes_on) {
            goes_on = visitor.send("a") && visitor.wait(milliseconds(100));
        }
    });
    const auto begun = std::chrono::steady_clock::now();
    const auto fetched = fetch(server);
    check_fails(fetched, "too slow");
    CHECK(fetched.error().is_passing);
    CHECK(std::chrono::steady_clock::now() - begun < milliseconds(10'000));
}

TEST(Fetcher, GivesUpOnAServerThatIsSilent) {
    settings.time_max = milliseconds(300);
    const ScriptedServer server(
        [](const Visitor& visitor) { static_cast<void>(visitor.wait(milliseconds(5'000))); });
    check_fails(fetch(server), "silent");
}

TEST(Fetcher, FollowsAFewRedirectsAndNoMore) {
    // "/5" leads to "/4" and so on; "/0" is the list.
    const ScriptedServer server([](const Visitor& visitor) {
        const int left = std::stoi(visitor.request().substr(5));
        visitor.send(left == 0 ? http_answer("200 OK", "", "blocked.example\n")
                               : http_answer("302 Found",
                                             "ETag: \"not mine\"\r\nLocation: /" +
                                                 std::to_string(left - 1) + "\r\n",
                                             "moved"));
    });
    const auto fetched = fetch(server.url("/5"));
    CHECK(fetched.has_value());
    CHECK(fetched->validators.is_empty());
    STRCMP_EQUAL("blocked.example\n", content().c_str());
    std::filesystem::remove(to);
    check_fails(fetch(server.url("/6")), "more than 5 times");
}

TEST(Fetcher, EndsACircleOfRedirects) {
    const ScriptedServer server(says(http_answer("301 Moved", "Location: /list.txt\r\n", "")));
    check_fails(fetch(server), "more than 5 times");
    LONGS_EQUAL(6, server.requests().size());
}

TEST(Fetcher, LeavesHttpForNothingElse) {
    const std::string secret = folder.file("secret");
    std::ofstream(secret) << "secret.example\n";
    const ScriptedServer server(
        says(http_answer("302 Found", "Location: file://" + secret + "\r\n", "")));
    check_fails(fetch(server), "not HTTPS");
}

TEST(Fetcher, AsksNobodyByPlainHttp) {
    settings.reach = Reach::Https;
    const ScriptedServer server(says(http_answer("200 OK", "", "blocked.example\n")));
    check_fails(fetch(server), "https://");
    check_fails(fetch("file:///etc/hostname"), "https://");
    LONGS_EQUAL(0, server.requests().size());
}

TEST(Fetcher, ATestLeavesThisMachineNever) {
    check_fails(fetch("http://192.0.2.1/list.txt"), "leads away from this machine");
}

TEST(Fetcher, TellsWhichAnswersMayPass) {
    constexpr std::array<std::pair<const char*, bool>, 6> kAnswers{
        {{"404 Not Found", false},
         {"403 Forbidden", false},
         {"204 No Content", false},
         {"206 Partial Content", false},
         {"429 Too Many Requests", true},
         {"503 Service Unavailable", true}}};
    for (const auto& [status, is_passing] : kAnswers) {
        const ScriptedServer server(says(http_answer(status, "", "")));
        const auto fetched = fetch(server);
        check_fails(fetched, std::string(status, 3).c_str());
        CHECK_EQUAL_TEXT(is_passing, fetched.error().is_passing, status);
    }
}

TEST(Fetcher, AClosedPortMayPass) {
    std::string url;
    {
        const ScriptedServer server(says(""));
        url = server.url("/");
    }
    const auto fetched = fetch(url);
    check_fails(fetched, "127.0.0.1");
    CHECK(fetched.error().is_passing);
}

TEST(Fetcher, ValidatorsThatCouldNotBeSentBackAreNotKept) {
    const ScriptedServer server(says(http_answer(
        "200 OK", "ETag: \"" + std::string(300, 'a') + "\"\r\nLast-Modified: \x01\xff\r\n",
        "a.b\n")));
    const auto fetched = fetch(server);
    CHECK(fetched.has_value());
    CHECK(fetched->validators.is_empty());
}

TEST(Fetcher, SaysWhenTheDiskIsFull) {
    const ScriptedServer server(says(http_answer("200 OK", "", std::string(50'000, 'a'))));
    const FullDisk full(20'000);
    const auto fetched = fetch(server);
    check_fails(fetched, "cannot write");
    CHECK_FALSE(fetched.error().is_passing);
}

TEST(Fetcher, SaysWhenItsFolderIsNotThere) {
    const ScriptedServer server(says(http_answer("200 OK", "", "a.b\n")));
    to = folder.file("none/list.part");
    check_fails(fetch(server), "cannot write");
    LONGS_EQUAL(0, server.requests().size());
}

TEST(Fetcher, StopsWhenItIsTold) {
    const ScriptedServer server(
        [](const Visitor& visitor) { static_cast<void>(visitor.wait(milliseconds(20'000))); });
    settings.time_max = milliseconds(15'000);
    std::stop_source stop;
    stop.request_stop();
    const auto begun = std::chrono::steady_clock::now();
    const auto fetched = Fetcher(settings).fetch({server.url("/"), {}, to}, stop.get_token());
    check_fails(fetched, "told to stop");
    CHECK(std::chrono::steady_clock::now() - begun < milliseconds(10'000));
}

TEST_GROUP_BASE(FetcherByTls, FetchingTest) {
    const TlsCertificate authority{
        TlsCertificate::Facts{.names = "DNS:authority.test", .is_authority = true}};
    const std::string answer = http_answer("200 OK", "ETag: \"7\"\r\n", "blocked.example\n");
    TlsCertificate::Facts facts{.names = "IP:127.0.0.1"};

    void setup() override {
        authority.write_pem(folder.file("authority.pem"));
        settings.certificates = folder.file("authority.pem");  // the reach is the product's
        facts.issuer = &authority;
    }
    /// Not even the name of the list is told to a server that is not trusted.
    void check_refused(const char* why) const {
        const TlsCertificate certificate(facts);
        const HttpsServer server(certificate, answer);
        const auto fetched = fetch(server.url("/list.txt"));
        check_fails(fetched, why);
        CHECK_FALSE(fetched.error().is_passing);
        STRCMP_CONTAINS("127.0.0.1", fetched.error().message.c_str());
        LONGS_EQUAL(0, server.requests());
    }
};

TEST(FetcherByTls, TakesAListFromWhomATrustedAuthorityVouchesFor) {
    const TlsCertificate certificate(facts);
    const HttpsServer server(certificate, answer);
    const auto fetched = fetch(server.url("/list.txt"));
    CHECK(fetched.has_value());
    STRCMP_EQUAL("\"7\"", fetched->validators.etag.c_str());
    STRCMP_EQUAL("blocked.example\n", content().c_str());
    LONGS_EQUAL(1, server.requests());
}

TEST(FetcherByTls, RefusesACertificateForAnotherName) {
    facts.names = "DNS:other.example,IP:127.0.0.2";
    check_refused("has a certificate for another name");
}

TEST(FetcherByTls, RefusesACertificateThatHasRunOut) {
    facts.begins = std::chrono::hours(-48);
    facts.ends = std::chrono::hours(-24);
    check_refused("has a certificate that has run out");
}

TEST(FetcherByTls, RefusesACertificateThatDoesNotHoldYet) {
    facts.begins = std::chrono::hours(24);
    facts.ends = std::chrono::hours(48);
    check_refused("does not hold yet");
}

TEST(FetcherByTls, RefusesACertificateThatVouchesForItself) {
    facts.issuer = nullptr;
    check_refused("nobody but itself vouches for");
}

TEST(FetcherByTls, RefusesAnAuthorityThatThisMachineDoesNotKnow) {
    const TlsCertificate stranger(
        TlsCertificate::Facts{.names = "DNS:stranger.test", .is_authority = true});
    facts.issuer = &stranger;
    check_refused("has no certificate that this machine trusts");
    settings.certificates = "";  // the system's do not know the test's either
    facts.issuer = &authority;
    check_refused("has no certificate that this machine trusts");
}
