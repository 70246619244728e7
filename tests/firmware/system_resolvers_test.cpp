#include "firmware/system_resolvers.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Endpoint;
using sporvakt::firmware::parse_resolv_conf;
using sporvakt::firmware::system_resolvers;

TEST_GROUP(SystemResolvers){};

TEST(SystemResolvers, AreTheNameServersOfResolvConf) {
    const auto servers = parse_resolv_conf(
        "# made by a program\n"
        "search lan\n"
        "nameserver 127.0.0.53\n"
        "  nameserver\t2001:db8::1  \n"
        "options edns0\n");

    CHECK(servers == (std::vector{*Endpoint::from_text("127.0.0.53:53"),
                                  *Endpoint::from_text("[2001:db8::1]:53")}));
}

TEST(SystemResolvers, AreAtMostThree) {
    LONGS_EQUAL(3, parse_resolv_conf("nameserver 192.0.2.1\nnameserver 192.0.2.2\n"
                                     "nameserver 192.0.2.3\nnameserver 192.0.2.4\n")
                       .size());
}

TEST(SystemResolvers, PassOverWhatIsNoAddress) {
    CHECK(parse_resolv_conf("nameserver\nnameserver fe80::1%eth0\nnameserver x\n#nameserver 1.1\n")
              .empty());
}

TEST(SystemResolvers, AreNoneWithoutTheFile) {
    CHECK(system_resolvers("/nowhere/resolv.conf").empty());
}
