#include "core/store/free_pages.h"

#include "core/store/environment.h"
#include "tests/support/temporary_folder.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::store;
using test::TemporaryFolder;

// Through Environment::overwrite_erased(), which is where anybody needs it.
TEST_GROUP(FreePages) {
    TemporaryFolder folder;
    std::unique_ptr<Environment> environment;

    void setup() override {
        open({});
    }
    void open(EnvironmentOptions options) {
        environment.reset();
        options.access = Access::ReadWrite;
        options.tables = {"names", "more"};
        options.resize_wait = std::chrono::milliseconds(100);
        auto opened = Environment::open(folder.file("names.mdb"), options);
        CHECK_TRUE(opened.has_value());
        environment = std::move(*opened);
    }
    void teardown() override {
        environment.reset();
    }

    static std::string name(const char* kind, int number) {
        return std::string(kind) + "-" + std::to_string(number) + ".example";
    }
    /// Some of them with values that take pages of their own.
    void put(const char* kind, int count, std::size_t value_bytes = 30) {
        CHECK_TRUE(environment
                       ->update([&](WriteTransaction& transaction) -> Result<void> {
                           for (int i = 0; i < count; ++i) {
                               const std::string text = name(kind, i);
                               std::string value = text;
                               while (value.size() < value_bytes) {
                                   value += text;
                               }
                               SPORVAKT_TRY(transaction.put(environment->table("names"),
                                                            as_bytes(text), as_bytes(value)));
                           }
                           return {};
                       })
                       .has_value());
    }
    void erase(const char* kind, int count) {
        CHECK_TRUE(environment
                       ->update([&](WriteTransaction& transaction) -> Result<void> {
                           for (int i = 0; i < count; ++i) {
                               SPORVAKT_TRY(transaction.erase(environment->table("names"),
                                                              as_bytes(name(kind, i))));
                           }
                           return {};
                       })
                       .has_value());
    }
    /// Whether the file's bytes hold it anywhere.
    bool has(const std::string& text) const {
        std::ifstream file(folder.file("names.mdb"), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        return bytes.find(text) != std::string::npos;
    }
    void overwrite() const {
        const auto done = environment->overwrite_erased();
        CHECK_TEXT(done.has_value(), done ? "" : done.error().message.c_str());
    }
    std::uint64_t count() const {
        const auto reading = environment->begin_read();
        return *reading->count(environment->table("names"));
    }
};

TEST(FreePages, KeepWhatWasErasedUntilTheyAreOverwritten) {
    put("kept", 500);
    put("secret", 500);
    put("large-secret", 20, 9000);
    erase("secret", 500);
    erase("large-secret", 20);
    CHECK_TRUE(has("secret"));  // or this test shows nothing
    overwrite();
    CHECK_FALSE(has("secret"));
    CHECK_TRUE(has("kept-499.example"));
    LONGS_EQUAL(500, count());
}

TEST(FreePages, AreOverwrittenAfterManyCommitsToo) {
    for (int round = 0; round < 20; ++round) {
        put("kept", 50 + round);
        put("secret", 200);
        erase("secret", 200);
    }
    overwrite();
    CHECK_FALSE(has("secret"));
    LONGS_EQUAL(69, count());
    put("more", 10);  // it goes on being written to
    LONGS_EQUAL(79, count());
}

// The map has no room to spare at some of these sizes.
TEST(FreePages, AreOverwrittenInAFileThatFillsItsMap) {
    EnvironmentOptions small;
    small.map_size = std::size_t{256} << 10U;
    small.map_size_max = std::size_t{16} << 20U;
    open(small);
    for (int size = 100; size <= 3000; size += 50) {
        put("kept", size, 120);
        put("secret", 50);
        erase("secret", 50);
        overwrite();
        LONGS_EQUAL(size, count());
    }
    CHECK_FALSE(has("secret"));
    CHECK_TRUE(has("kept-2999.example"));
}

TEST(FreePages, AnEmptyFileStaysEmpty) {
    overwrite();
    LONGS_EQUAL(0, count());
}

TEST(FreePages, AreAFewMoreEachTimeWhichOthersThenUse) {
    put("kept", 500);
    overwrite();
    const std::uint64_t once = environment->used_bytes();
    constexpr int kTimes = 20;
    for (int i = 0; i < kTimes; ++i) {
        overwrite();
    }
    constexpr std::uint64_t kFewPages = 10 * std::uint64_t{4096};
    CHECK_TRUE(environment->used_bytes() <= 2 * once + kTimes * kFewPages);
    const std::uint64_t before = environment->used_bytes();
    put("more", 500);
    LONGS_EQUAL(before, environment->used_bytes());
}

TEST(FreePages, ATransactionOfThisProcessThatStaysIsAnErrorAndLosesNothing) {
    put("kept", 10);
    {
        const auto reading = environment->begin_read();
        const auto done = environment->overwrite_erased();
        CHECK_TRUE(done.error().code == Errc::Unavailable);
    }
    LONGS_EQUAL(10, count());
    overwrite();
}
