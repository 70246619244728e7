#include "core/store/cursor.h"

#include "tests/support/store_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;

TEST_GROUP(Cursor) {
    test::TemporaryFolder folder;
    std::unique_ptr<store::Environment> environment =
        test::open_store(folder.file("a.mdb"), {"words"});

    void setup() override {
        for (const char* key : {"b", "d", "f"}) {
            CHECK_TRUE(test::put_text(*environment, key, key).has_value());
        }
    }

    static std::string key_of(const Result<std::optional<store::Entry>>& step) {
        if (!step) {
            return "(error)";
        }
        return *step ? std::string(as_text((*step)->key)) : "(none)";
    }
};

TEST(Cursor, WalksUpwardsInKeyOrder) {
    const auto transaction = environment->begin_read();
    auto cursor = transaction->cursor(environment->table("words"));

    STRCMP_EQUAL("b", key_of(cursor->first()).c_str());
    STRCMP_EQUAL("d", key_of(cursor->next()).c_str());
    STRCMP_EQUAL("f", key_of(cursor->next()).c_str());
    STRCMP_EQUAL("(none)", key_of(cursor->next()).c_str());
}

TEST(Cursor, WalksDownwards) {
    const auto transaction = environment->begin_read();
    auto cursor = transaction->cursor(environment->table("words"));

    STRCMP_EQUAL("f", key_of(cursor->last()).c_str());
    STRCMP_EQUAL("d", key_of(cursor->previous()).c_str());
    STRCMP_EQUAL("b", key_of(cursor->previous()).c_str());
    STRCMP_EQUAL("(none)", key_of(cursor->previous()).c_str());
}

TEST(Cursor, SeeksTheFirstKeyThatIsNotLess) {
    const auto transaction = environment->begin_read();
    auto cursor = transaction->cursor(environment->table("words"));

    STRCMP_EQUAL("d", key_of(cursor->seek(as_bytes("d"))).c_str());
    STRCMP_EQUAL("f", key_of(cursor->seek(as_bytes("e"))).c_str());
    STRCMP_EQUAL("(none)", key_of(cursor->seek(as_bytes("g"))).c_str());
}

TEST(Cursor, SeeksTheLastKeyThatIsLess) {
    const auto transaction = environment->begin_read();
    auto cursor = transaction->cursor(environment->table("words"));

    STRCMP_EQUAL("b", key_of(cursor->seek_before(as_bytes("d"))).c_str());
    STRCMP_EQUAL("d", key_of(cursor->seek_before(as_bytes("e"))).c_str());
    STRCMP_EQUAL("f", key_of(cursor->seek_before(as_bytes("z"))).c_str());
    STRCMP_EQUAL("(none)", key_of(cursor->seek_before(as_bytes("b"))).c_str());
}

TEST(Cursor, FindsNothingInAnEmptyTable) {
    const auto empty = test::open_store(folder.file("b.mdb"), {"words"});
    const auto transaction = empty->begin_read();
    auto cursor = transaction->cursor(empty->table("words"));

    STRCMP_EQUAL("(none)", key_of(cursor->first()).c_str());
    STRCMP_EQUAL("(none)", key_of(cursor->last()).c_str());
    STRCMP_EQUAL("(none)", key_of(cursor->seek_before(as_bytes("z"))).c_str());
}
