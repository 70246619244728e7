#include "core/devices/bypass.h"

#include <set>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::devices;

TEST_GROUP(BypassKinds){};

TEST(BypassKinds, HaveAWordEach) {
    std::set<std::string_view> words;
    for (std::uint8_t kind = 1; kind <= kBypassKinds; ++kind) {
        words.insert(bypass_text(Bypass{kind}));
    }

    LONGS_EQUAL(kBypassKinds, words.size());
    CHECK(words.count("") == 0);
    CHECK(bypass_text(Bypass::None).empty());
    CHECK(bypass_text(Bypass::DnsElsewhere) == "dns");
}
