#include "core/base/byte_writer.h"

#include "core/base/byte_reader.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::as_text;
using sporvakt::ByteReader;
using sporvakt::ByteWriter;

TEST_GROUP(ByteWriter){};

TEST(ByteWriter, IsReadBackByTheReader) {
    ByteWriter writer;
    writer.u8(1).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c0d0e0fULL).text16("spor").text("vakt");

    ByteReader reader(writer.result());
    LONGS_EQUAL(1, *reader.u8());
    LONGS_EQUAL(0x0203, *reader.u16());
    LONGS_EQUAL(0x04050607, *reader.u32());
    CHECK(*reader.u64() == 0x08090a0b0c0d0e0fULL);
    CHECK(as_text(*reader.take_vector16()) == "spor");
    CHECK(as_text(reader.take_rest()) == "vakt");
    CHECK_TRUE(reader.at_end());
}

TEST(ByteWriter, CutsTextThatItsLengthCannotTell) {
    const std::string longer(70'000, 'x');

    ByteWriter writer;
    writer.text16(longer);

    LONGS_EQUAL(2 + 65'535, writer.result().size());
}
