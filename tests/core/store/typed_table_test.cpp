#include "core/store/typed_table.h"

#include "core/base/byte_writer.h"
#include "tests/support/store_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;

namespace {

/// A number under a number, each in four bytes.
struct SquareCodec {
    using Key = std::uint32_t;
    using Value = std::uint32_t;

    static std::vector<std::uint8_t> key(Key key) { return ByteWriter().u32(key).result(); }
    static std::vector<std::uint8_t> value(Value value) { return ByteWriter().u32(value).result(); }
    static Parsed<Key> key_from(Bytes bytes) { return ByteReader(bytes).u32(); }
    static Parsed<Value> value_from(Key, Bytes bytes) { return ByteReader(bytes).u32(); }
};

}  // namespace

TEST_GROUP(TypedTable) {
    test::TemporaryFolder folder;
    std::unique_ptr<store::Environment> environment =
        test::open_store(folder.file("a.mdb"), {"words"});
    store::TypedTable<SquareCodec> squares{environment->table("words")};

    void put(std::uint32_t number) {
        CHECK_TRUE(environment
                       ->update([&](store::WriteTransaction& transaction) {
                           return squares.put(transaction, number, number * number);
                       })
                       .has_value());
    }
};

TEST(TypedTable, GivesTheValueOfAKey) {
    put(7);
    const auto transaction = environment->begin_read();

    LONGS_EQUAL(49, squares.get(*transaction, 7)->value());
    CHECK_FALSE(squares.get(*transaction, 8)->has_value());
}

TEST(TypedTable, VisitsInKeyOrder) {
    put(300);
    put(2);
    std::vector<std::uint32_t> keys;
    const auto outcome = squares.visit(
        *environment->begin_read(), [&](std::uint32_t key, std::uint32_t) { keys.push_back(key); });

    CHECK_TRUE(outcome.has_value());
    CHECK((keys == std::vector<std::uint32_t>{2, 300}));
}

TEST(TypedTable, ErasesAKey) {
    put(2);
    auto transaction = environment->begin_write();

    CHECK_TRUE(*squares.erase(*transaction, 2));
    CHECK_FALSE(squares.get(*transaction, 2)->has_value());
}

TEST(TypedTable, SaysWhichFileHoldsAnEntryThatCannotBeRead) {
    const std::string key("\0\0\0\x05", 4);
    CHECK_TRUE(test::put_text(*environment, key, "sho").has_value());
    const auto transaction = environment->begin_read();

    const auto value = squares.get(*transaction, 5);
    CHECK(value.error().code == Errc::Storage);
    CHECK(value.error().message.find("a.mdb") != std::string::npos);
    CHECK_FALSE(squares.visit(*transaction, [](std::uint32_t, std::uint32_t) {}).has_value());
}
