#include "webui/server/access.h"

#include "tests/support/web_house.h"

#include <CppUTest/TestHarness.h>

using sporvakt::Errc;
using sporvakt::Error;
using sporvakt::test::request;
using sporvakt::test::WebHouse;
using sporvakt::webui::Access;
using sporvakt::webui::Authority;
using sporvakt::webui::DataKind;
using sporvakt::webui::Need;
using sporvakt::webui::Problem;
using sporvakt::webui::Request;
using sporvakt::webui::Session;

TEST_GROUP(Access) {
    WebHouse house;
    Access access{house.settings, house.parts};
    Request asked = request("GET", "/api/v1/summary");

    void host(const char* text) {
        const auto authority = Authority::from_text(text);
        asked.host = authority ? std::optional(*authority) : std::nullopt;
    }

    /// Logs in and gives the request the cookie and token of its page.
    void log_in() {
        house.set_password();
        const auto login = access.log_in(asked, WebHouse::kPassword);
        CHECK(login.session.has_value());
        asked.session = login.session->token;
        asked.csrf_token = login.session->csrf_token;
    }
};

TEST(Access, TakesItsOwnNames) {
    for (const auto* name : {"192.168.1.1", "127.0.0.1:8080", "[fd00::1]:8080", "localhost:8080",
                             "sporvakt.lan", "Sporvakt.lan:8080"}) {
        host(name);
        CHECK_TRUE_TEXT(access.check_host(asked).has_value(), name);
    }
}

TEST(Access, RefusesNamesThatSomebodyElsePointedHere) {
    for (const auto* name : {"evil.example", "sporvakt.lan.evil.example", "lan", "localhost.evil",
                             "192.168.1.1.evil.example", ""}) {
        host(name);
        CHECK_FALSE_TEXT(access.check_host(asked).has_value(), name);
        CHECK(access.check_host(asked).error().problem == Problem::UnknownHost);
    }
}

TEST(Access, RefusesForeignPages) {
    CHECK(access.check_origin(asked).has_value());
    asked.origin = "http://evil.example";
    CHECK(access.check_origin(asked).error().problem == Problem::WrongOrigin);
    asked.origin = "null";
    CHECK_FALSE(access.check_origin(asked).has_value());
}

TEST(Access, AsksTheBrowserWhereNoOriginIsSent) {
    asked.origin.reset();
    CHECK(access.check_origin(asked).has_value());  // no browser at all
    asked.fetch_site = "same-origin";
    CHECK(access.check_origin(asked).has_value());
    for (const auto* site : {"cross-site", "same-site", "something new"}) {
        asked.fetch_site = site;
        CHECK_FALSE_TEXT(access.check_origin(asked).has_value(), site);
    }
}

TEST(Access, ShowsNothingBeforeAPasswordIsSet) {
    CHECK(access.check(asked, Need::Nothing).has_value());
    CHECK(access.check(asked, Need::MayRead).error().problem == Problem::SetupNeeded);
    CHECK(access.check(asked, Need::MayChange).error().problem == Problem::SetupNeeded);
}

TEST(Access, ShowsNothingToStrangers) {
    house.set_password();

    CHECK(access.check(asked, Need::MayRead).error().problem == Problem::LoginNeeded);
    asked.session = "guessed";
    CHECK(access.check(asked, Need::MayRead).error().problem == Problem::LoginNeeded);
}

TEST(Access, LetsChangesThroughOnlyWithTheTokenOfThePage) {
    log_in();
    CHECK(access.check(asked, Need::MayRead).has_value());
    CHECK(access.check(asked, Need::MayChange).has_value());

    asked.csrf_token.clear();
    CHECK(access.check(asked, Need::MayRead).has_value());
    CHECK(access.check(asked, Need::MayChange).error().problem == Problem::WrongCsrfToken);
}

TEST(Access, ForgetsWhoLoggedOut) {
    log_in();
    CHECK(access.may_go_on(asked.session));
    access.log_out(asked);

    CHECK(access.check(asked, Need::MayRead).error().problem == Problem::LoginNeeded);
    CHECK_FALSE(access.may_go_on(asked.session));
}

TEST(Access, ShowsMadeUpDataToEverybodyButChangesNothingForThem) {
    house.settings.data = DataKind::Demonstration;

    CHECK(access.check(asked, Need::MayRead).has_value());
    CHECK(access.may_go_on(""));
    CHECK(access.check(asked, Need::MayChange).error().problem == Problem::SetupNeeded);
    house.set_password();
    CHECK(access.check(asked, Need::MayChange).error().problem == Problem::LoginNeeded);
}

TEST(Access, SetsTheFirstPasswordOnce) {
    const auto session = access.set_up(WebHouse::kPassword);

    CHECK(session.has_value());
    CHECK(access.may_go_on(session->token));
    LONGS_EQUAL(1, house.keeper.orders().size());
    CHECK(access.log_in(asked, WebHouse::kPassword).session.has_value());
    CHECK(access.set_up("another password").error().problem == Problem::AlreadySetUp);
    LONGS_EQUAL(1, house.keeper.orders().size());
}

TEST(Access, LogsNobodyInWhenThePasswordCouldNotBeStored) {
    house.keeper.fail_orders(Error{Errc::Unavailable, "The keeper did not answer."});

    CHECK(access.set_up(WebHouse::kPassword).error().problem == Problem::Unavailable);
}

TEST(Access, FailsClosedWhenThePasswordCannotBeRead) {
    house.keeper.fail_password();

    CHECK(access.check(asked, Need::MayRead).error().problem == Problem::Unavailable);
    CHECK(access.set_up(WebHouse::kPassword).error().problem == Problem::Unavailable);
    CHECK(access.log_in(asked, WebHouse::kPassword).session.error().problem ==
          Problem::Unavailable);
    LONGS_EQUAL(0, house.keeper.orders().size());
}

TEST(Access, RefusesAWrongPasswordAndThenAnyForAWhile) {
    house.set_password();
    for (int i = 0; i < 5; ++i) {
        CHECK(access.log_in(asked, "wrong").session.error().problem == Problem::WrongPassword);
    }
    const auto refused = access.log_in(asked, WebHouse::kPassword);

    CHECK(refused.session.error().problem == Problem::TooManyTries);
    CHECK(refused.retry_after == std::chrono::minutes(15));
    house.clock.turn(std::chrono::minutes(15));
    CHECK(access.log_in(asked, WebHouse::kPassword).session.has_value());
}

TEST(Access, HasNoLoginBeforeSetup) {
    CHECK(access.log_in(asked, "anything").session.error().problem == Problem::SetupNeeded);
}
