#include "core/base/byte_reader.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::ByteReader;
using sporvakt::ParseError;

TEST_GROUP(ByteReader){};

TEST(ByteReader, ReadsBigEndianFieldsInOrder) {
    const std::vector<std::uint8_t> bytes{0x01, 0x02, 0x03, 0x04, 0x05, 0x06};
    ByteReader reader(bytes);

    LONGS_EQUAL(0x01, *reader.u8());
    LONGS_EQUAL(0x0203, *reader.u16());
    LONGS_EQUAL(0x040506, *reader.u24());
    CHECK_TRUE(reader.at_end());
}

TEST(ByteReader, TakesAVectorByItsOwnLength) {
    const std::vector<std::uint8_t> bytes{0, 2, 7, 8, 9};
    ByteReader reader(bytes);

    LONGS_EQUAL(2, reader.take_vector16()->size());
    LONGS_EQUAL(1, reader.remaining());
}

TEST(ByteReader, AFailedReadMovesNothing) {
    const std::vector<std::uint8_t> bytes{0, 9, 1};
    ByteReader reader(bytes);

    CHECK(reader.take_vector16().error() == ParseError::Truncated);
    LONGS_EQUAL(3, reader.remaining());
}
