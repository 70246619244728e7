#include "dns/message/inside_address.h"

#include <CppUTest/TestHarness.h>

using sporvakt::IpAddress;
using sporvakt::dns::is_inside_address;

TEST_GROUP(InsideAddress){
    static bool is_inside(const char* text){return is_inside_address(*IpAddress::from_text(text));
}
}
;

TEST(InsideAddress, IsAnyThatTheInternetCannotReach) {
    for (const char* text :
         {"0.0.0.0", "0.1.2.3", "10.0.0.1", "127.0.0.1", "127.255.0.1", "169.254.1.1", "172.16.0.1",
          "172.31.255.255", "192.168.1.1", "::", "::1", "fe80::1", "fc00::1", "fdff::1",
          "::ffff:192.168.1.1", "64:ff9b::192.168.1.1", "64:ff9b::7f00:1"}) {
        CHECK_TRUE_TEXT(is_inside(text), text);
    }
}

TEST(InsideAddress, IsNoneThatItCan) {
    for (const char* text : {"1.0.0.0", "11.0.0.1", "172.15.0.1", "172.32.0.1", "192.167.0.1",
                             "192.0.2.1", "169.253.0.1", "2001:db8::1", "64:ff9b::192.0.2.1",
                             "64:ff9b:1::192.168.1.1", "::2", "ff02::1"}) {
        CHECK_FALSE_TEXT(is_inside(text), text);
    }
}
