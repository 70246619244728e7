#include "core/trackers/list_format.h"

#include <CppUTest/TestHarness.h>

using sporvakt::trackers::guess_format;
using sporvakt::trackers::ListFormat;

TEST_GROUP(ListFormats){};

TEST(ListFormats, EachIsKnownByItsLines) {
    CHECK(guess_format("# c\n0.0.0.0 a.example\n") == ListFormat::Hosts);
    CHECK(guess_format("a.example\nb.example\n") == ListFormat::Domains);
    CHECK(guess_format("*.a.example\n") == ListFormat::Wildcard);
    CHECK(guess_format("! c\n||a.example^\n") == ListFormat::Adblock);
    CHECK(guess_format("[Adblock Plus 2.0]\n##.banner\n") == ListFormat::Adblock);
    CHECK(guess_format("$TTL 60\n@ SOA a. b. 1 2 3 4 5\n") == ListFormat::Rpz);
    CHECK(guess_format("a.example CNAME .\n") == ListFormat::Rpz);
    CHECK(guess_format("address=/a.example/0.0.0.0\n") == ListFormat::Dnsmasq);
    CHECK(guess_format("server:\n  local-zone: \"a.example\" static\n") == ListFormat::Unbound);
}

TEST(ListFormats, ASmallZoneIsAZoneAlthoughItsHeadIsLonger) {
    CHECK(guess_format("; zone\n@ 60 IN SOA a. b. (\n 2026112101 ; serial\n 3600\n 900\n 604800\n"
                       " 60 )\n\n*.a.example\tcname\t.\n") == ListFormat::Rpz);
    CHECK(guess_format("a.example IN CNAME .\n") == ListFormat::Rpz);
}

TEST(ListFormats, TheMajorityDecides) {
    CHECK(guess_format("0.0.0.0 a.example\nb.example\nc.example\n") == ListFormat::Domains);
    CHECK(guess_format("||a.example^\n||b.example^\nc.example\n") == ListFormat::Adblock);
}

TEST(ListFormats, NothingAtAllIsDomains) {
    CHECK(guess_format("") == ListFormat::Domains);
    CHECK(guess_format("# only\n# comments\n") == ListFormat::Domains);
}
