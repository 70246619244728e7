#include "core/base/big_endian.h"

#include <array>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;

TEST_GROUP(BigEndian){};

TEST(BigEndian, StoresWhatItLoads) {
    std::array<std::uint8_t, 8> bytes{};
    store32(bytes, 1, 0xdeadbeef);
    store16(bytes, 6, 0x1234);

    LONGS_EQUAL(0xdead, load16(bytes, 1));
    CHECK(load32(bytes, 1) == 0xdeadbeef);
    LONGS_EQUAL(0x12, bytes[6]);
    LONGS_EQUAL(0x34, bytes[7]);
}
