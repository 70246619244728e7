#include "capture/attribution/recent_contacts.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::Timestamp;
using sporvakt::devices::DeviceId;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_GROUP(RecentContacts) {
    RecentContacts contacts;
    DeviceId phone{*sporvakt::MacAddress::from_text("3c:22:fb:12:34:01")};
    DeviceId television{*sporvakt::MacAddress::from_text("3c:22:fb:12:34:02")};
    Timestamp slot{std::chrono::hours(1000)};  // where a slot of ten minutes begins
};

TEST(RecentContacts, LastAsLongAsTheLedgersSlot) {
    contacts.met(phone, "ads.example", slot + minutes(1));

    CHECK_TRUE(contacts.is_counted(phone, "ads.example", slot + minutes(9)));
    CHECK_FALSE(contacts.is_counted(phone, "ads.example", slot + minutes(11)));
    CHECK_FALSE(contacts.is_counted(phone, "other.example", slot + minutes(1)));
    CHECK_FALSE(contacts.is_counted(television, "ads.example", slot + minutes(1)));
}

TEST(RecentContacts, GoOnForAMinuteIntoTheNextSlot) {
    contacts.met(phone, "ads.example", slot + minutes(10) - seconds(1));

    CHECK_TRUE(contacts.is_counted(phone, "ads.example", slot + minutes(10) + seconds(58)));
    CHECK_FALSE(contacts.is_counted(phone, "ads.example", slot + minutes(12)));
}

TEST(RecentContacts, TellWhenANameRodeToAFlowOfItsOwnThatFollows) {
    const Timestamp ride = slot + minutes(10) - seconds(5);
    contacts.rode(phone, "ads.example", ride, ride + seconds(60));

    CHECK(contacts.ride_before(phone, "ads.example", ride + seconds(30)) == ride);
    CHECK_FALSE(contacts.ride_before(phone, "ads.example", ride - seconds(1)).has_value());
    CHECK_FALSE(contacts.ride_before(phone, "ads.example", ride + seconds(61)).has_value());
    CHECK_FALSE(contacts.ride_before(television, "ads.example", ride).has_value());
}

TEST(RecentContacts, TellNoRideOfAFlowOfTheNamesOwn) {
    contacts.met(phone, "ads.example", slot);

    CHECK_FALSE(contacts.ride_before(phone, "ads.example", slot + seconds(1)).has_value());
}
