#include "core/base/mac_address.h"

#include <array>
#include <string_view>

#include <CppUTest/TestHarness.h>

using sporvakt::Bytes;
using sporvakt::MacAddress;

TEST_GROUP(MacAddress){};

TEST(MacAddress, IsReadAndWrittenInOneForm) {
    const auto address = MacAddress::from_text("3C:22:fb:12:34:01");

    STRCMP_EQUAL("3c:22:fb:12:34:01", address->text().c_str());
}

TEST(MacAddress, RefusesWhatIsNotSixPairs) {
    constexpr std::array<std::string_view, 7> kWrong{"",
                                                     "3c:22:fb:12:34",
                                                     "3c:22:fb:12:34:0",
                                                     "3c:22:fb:12:34:01:",
                                                     "3c-22-fb-12-34-01",
                                                     "3c:22:fb:12:34:0g",
                                                     "+c:22:fb:12:34:01"};
    for (const auto& text : kWrong) {
        CHECK_FALSE(MacAddress::from_text(text).has_value());
    }
}

TEST(MacAddress, KnowsGroupsAndMadeUpAddresses) {
    CHECK_TRUE(MacAddress::from_text("ff:ff:ff:ff:ff:ff")->is_group());
    CHECK_TRUE(MacAddress::from_text("33:33:00:00:00:01")->is_group());
    CHECK_TRUE(MacAddress::from_text("da:a1:19:00:00:01")->is_local());
    CHECK_FALSE(MacAddress::from_text("3c:22:fb:12:34:01")->is_local());
}

TEST(MacAddress, TakesExactlySixBytes) {
    const std::array<std::uint8_t, 7> bytes{1, 2, 3, 4, 5, 6, 7};

    CHECK_TRUE(MacAddress::from_bytes(Bytes(bytes).first(6)).has_value());
    CHECK_FALSE(MacAddress::from_bytes(Bytes(bytes).first(5)).has_value());
    CHECK_FALSE(MacAddress::from_bytes(bytes).has_value());
}
