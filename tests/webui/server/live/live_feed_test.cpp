#include "webui/server/live/live_feed.h"

#include "tests/support/web_house.h"

#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using nlohmann::json;
using sporvakt::ledger::Contact;
using sporvakt::test::HandClock;
using sporvakt::test::kWebNow;
using sporvakt::test::prevented;
using sporvakt::test::WebHouse;
using sporvakt::webui::LiveFeed;
using sporvakt::webui::LiveSubscription;

namespace {

std::string names_text(std::span<const Contact> contacts) {
    auto names = json::array();
    for (const auto& contact : contacts) {
        names.push_back(contact.name);
    }
    return names.dump();
}

Contact contact(const std::string& name) {
    return prevented(WebHouse::phone(), name, WebHouse::meta());
}

/// The message that is there now; null when there is none.
json next(LiveSubscription& subscription) {
    const auto got = subscription.next(std::chrono::milliseconds(0));
    const auto* const message = std::get_if<LiveSubscription::Message>(&got);
    return message != nullptr ? json::parse(**message) : json();
}

bool has_ended(LiveSubscription& subscription) {
    return std::holds_alternative<LiveSubscription::Ended>(
        subscription.next(std::chrono::milliseconds(0)));
}

sporvakt::ledger::Filter everything() {
    sporvakt::ledger::Filter filter;
    filter.to = kWebNow + std::chrono::hours(100);
    return filter;
}

constexpr std::uint64_t kStart = kWebNow.time_since_epoch().count();

}  // namespace

TEST_GROUP(LiveFeed) {
    HandClock clock{kWebNow};
    LiveFeed feed{clock, names_text};

    void publish(const std::string& name) {
        feed.publish({contact(name)});
    }
};

TEST(LiveFeed, TellsAtOnceWhereItStands) {
    const auto page = feed.subscribe({});

    CHECK(next(*page) == json({{"v", 1}, {"seq", kStart}, {"events", json::array()}}));
    CHECK(next(*page).is_null());
}

TEST(LiveFeed, SendsWhatWasPublishedInOneBatch) {
    const auto page = feed.subscribe({});
    next(*page);
    publish("a.example");
    publish("b.example");
    CHECK(next(*page).is_null());
    feed.flush();

    CHECK(next(*page) ==
          json({{"v", 1}, {"seq", kStart + 2}, {"events", {"a.example", "b.example"}}}));
    feed.flush();
    CHECK(next(*page).is_null());
}

TEST(LiveFeed, SendsTheNewestStateOfAContactOnly) {
    const auto page = feed.subscribe({});
    next(*page);
    feed.publish({contact("a.example"), contact("b.example"), contact("a.example")});
    feed.flush();

    const auto message = next(*page);
    CHECK(message.at("seq") == kStart + 3);
    CHECK(message.at("events") == json({"b.example", "a.example"}));
}

TEST(LiveFeed, GoesOnWhereAPageLeft) {
    publish("a.example");
    publish("b.example");
    feed.flush();
    const auto page = feed.subscribe(kStart + 1);

    CHECK(next(*page) == json({{"v", 1}, {"seq", kStart + 2}, {"events", {"b.example"}}}));
    CHECK(next(*feed.subscribe(kStart + 2)).at("events") == json::array());
}

TEST(LiveFeed, LosesNothingBetweenTheFirstMessageAndTheNext) {
    publish("a.example");
    const auto page = feed.subscribe({});
    CHECK(next(*page).at("seq") == kStart + 1);
    publish("b.example");
    feed.flush();

    CHECK(next(*page).at("events").back() == "b.example");
}

TEST(LiveFeed, SaysWhenItNoLongerKnowsWhatAPageMissed) {
    for (std::size_t i = 0; i < LiveFeed::kCatchUpMax + 1; ++i) {
        publish("n" + std::to_string(i) + ".example");
    }
    feed.flush();

    const auto old = next(*feed.subscribe(kStart));
    CHECK(old.at("missed") == true);
    LONGS_EQUAL(LiveFeed::kBatchMax, old.at("events").size());
    CHECK_FALSE(next(*feed.subscribe(kStart + LiveFeed::kCatchUpMax)).contains("missed"));
    CHECK(next(*feed.subscribe(kStart - 1)).at("missed") == true);     // before a restart
    CHECK(next(*feed.subscribe(kStart + 5000)).at("missed") == true);  // not ours at all
}

TEST(LiveFeed, SendsABoundedBatchOfTheNewest) {
    const auto page = feed.subscribe({});
    next(*page);
    for (std::size_t i = 0; i < LiveFeed::kBatchMax + 1; ++i) {
        publish("n" + std::to_string(i) + ".example");
    }
    feed.flush();

    const auto message = next(*page);
    CHECK(message.at("missed") == true);
    LONGS_EQUAL(LiveFeed::kBatchMax, message.at("events").size());
    CHECK(message.at("events")[0] == "n1.example");
}

TEST(LiveFeed, DropsAPageThatDoesNotRead) {
    const auto slow = feed.subscribe({});
    const auto quick = feed.subscribe({});
    for (std::size_t i = 0; i < LiveSubscription::kQueueMax; ++i) {
        publish("a.example");
        feed.flush();
        CHECK_FALSE(next(*quick).is_null());
    }

    CHECK(has_ended(*slow));
    CHECK_FALSE(has_ended(*quick));
}

TEST(LiveFeed, HasRoomForSixteenPages) {
    std::vector<std::shared_ptr<LiveSubscription>> pages;
    for (std::size_t i = 0; i < LiveFeed::kSubscriptionCountMax; ++i) {
        pages.push_back(feed.subscribe({}));
        CHECK(pages.back() != nullptr);
    }
    CHECK(feed.subscribe({}) == nullptr);
    feed.unsubscribe(pages.back());

    CHECK(has_ended(*pages.back()));
    CHECK(feed.subscribe({}) != nullptr);
}

TEST(LiveFeed, SendsNothingThatWasErasedAndSaysThatSomethingIsMissing) {
    const auto open = feed.subscribe({});
    next(*open);
    publish("a.example");
    feed.flush();  // waits in the page's queue
    publish("b.example");
    feed.erase({WebHouse::phone(), {}, {}});

    CHECK(next(*open) ==
          json({{"v", 1}, {"seq", kStart + 2}, {"missed", true}, {"events", json::array()}}));
    CHECK(next(*open).is_null());
    CHECK(next(*feed.subscribe(kStart)).at("events") == json::array());
    LONGS_EQUAL(0, feed.page(everything(), {}, 10).contacts.size());
    publish("c.example");
    feed.flush();
    CHECK(next(*open).at("events") == json({"c.example"}));
}

TEST(LiveFeed, KeepsWhatAnErasureIsNotAbout) {
    publish("a.example");
    feed.publish({prevented(WebHouse::tv(), "tv.example", WebHouse::meta())});
    feed.erase({WebHouse::phone(), {}, {}});
    CHECK(next(*feed.subscribe(kStart)).at("events") == json({"tv.example"}));
    feed.erase({std::nullopt, kWebNow + std::chrono::hours(1), {}});
    LONGS_EQUAL(1, feed.page(everything(), {}, 10).contacts.size());
    feed.erase({std::nullopt, kWebNow - std::chrono::hours(1), kWebNow});
    LONGS_EQUAL(0, feed.page(everything(), {}, 10).contacts.size());
}

TEST(LiveFeed, ForgetsWhatIsADayOldWithoutBeingAsked) {
    publish("a.example");
    feed.flush();
    clock.turn(std::chrono::hours(25));
    feed.flush();

    CHECK(next(*feed.subscribe(kStart)).at("missed") == true);
}

TEST(LiveFeed, EndsEverythingWhenItCloses) {
    const auto page = feed.subscribe({});
    feed.close();

    CHECK(has_ended(*page));
    CHECK(feed.subscribe({}) == nullptr);
    publish("a.example");
    feed.flush();
    CHECK(has_ended(*page));
}
