#include "firmware/lists/list_url.h"

#include <CppUTest/TestHarness.h>

using sporvakt::firmware::fault_of_list_url;
using sporvakt::firmware::host_of_list_url;
using sporvakt::firmware::Reach;

TEST_GROUP(ListUrl){static void check_refused(std::string_view url, const char* why){
    const auto fault = fault_of_list_url(url, Reach::Https);
CHECK(fault.has_value());
STRCMP_CONTAINS(why, fault->c_str());
}
}
;

TEST(ListUrl, TakesWhatIsEncryptedOnTheWay) {
    CHECK_FALSE(fault_of_list_url("https://lists.example/a.txt", Reach::Https).has_value());
    CHECK_FALSE(
        fault_of_list_url("https://lists.example:8443?which=a%20b#top", Reach::Https).has_value());
    CHECK_FALSE(fault_of_list_url("https://[2001:db8::1]/a.txt", Reach::Https).has_value());
}

TEST(ListUrl, RefusesEveryOtherScheme) {
    for (const char* const url :
         {"http://lists.example/a.txt", "file:///etc/passwd", "ftp://lists.example/a.txt",
          "lists.example/a.txt", "HTTPS//lists.example", "gopher://lists.example/", ""}) {
        check_refused(url, "https://");
    }
}

TEST(ListUrl, TestsMaySpeakPlainly) {
    CHECK_FALSE(fault_of_list_url("http://127.0.0.1:8080/a.txt", Reach::Loopback).has_value());
    CHECK(fault_of_list_url("file:///etc/passwd", Reach::Loopback).has_value());
}

TEST(ListUrl, RefusesWhatIsNoUrl) {
    check_refused("https://lists.example/a b", "blank");
    check_refused("https://lists.example/a\r\nHost: other.example", "blank");
    check_refused("https://lists.example/\xc3\xa5", "blank");
    check_refused("https:///a.txt", "no host");
    check_refused("https://:443/a.txt", "no host");
    check_refused("https://" + std::string(2048, 'a'), "longer");
}

TEST(ListUrl, RefusesUsersAndPasswords) {
    check_refused("https://kari:secret@lists.example/a.txt", "names a user");
    CHECK_FALSE(fault_of_list_url("https://lists.example/@latest/a.txt", Reach::Https).has_value());
}

TEST(ListUrl, TellsTheHost) {
    STRCMP_EQUAL("lists.example", host_of_list_url("https://Lists.Example/a.txt").c_str());
    STRCMP_EQUAL("lists.example", host_of_list_url("https://lists.example:8443?x").c_str());
    STRCMP_EQUAL("[2001:db8::1]", host_of_list_url("https://[2001:DB8::1]:444/").c_str());
}
