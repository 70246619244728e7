#include "capture/gate/doh_servers.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using sporvakt::capture::doh_server_addresses;
using sporvakt::capture::is_doh_server;

TEST_GROUP(DohServers){};

TEST(DohServers, AreKnownByNameAndByNamesBelow) {
    for (const char* name : {"dns.google", "cloudflare-dns.com", "mozilla.cloudflare-dns.com",
                             "abc123.dns.nextdns.io", "wikimedia-dns.org"}) {
        CHECK(is_doh_server(name));
    }
}

TEST(DohServers, AreNotTheirOperatorsOtherNames) {
    for (const char* name : {"google", "www.google.com", "quad9.net", "notdns.google",
                             "dns.google.example", "nextdns.io", ""}) {
        CHECK_FALSE(is_doh_server(name));
    }
}

TEST(DohServers, HaveAddressesOfTheFamilyAsked) {
    for (const IpFamily family : {IpFamily::V4, IpFamily::V6}) {
        CHECK_FALSE(doh_server_addresses(family).empty());
        for (const std::string_view text : doh_server_addresses(family)) {
            const auto address = IpAddress::from_text(text);
            CHECK(address.has_value());
            CHECK(address->family() == family);
            CHECK_FALSE(address->is_private());
        }
    }
}
