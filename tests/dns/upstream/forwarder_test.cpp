#include "dns/upstream/forwarder.h"

#include <array>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Endpoint;

TEST_GROUP(Forwarder){
    static Forwarder forwarder(std::string_view text){const auto read = Forwarder::from_text(text);
CHECK(read.has_value());
return *read;
}
}
;

TEST(Forwarder, IsAskedInTheClearOnPort53) {
    CHECK(forwarder("192.0.2.1").endpoint == *Endpoint::from_text("192.0.2.1@53"));
    CHECK(forwarder("2001:db8::1").endpoint == *Endpoint::from_text("2001:db8::1@53"));
    CHECK_FALSE(forwarder("192.0.2.1").uses_tls());
}

TEST(Forwarder, TakesAnotherPort) {
    CHECK(forwarder("192.0.2.1@5353").endpoint == *Endpoint::from_text("192.0.2.1@5353"));
    CHECK(forwarder("[2001:db8::1]:5353").endpoint == *Endpoint::from_text("2001:db8::1@5353"));
}

TEST(Forwarder, IsAskedOverTlsWhenItHasAName) {
    const Forwarder quad9 = forwarder("9.9.9.9@853#DNS.quad9.net.");

    CHECK_TRUE(quad9.uses_tls());
    STRCMP_EQUAL("dns.quad9.net", quad9.tls_name.c_str());
    LONGS_EQUAL(853, quad9.endpoint.port);
    CHECK(forwarder("9.9.9.9#dns.quad9.net") == quad9);
    LONGS_EQUAL(8853, forwarder("10.0.0.1@8853#dns.lan").endpoint.port);
}

TEST(Forwarder, WritesWhatItReads) {
    for (const char* text : {"192.0.2.1@53", "9.9.9.9@853#dns.quad9.net", "2001:db8::1@53"}) {
        STRCMP_EQUAL(text, forwarder(text).text().c_str());
    }
}

TEST(Forwarder, SaysWhatToWriteForTlsWithoutAName) {
    const auto refused = Forwarder::from_text("9.9.9.9@853");

    CHECK_FALSE(refused.has_value());
    STRCMP_CONTAINS("write \"9.9.9.9@853#NAME\"", refused.error().message.c_str());
}

TEST(Forwarder, RefusesEverythingElse) {
    constexpr std::array kRefused{"",
                                  "dns.example",
                                  "192.0.2.1@0",
                                  "192.0.2.1@65536",
                                  "192.0.2.1@",
                                  "192.0.2.1#",
                                  "192.0.2.1@853#a b",
                                  "192.0.2.1@853#a\"b",
                                  "192.0.2.1@853#a#b",
                                  "#dns.example",
                                  "192.0.2.1@53\nforward-addr: 192.0.2.2"};
    for (const char* text : kRefused) {
        CHECK_FALSE(Forwarder::from_text(text).has_value());
    }
}

TEST(Forwarder, SeesWhenTlsAndPlainAreMixed) {
    const std::vector both{forwarder("192.0.2.1"), forwarder("192.0.2.2#dns.example")};
    const std::vector plain{forwarder("192.0.2.1"), forwarder("192.0.2.2")};

    CHECK_TRUE(mixes_transports(both));
    CHECK_FALSE(mixes_transports(plain));
    CHECK_FALSE(mixes_transports({}));
}

TEST(Forwarder, ReadsZonesOfPlainCharactersOnly) {
    STRCMP_EQUAL("168.192.in-addr.arpa", zone_from_text("168.192.IN-ADDR.arpa.")->text().c_str());
    STRCMP_EQUAL("_udp.lan", zone_from_text("_udp.lan")->text().c_str());
    for (const char* text : {"", ".", "a..b", "a\"b", "a\\b", "a b", "a#b"}) {
        CHECK_FALSE(zone_from_text(text).has_value());
    }
}
