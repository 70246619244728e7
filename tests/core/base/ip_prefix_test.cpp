#include "core/base/ip_prefix.h"

#include <array>
#include <string>
#include <string_view>

#include <CppUTest/TestHarness.h>

using sporvakt::IpAddress;
using sporvakt::IpPrefix;
using sporvakt::ParseError;

namespace {

bool contains(std::string_view prefix, std::string_view address) {
    return IpPrefix::from_text(prefix)->contains(*IpAddress::from_text(address));
}

}  // namespace

TEST_GROUP(IpPrefix){};

TEST(IpPrefix, ContainsWhatBeginsAlike) {
    CHECK_TRUE(contains("192.168.1.0/24", "192.168.1.0"));
    CHECK_TRUE(contains("192.168.1.0/24", "192.168.1.255"));
    CHECK_FALSE(contains("192.168.1.0/24", "192.168.2.0"));
    CHECK_TRUE(contains("fe80::/10", "febf::1"));
    CHECK_FALSE(contains("fe80::/10", "fec0::1"));
}

TEST(IpPrefix, EndsInsideOfAByte) {
    CHECK_TRUE(contains("100.64.0.0/10", "100.127.255.255"));
    CHECK_FALSE(contains("100.64.0.0/10", "100.128.0.0"));
    CHECK_FALSE(contains("100.64.0.0/10", "100.63.255.255"));
}

TEST(IpPrefix, OfLengthNoughtIsEveryAddressOfItsFamily) {
    CHECK_TRUE(contains("0.0.0.0/0", "203.0.113.9"));
    CHECK_TRUE(contains("::/0", "2001:db8::1"));
    CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
    CHECK_FALSE(contains("::/0", "203.0.113.9"));
}

TEST(IpPrefix, IsOneAddressWithoutALength) {
    CHECK_TRUE(contains("192.0.2.7", "192.0.2.7"));
    CHECK_FALSE(contains("192.0.2.7", "192.0.2.6"));
    CHECK_TRUE(contains("::1", "::1"));
    CHECK_FALSE(contains("::1", "::2"));
}

TEST(IpPrefix, ContainsAnAddressThatComesMapped) {
    CHECK_TRUE(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
}

TEST(IpPrefix, SaysWhatItIs) {
    STRCMP_EQUAL("192.168.1.0/24", IpPrefix::from_text("192.168.1.0/24")->text().c_str());
    STRCMP_EQUAL("fc00::/7", IpPrefix::from_text("fc00::/7")->text().c_str());
    STRCMP_EQUAL("192.0.2.7/32", IpPrefix::from_text("192.0.2.7")->text().c_str());
}

TEST(IpPrefix, RefusesWhatIsNoNetwork) {
    for (const std::string_view text : std::array<std::string_view, 12>{
             "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "fd00::/129", "10.0.0.0/-1", "10.0.0.0/8x",
             "10.0.0.0/8/8", "10.0.0/8", "192.168.1.7/24", "fd00::1/8"}) {
        const auto prefix = IpPrefix::from_text(text);
        CHECK_FALSE_TEXT(prefix.has_value(), std::string(text).c_str());
        CHECK(prefix.error() == ParseError::Malformed);
    }
}

TEST(IpPrefix, IsMadeAroundAnAddress) {
    const auto around = [](const char* address, unsigned length) {
        return IpPrefix::around(*IpAddress::from_text(address), length).text();
    };
    STRCMP_EQUAL("192.168.40.0/24", around("192.168.40.7", 24).c_str());
    STRCMP_EQUAL("192.168.40.4/30", around("192.168.40.7", 30).c_str());
    STRCMP_EQUAL("192.168.40.7/32", around("192.168.40.7", 99).c_str());
    STRCMP_EQUAL("fd00:40::/64", around("fd00:40::7", 64).c_str());
    STRCMP_EQUAL("0.0.0.0/0", around("192.168.40.7", 0).c_str());
    CHECK(IpPrefix::around(*IpAddress::from_text("192.168.40.7"), 24) ==
          *IpPrefix::from_text("192.168.40.0/24"));
}
