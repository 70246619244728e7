#include "webui/server/live/recent_contacts.h"

#include "tests/support/web_house.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using ledger::Contact;
using test::HandClock;
using test::kWebNow;
using test::WebHouse;
using webui::RecentContacts;

TEST_GROUP(RecentContacts) {
    HandClock clock{kWebNow};
    RecentContacts recent{clock};
    ledger::Filter all;

    void setup() override {
        all.to = kWebNow + std::chrono::hours(100);
    }
    Contact contact(const std::string& name) const {
        Contact made = test::prevented(WebHouse::phone(), name, WebHouse::meta());
        made.first = made.last = clock.now();
        return made;
    }
    void add(const std::string& name) {
        recent.add(contact(name));
    }
};

TEST(RecentContacts, GiveBackAllOfAContact) {
    Contact whole = test::leaked(WebHouse::tv(), "a.example", WebHouse::insta());
    whole.first = whole.last = clock.now();
    whole.source = ledger::NameSource::Quic;
    whole.cause = ledger::Cause::Bypassed;
    whole.attempts = 3;
    whole.bytes_up = 4;
    whole.bytes_down = 5;
    whole.rule = "||a.example^";
    whole.list = "A list";
    whole.detail = "behind.example";
    recent.add(whole);
    const auto page = recent.page(all, {}, 10);
    LONGS_EQUAL(1, page.contacts.size());
    CHECK(page.contacts.front().contact == whole);
    whole.rule.clear();
    whole.detail.clear();
    recent.add(whole);
    CHECK(recent.page(all, {}, 10).contacts.front().contact == whole);
}

TEST(RecentContacts, AreTurnedPageByPageNewestFirst) {
    for (const char* const name : {"a.example", "b.example", "c.example"}) {
        add(name);
    }
    const auto first = recent.page(all, {}, 2);
    LONGS_EQUAL(2, first.contacts.size());
    STRCMP_EQUAL("c.example", first.contacts[0].contact.name.c_str());
    add("d.example");  // meanwhile
    const auto second = recent.page(all, first.next, 2);
    LONGS_EQUAL(1, second.contacts.size());
    STRCMP_EQUAL("a.example", second.contacts[0].contact.name.c_str());
    CHECK_FALSE(second.next.has_value());
}

TEST(RecentContacts, AreThoseThatTheFilterWants) {
    add("a.example");
    add("b.example");
    ledger::Filter filter = all;
    filter.name_contains = "b.";
    LONGS_EQUAL(1, recent.page(filter, {}, 10).contacts.size());
    filter = all;
    filter.device = WebHouse::tv();
    LONGS_EQUAL(0, recent.page(filter, {}, 10).contacts.size());
}

TEST(RecentContacts, AreNoMoreThanTheirCount) {
    for (std::size_t i = 0; i < RecentContacts::kCountMax + 5; ++i) {
        add("a.example");
    }
    LONGS_EQUAL(RecentContacts::kCountMax, recent.count());
    LONGS_EQUAL(5, recent.forgotten() - (recent.last() - RecentContacts::kCountMax - 5));
}

TEST(RecentContacts, TakeNoMoreThanTheirBytes) {
    Contact large = contact(std::string(200, 'n') + ".example");
    large.rule = std::string(255, 'r');
    large.list = std::string(255, 'l');
    large.detail = std::string(255, 'd');
    for (std::size_t i = 0; i < RecentContacts::kCountMax; ++i) {
        recent.add(large);
        CHECK(recent.bytes() <= RecentContacts::kBytesMax);
    }
    CHECK(recent.count() > 1000);
    CHECK(recent.count() < RecentContacts::kCountMax);
}

TEST(RecentContacts, AreForgottenAfterADayByEitherClock) {
    add("old.example");
    clock.turn(std::chrono::hours(23));
    add("new.example");
    clock.turn(std::chrono::hours(2));
    LONGS_EQUAL(1, recent.page(all, {}, 10).contacts.size());  // also before anybody tidies up
    recent.forget_old();
    LONGS_EQUAL(1, recent.count());
    clock.set_by(std::chrono::hours(-48));
    clock.turn(std::chrono::hours(24));
    recent.forget_old();
    LONGS_EQUAL(0, recent.count());
    LONGS_EQUAL(0, recent.bytes());
}

TEST(RecentContacts, AreErasedByDeviceAndTime) {
    add("a.example");
    clock.turn(std::chrono::hours(2));
    add("b.example");
    recent.erase({WebHouse::tv(), {}, {}});
    LONGS_EQUAL(2, recent.count());
    recent.erase({std::nullopt, {}, kWebNow});  // widened to the whole hour
    LONGS_EQUAL(1, recent.count());
    STRCMP_EQUAL("b.example", recent.page(all, {}, 10).contacts.front().contact.name.c_str());
    recent.erase({});
    LONGS_EQUAL(0, recent.count());
    LONGS_EQUAL(0, recent.bytes());
    add("c.example");
    LONGS_EQUAL(1, recent.after(recent.last() - 1, 10).size());
}
