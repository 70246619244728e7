#include "core/devices/device_id.h"

#include <array>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Bytes;
using sporvakt::IpAddress;
using sporvakt::MacAddress;
using sporvakt::ParseError;
using sporvakt::devices::DeviceId;

namespace {

DeviceId id(const char* text) {
    return *DeviceId::from_text(text);
}

std::vector<std::uint8_t> stored(std::uint8_t kind, std::vector<std::uint8_t> address) {
    address.insert(address.begin(), kind);
    address.resize(DeviceId::kStoredLength);
    return address;
}

}  // namespace

TEST_GROUP(DeviceId){};

TEST(DeviceId, IsWrittenAsTheAddressThatItIs) {
    for (const char* text : {"3c:22:fb:12:34:01", "192.168.1.20", "fd00::20", "127.0.0.1", "::1"}) {
        STRCMP_EQUAL(text, id(text).text().c_str());
    }
}

TEST(DeviceId, IsTheSameHoweverItWasWritten) {
    CHECK(id("3C:22:FB:12:34:01") == id("3c:22:fb:12:34:01"));
    CHECK(id("fd00:0::0020") == id("fd00::20"));
    CHECK(id("::ffff:192.168.1.20") == id("192.168.1.20"));
}

TEST(DeviceId, RefusesTextThatIsNoAddress) {
    for (const char* text : {"", "phone", "3c:22:fb:12:34", "3c:22:fb:12:34:01:02", "192.168.1"}) {
        CHECK_FALSE(DeviceId::from_text(text).has_value());
    }
}

TEST(DeviceId, IsStoredAsKindAddressAndZeros) {
    CHECK(id("3c:22:fb:12:34:01").stored() ==
          (std::array<std::uint8_t, 17>{1, 0x3c, 0x22, 0xfb, 0x12, 0x34, 0x01}));
    CHECK(id("192.168.1.20").stored() == (std::array<std::uint8_t, 17>{4, 192, 168, 1, 20}));
    CHECK(id("fd00::20").stored() ==
          (std::array<std::uint8_t, 17>{6, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20}));
}

TEST(DeviceId, ComesBackFromItsStoredForm) {
    for (const char* text : {"3c:22:fb:12:34:01", "192.168.1.20", "fd00::20"}) {
        const DeviceId device = id(text);
        CHECK(DeviceId::from_stored(device.stored()).value() == device);
    }
}

TEST(DeviceId, RefusesStoredBytesOfAnotherLength) {
    const std::vector<std::uint8_t> bytes(DeviceId::kStoredLength + 1, 1);

    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        if (length != DeviceId::kStoredLength) {
            const auto parsed = DeviceId::from_stored(Bytes(bytes).first(length));
            CHECK_FALSE(parsed.has_value());
            CHECK(parsed.error() == ParseError::Truncated);
        }
    }
}

TEST(DeviceId, RefusesUnknownKindsAndBytesAfterTheAddress) {
    for (const auto& bytes : {stored(0, {}), stored(2, {1, 2, 3, 4, 5, 6}), stored(5, {1}),
                              stored(1, {1, 2, 3, 4, 5, 6, 7}), stored(4, {1, 2, 3, 4, 5})}) {
        const auto parsed = DeviceId::from_stored(bytes);
        CHECK_FALSE(parsed.has_value());
        CHECK(parsed.error() == ParseError::Malformed);
    }
}

TEST(DeviceId, HasEitherAMacOrAnAddress) {
    CHECK(id("3c:22:fb:12:34:01").mac() == *MacAddress::from_text("3c:22:fb:12:34:01"));
    CHECK_FALSE(id("3c:22:fb:12:34:01").address().has_value());
    CHECK(id("192.168.1.20").address() == *IpAddress::from_text("192.168.1.20"));
    CHECK(id("fd00::20").address() == *IpAddress::from_text("fd00::20"));
    CHECK_FALSE(id("fd00::20").mac().has_value());
}

TEST(DeviceId, OfNobodyHasNeither) {
    CHECK_FALSE(DeviceId().mac().has_value());
    CHECK_FALSE(DeviceId().address().has_value());
    STRCMP_EQUAL("", DeviceId().text().c_str());
}
