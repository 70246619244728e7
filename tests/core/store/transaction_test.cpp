#include "core/store/transaction.h"

#include "tests/support/store_builder.h"

#include <algorithm>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using store::KeyRange;
using store::Visit;

TEST_GROUP(Transaction) {
    test::TemporaryFolder folder;
    std::unique_ptr<store::Environment> environment =
        test::open_store(folder.file("a.mdb"), {"words", "other"});
    store::Table words = environment->table("words");

    void fill(std::initializer_list<const char*> keys) {
        for (const char* key : keys) {
            CHECK_TRUE(test::put_text(*environment, key, "x").has_value());
        }
    }

    std::string keys_in(const KeyRange& range) {
        std::string keys;
        const auto transaction = environment->begin_read();
        const auto outcome = transaction->visit(words, range, [&](const store::Entry& entry) {
            keys += std::string(as_text(entry.key)) + " ";
            return Visit::Continue;
        });
        return outcome ? keys : "(error)";
    }
};

TEST(Transaction, GivesWhatWasCommitted) {
    CHECK_TRUE(test::put_text(*environment, "hund", "dog").has_value());

    STRCMP_EQUAL("dog", test::text_at(*environment, "hund").c_str());
    STRCMP_EQUAL("(none)", test::text_at(*environment, "katt").c_str());
}

TEST(Transaction, ReplacesTheValueOfAKey) {
    fill({"a"});
    CHECK_TRUE(test::put_text(*environment, "a", "new").has_value());

    STRCMP_EQUAL("new", test::text_at(*environment, "a").c_str());
}

TEST(Transaction, ChangesNothingWithoutACommit) {
    {
        auto transaction = environment->begin_write();
        CHECK_TRUE(transaction->put(words, as_bytes("a"), as_bytes("x")).has_value());
    }

    STRCMP_EQUAL("(none)", test::text_at(*environment, "a").c_str());
}

TEST(Transaction, ReaderKeepsTheViewItBeganWith) {
    fill({"a"});
    const auto before = environment->begin_read();
    fill({"b"});

    LONGS_EQUAL(1, *before->count(words));
    LONGS_EQUAL(2, *environment->begin_read()->count(words));
}

TEST(Transaction, TablesDoNotMix) {
    fill({"a"});

    LONGS_EQUAL(0, *environment->begin_read()->count(environment->table("other")));
}

TEST(Transaction, VisitsARangeFromInclusiveToExclusive) {
    fill({"a", "b", "c", "d"});
    KeyRange range;
    range.from = {'b'};
    range.to = {'d'};

    STRCMP_EQUAL("b c ", keys_in(range).c_str());
}

TEST(Transaction, VisitsAPrefix) {
    fill({"a", "ab", "abc", "ac", "b"});

    STRCMP_EQUAL("ab abc ", keys_in(KeyRange::prefix(as_bytes("ab"))).c_str());
}

TEST(Transaction, StopsWhenTheVisitorHasSeenEnough) {
    fill({"a", "b", "c"});
    int seen = 0;
    CHECK_TRUE(environment->begin_read()
                   ->visit(words, KeyRange::all(),
                           [&](const store::Entry&) {
                               ++seen;
                               return seen == 2 ? Visit::Stop : Visit::Continue;
                           })
                   .has_value());

    LONGS_EQUAL(2, seen);
}

TEST(Transaction, ErasesAtMostTheLimitLowestKeysFirst) {
    fill({"a", "b", "c", "d"});
    auto transaction = environment->begin_write();

    LONGS_EQUAL(2, *transaction->erase_range(words, KeyRange::all(), 2));
    CHECK_TRUE(transaction->commit().has_value());
    STRCMP_EQUAL("c d ", keys_in(KeyRange::all()).c_str());
}

TEST(Transaction, ErasesNothingOutsideTheRange) {
    fill({"a1", "b1", "b2", "c1"});
    auto transaction = environment->begin_write();

    LONGS_EQUAL(2, *transaction->erase_range(words, KeyRange::prefix(as_bytes("b")), 100));
    CHECK_TRUE(transaction->commit().has_value());
    STRCMP_EQUAL("a1 c1 ", keys_in(KeyRange::all()).c_str());
}

TEST(Transaction, SaysWhetherThereWasAnythingToErase) {
    fill({"a"});
    auto transaction = environment->begin_write();

    CHECK_TRUE(*transaction->erase(words, as_bytes("a")));
    CHECK_FALSE(*transaction->erase(words, as_bytes("a")));
}

TEST(Transaction, ClearsATable) {
    fill({"a", "b"});
    auto transaction = environment->begin_write();
    CHECK_TRUE(transaction->clear(words).has_value());
    CHECK_TRUE(transaction->commit().has_value());

    STRCMP_EQUAL("", keys_in(KeyRange::all()).c_str());
}

TEST(Transaction, AppendsOnlyGrowingKeys) {
    auto transaction = environment->begin_write();
    CHECK_TRUE(transaction->append(words, as_bytes("b"), as_bytes("1")).has_value());

    const auto refused = transaction->append(words, as_bytes("a"), as_bytes("2"));
    CHECK_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::InvalidInput);
}

TEST(Transaction, RefusesKeysThatAreEmptyOrTooLong) {
    auto transaction = environment->begin_write();
    const std::string long_key(store::WriteTransaction::kKeyBytesMax + 1, 'k');

    CHECK(transaction->put(words, as_bytes(""), {}).error().code == Errc::InvalidInput);
    CHECK(transaction->put(words, as_bytes(long_key), {}).error().code == Errc::InvalidInput);
}

TEST(Transaction, TakesTheLongestAllowedKey) {
    const std::string key(store::WriteTransaction::kKeyBytesMax, 'k');
    CHECK_TRUE(test::put_text(*environment, key, "x").has_value());

    STRCMP_EQUAL("x", test::text_at(*environment, key).c_str());
}

TEST(Transaction, FillsALargeValueInPlaceAndReadsItInPlace) {
    constexpr std::size_t kSize = std::size_t{20} << 20U;
    auto transaction = environment->begin_write();
    const auto room = transaction->reserve(words, as_bytes("big"), kSize);
    CHECK_TRUE(room.has_value());
    std::fill(room->begin(), room->end(), std::uint8_t{7});
    CHECK_TRUE(transaction->commit().has_value());

    const auto read = environment->begin_read();
    const auto value = *read->get(words, as_bytes("big"));
    CHECK_TRUE(value.has_value());
    LONGS_EQUAL(kSize, value->size());
    LONGS_EQUAL(7, value->back());
}

TEST(Transaction, MeasuresATableInPages) {
    LONGS_EQUAL(0, *environment->begin_read()->bytes_in(words));
    const std::string value(100'000, 'v');
    CHECK_TRUE(test::put_text(*environment, "a", value).has_value());

    const std::uint64_t bytes = *environment->begin_read()->bytes_in(words);
    CHECK(bytes > value.size());
    CHECK(bytes < value.size() + 4 * 4096);
}
