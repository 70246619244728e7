#include "webui/server/session.h"

#include "tests/support/hand_clock.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::test::HandClock;
using sporvakt::webui::is_same_secret;
using sporvakt::webui::Sessions;
using std::chrono::minutes;

TEST_GROUP(Session) {
    HandClock clock;
    Sessions sessions{clock};
};

TEST(Session, IsFoundByItsToken) {
    const auto session = sessions.open();
    const auto found = sessions.use(session.token);

    CHECK(found.has_value());
    STRCMP_EQUAL(session.csrf_token.c_str(), found->csrf_token.c_str());
    CHECK(found->expires_at == clock.now() + minutes(30));
    CHECK(sessions.is_open(session.token));
}

TEST(Session, HasSecretsThatNobodyGuesses) {
    const auto first = sessions.open();
    const auto second = sessions.open();

    LONGS_EQUAL(43, first.token.size());  // 32 bytes as base64
    LONGS_EQUAL(43, first.csrf_token.size());
    CHECK(first.token != second.token);
    CHECK(first.csrf_token != second.csrf_token);
    CHECK(first.token != first.csrf_token);
}

TEST(Session, IsNobodysForOtherTokens) {
    const auto session = sessions.open();

    CHECK_FALSE(sessions.use("").has_value());
    CHECK_FALSE(sessions.use(session.csrf_token).has_value());
    CHECK_FALSE(sessions.use(session.token + "a").has_value());
    CHECK_FALSE(sessions.is_open(std::string(5000, 'a')));
}

TEST(Session, EndsAfterHalfAnHourWithoutUse) {
    const auto session = sessions.open();
    clock.turn(minutes(29));
    CHECK(sessions.use(session.token).has_value());
    clock.turn(minutes(29));
    CHECK(sessions.use(session.token).has_value());
    clock.turn(minutes(30));

    CHECK_FALSE(sessions.is_open(session.token));
    CHECK_FALSE(sessions.use(session.token).has_value());
}

TEST(Session, IsNotUsedByLookingAtIt) {
    const auto session = sessions.open();
    clock.turn(minutes(29));
    CHECK(sessions.is_open(session.token));
    clock.turn(minutes(1));

    CHECK_FALSE(sessions.is_open(session.token));
}

TEST(Session, EndsAfterTwelveHoursInAnyCase) {
    const auto session = sessions.open();
    for (int i = 0; i < 12 * 60 / 20 - 1; ++i) {
        clock.turn(minutes(20));
        CHECK(sessions.use(session.token).has_value());
    }
    CHECK(sessions.use(session.token)->expires_at == clock.now() + minutes(20));
    clock.turn(minutes(20));

    CHECK_FALSE(sessions.use(session.token).has_value());
}

TEST(Session, EndsWhenClosed) {
    const auto session = sessions.open();
    const auto other = sessions.open();
    sessions.close(session.token);

    CHECK_FALSE(sessions.use(session.token).has_value());
    CHECK(sessions.use(other.token).has_value());
}

TEST(Session, MakesRoomForNewOnesByTheQuietest) {
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < Sessions::kCountMax; ++i) {
        tokens.push_back(sessions.open().token);
        clock.turn(std::chrono::seconds(1));
    }
    CHECK(sessions.use(tokens[0]).has_value());
    const auto newest = sessions.open();

    CHECK(sessions.is_open(newest.token));
    CHECK(sessions.is_open(tokens[0]));
    CHECK_FALSE(sessions.is_open(tokens[1]));
    CHECK(sessions.is_open(tokens[2]));
}

TEST(Session, ComparesSecretsWhole) {
    CHECK(is_same_secret("abc", "abc"));
    CHECK_FALSE(is_same_secret("abc", "abd"));
    CHECK_FALSE(is_same_secret("abc", "ab"));
    CHECK_FALSE(is_same_secret("", "a"));
}
