#include "dns/message/reverse_name.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::dns::address_of_reverse_name;

TEST_GROUP(ReverseName){static std::string read(std::string_view name){
    const auto address = address_of_reverse_name(name);
return address ? address->text() : "";
}
}
;

TEST(ReverseName, ReadsIpv4FromItsLastOctet) {
    STRCMP_EQUAL("192.168.1.20", read("20.1.168.192.in-addr.arpa").c_str());
    STRCMP_EQUAL("0.0.0.0", read("0.0.0.0.in-addr.arpa").c_str());
}

TEST(ReverseName, ReadsIpv6FromItsLastNibble) {
    STRCMP_EQUAL(
        "fd00::20",
        read("0.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa").c_str());
}

TEST(ReverseName, KnowsNoOtherNames) {
    for (const char* name :
         {"", "arpa", "in-addr.arpa", "1.168.192.in-addr.arpa", "5.20.1.168.192.in-addr.arpa",
          "256.1.168.192.in-addr.arpa", "020.1.168.192.in-addr.arpa", "x.1.168.192.in-addr.arpa",
          ".1.168.192.in-addr.arpa", "20.1.168.192.in-addr.arpa.example", "d.f.ip6.arpa",
          "20.1.168.192.ip6.arpa", "20.1.168.192in-addr.arpa",
          "g.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa",
          "0-2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa"}) {
        STRCMP_EQUAL("", read(name).c_str());
    }
}
