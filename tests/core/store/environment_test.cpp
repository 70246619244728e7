#include "core/store/environment.h"

#include "core/base/byte_writer.h"
#include "tests/support/full_disk.h"
#include "tests/support/store_builder.h"

#include <fstream>
#include <random>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using store::Access;
using store::Environment;
using store::EnvironmentOptions;
using store::WriteTransaction;

namespace {

constexpr std::size_t kSmallMap = std::size_t{64} << 10U;

EnvironmentOptions writable(std::size_t map_size = kSmallMap) {
    EnvironmentOptions options;
    options.access = Access::ReadWrite;
    options.tables = {"words"};
    options.map_size = map_size;
    options.map_size_max = kSmallMap * 64;
    options.resize_wait = std::chrono::milliseconds(0);
    return options;
}

EnvironmentOptions readable() {
    EnvironmentOptions options;
    options.tables = {"words"};
    options.resize_wait = std::chrono::milliseconds(0);
    return options;
}

}  // namespace

TEST_GROUP(Environment) {
    test::TemporaryFolder folder;
    std::string path = folder.file("a.mdb");

    /// Puts `count` values of 1 kB each in one transaction.
    static Result<void> fill(Environment & environment, std::uint32_t count) {
        const std::string value(1000, 'v');
        return environment.update([&](WriteTransaction& transaction) -> Result<void> {
            for (std::uint32_t i = 0; i < count; ++i) {
                const ByteWriter key = ByteWriter().u32(i);
                SPORVAKT_TRY(
                    transaction.put(environment.table("words"), key.result(), as_bytes(value)));
            }
            return {};
        });
    }

    static std::uint64_t count(Environment & environment) {
        const auto transaction = environment.begin_read();
        return transaction ? *transaction->count(environment.table("words")) : 0;
    }

    /// Runs `work` in a child process, which must end with 0.
    template <class Work>
    static void in_another_process(Work work) {
        const pid_t child = fork();
        if (child == 0) {
            _exit(work());
        }
        int status = -1;
        waitpid(child, &status, 0);
        LONGS_EQUAL(0, status);
    }
};

TEST(Environment, KeepsWhatWasCommittedOverAReopening) {
    CHECK_TRUE(test::put_text(**Environment::open(path, writable()), "a", "1").has_value());

    STRCMP_EQUAL("1", test::text_at(**Environment::open(path, readable()), "a").c_str());
}

TEST(Environment, SaysThatTheFileDoesNotExist) {
    const auto opened = Environment::open(path, readable());

    CHECK(opened.error().code == Errc::NotFound);
    CHECK(opened.error().message.find(path) != std::string::npos);
}

TEST(Environment, SaysThatAFileIsNoDatabase) {
    std::ofstream(path) << std::string(10'000, 'x');

    const auto opened = Environment::open(path, readable());
    CHECK(opened.error().code == Errc::Storage);
    CHECK(opened.error().message.find("not a database") != std::string::npos);
}

TEST(Environment, ReaderFailsOnATableThatIsMissing) {
    CHECK_TRUE(Environment::open(path, writable()).has_value());
    EnvironmentOptions options = readable();
    options.tables = {"words", "missing"};

    CHECK(Environment::open(path, options).error().code == Errc::NotFound);
}

TEST(Environment, ReaderGoesOnWithoutATableThatCameLaterButWithoutNoOther) {
    CHECK(Environment::open(path, writable()).has_value());
    EnvironmentOptions options = readable();
    options.late_tables = {"later"};
    {
        const auto older = Environment::open(path, options);
        CHECK(older.has_value());
        CHECK_FALSE((*older)->find_table("later").has_value());
        CHECK((*older)->find_table("words").has_value());
    }
    options.tables.emplace_back("missing");
    CHECK_FALSE(Environment::open(path, options).has_value());
    EnvironmentOptions newer = writable();
    newer.late_tables = {"later"};
    CHECK((*Environment::open(path, newer))->find_table("later").has_value());
    options.tables = {"words"};
    CHECK((*Environment::open(path, options))->find_table("later").has_value());
}

TEST(Environment, ReaderMayNotWrite) {
    CHECK_TRUE(Environment::open(path, writable()).has_value());

    CHECK_FALSE((*Environment::open(path, readable()))->begin_write().has_value());
}

TEST(Environment, GrowsWhenTheMapIsFull) {
    const auto environment = std::move(*Environment::open(path, writable()));

    CHECK_TRUE(fill(*environment, 1000).has_value());
    LONGS_EQUAL(1000, count(*environment));
    CHECK(environment->used_bytes() > 1'000'000);
}

TEST(Environment, RefusesToGrowOverTheMaximumAndGoesOnWorking) {
    EnvironmentOptions options = writable();
    options.map_size_max = options.map_size;
    const auto environment = std::move(*Environment::open(path, options));
    CHECK_TRUE(test::put_text(*environment, "a", "1").has_value());

    const auto refused = fill(*environment, 1000);
    CHECK(refused.error().code == Errc::Storage);
    CHECK(refused.error().message.find("largest allowed size") != std::string::npos);
    LONGS_EQUAL(1, count(*environment));
    CHECK_TRUE(test::put_text(*environment, "b", "2").has_value());
}

TEST(Environment, DoesNotGrowUnderAnOpenTransaction) {
    const auto environment = std::move(*Environment::open(path, writable()));
    {
        const auto reader = environment->begin_read();
        CHECK(fill(*environment, 1000).error().code == Errc::Unavailable);
    }

    CHECK_TRUE(fill(*environment, 1000).has_value());
}

TEST(Environment, ReaderFollowsAMapThatAnotherProcessMadeLarger) {
    CHECK_TRUE(Environment::open(path, writable()).has_value());
    EnvironmentOptions options = readable();
    options.map_size = kSmallMap;
    const auto reader = std::move(*Environment::open(path, options));
    in_another_process([&] {
        const auto writer = Environment::open(path, writable());
        return writer && fill(**writer, 1000) ? 0 : 1;
    });

    LONGS_EQUAL(1000, count(*reader));
}

TEST(Environment, AKilledWriterLeavesTheLastCommit) {
    in_another_process([&] {
        const auto writer = std::move(*Environment::open(path, writable()));
        if (!test::put_text(*writer, "a", "1")) {
            return 1;
        }
        auto transaction = writer->begin_write();
        if (!transaction->put(writer->table("words"), as_bytes("a"), as_bytes("2"))) {
            return 1;
        }
        _exit(0);  // no destructor runs, as with SIGKILL: the lock is left behind
    });

    const auto next = std::move(*Environment::open(path, writable()));
    STRCMP_EQUAL("1", test::text_at(*next, "a").c_str());
    CHECK_TRUE(test::put_text(*next, "a", "3").has_value());
}

TEST(Environment, ADiskThatIsFullFailsTheCommitAndLosesNothingOlder) {
    const auto environment = std::move(*Environment::open(path, writable(kSmallMap * 64)));
    CHECK_TRUE(test::put_text(*environment, "a", "1").has_value());
    {
        const test::FullDisk disk(rlim_t{32} << 10U);
        const auto refused = fill(*environment, 1000);
        CHECK_FALSE(refused.has_value());
        CHECK(refused.error().code == Errc::Storage);
    }

    STRCMP_EQUAL("1", test::text_at(*environment, "a").c_str());
    CHECK_TRUE(fill(*environment, 1000).has_value());
}

TEST(Environment, WorkThatFailsIsUndoneAndNotRepeated) {
    const auto environment = std::move(*Environment::open(path, writable()));
    int runs = 0;
    const auto outcome = environment->update([&](WriteTransaction& transaction) -> Result<void> {
        ++runs;
        SPORVAKT_TRY(transaction.put(environment->table("words"), as_bytes("a"), as_bytes("1")));
        return fail(Errc::InvalidInput, "no");
    });

    STRCMP_EQUAL("no", outcome.error().message.c_str());
    LONGS_EQUAL(1, runs);
    LONGS_EQUAL(0, count(*environment));
}

TEST(Environment, AnImmutableFileIsReadWithoutALockFile) {
    {
        EnvironmentOptions options = writable();
        options.sharing = store::Sharing::Immutable;
        options.durability = store::Durability::AtSync;
        const auto writer = std::move(*Environment::open(path, options));
        CHECK_TRUE(test::put_text(*writer, "a", "1").has_value());
        CHECK_TRUE(writer->sync().has_value());
    }
    EnvironmentOptions options = readable();
    options.sharing = store::Sharing::Immutable;
    const auto first = std::move(*Environment::open(path, options));
    const auto second = std::move(*Environment::open(path, options));

    STRCMP_EQUAL("1", test::text_at(*first, "a").c_str());
    STRCMP_EQUAL("1", test::text_at(*second, "a").c_str());
    CHECK_FALSE(std::filesystem::exists(path + "-lock"));
}

TEST(Environment, ManyThreadsReadWhileOneWritesAndTheMapGrows) {
    EnvironmentOptions options = writable();
    options.resize_wait = std::chrono::seconds(60);
    options.map_size_max = kSmallMap * 1024;  // readers keep old pages from being used again
    const auto environment = std::move(*Environment::open(path, options));
    std::atomic<bool> done{false};
    std::atomic<bool> sound{true};
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            while (!done) {
                const auto transaction = environment->begin_read();
                const auto seen = transaction ? transaction->count(environment->table("words"))
                                              : Result<std::uint64_t>(1);
                sound = sound && seen && *seen % 100 == 0;
            }
        });
    }
    for (std::uint32_t size = 100; size <= 1000; size += 100) {
        CHECK_TRUE(fill(*environment, size).has_value());
    }
    done = true;
    for (std::thread& reader : readers) {
        reader.join();
    }

    CHECK_TRUE(sound);
}

TEST(Environment, ReaderOpensAFileThatEndsBeforeItsLastPage) {
    std::mt19937 random(0);
    const auto writer = std::move(*Environment::open(path, writable(kSmallMap * 64)));
    const auto key = [](std::size_t number) {
        return ByteWriter().u32(static_cast<std::uint32_t>(number)).result();
    };
    const auto put_and_erase_at_random = [&](WriteTransaction& transaction) -> Result<void> {
        const store::Table words = writer->table("words");
        const std::size_t base = random() % 1000;
        for (std::size_t i = random() % 400; i > 0; --i) {
            const std::vector<std::uint8_t> value(random() % 3000, 1);
            SPORVAKT_TRY(transaction.put(words, key(base + i), value));
        }
        for (std::size_t i = random() % 400; i > 0; --i) {
            SPORVAKT_TRY(transaction.erase(words, key(base + i)));
        }
        return {};
    };
    int tries = 0;
    while (std::filesystem::file_size(path) >= writer->used_bytes() && tries < 200) {
        CHECK_TRUE(writer->update(put_and_erase_at_random).has_value());
        ++tries;
    }
    CHECK(std::filesystem::file_size(path) < writer->used_bytes());

    in_another_process([&] { return Environment::open(path, readable()) ? 0 : 1; });
}

TEST(Environment, AFinishedFileThatWasCutShortIsRefused) {
    EnvironmentOptions options = writable(kSmallMap * 64);
    options.sharing = store::Sharing::Immutable;
    CHECK_TRUE(fill(**Environment::open(path, options), 1000).has_value());
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    options = readable();
    options.sharing = store::Sharing::Immutable;

    CHECK(Environment::open(path, options).error().code == Errc::Storage);
}

TEST(Environment, CountsWhatAnyProcessCommitted) {
    const auto environment = *Environment::open(path, writable());
    const std::uint64_t before = environment->last_commit();
    CHECK_TRUE(test::put_text(*environment, "a", "1").has_value());
    const std::uint64_t mine = environment->last_commit();
    CHECK(mine > before);
    CHECK(environment->begin_write().has_value());  // and let go
    LONGS_EQUAL(mine, environment->last_commit());

    in_another_process(
        [this] { return test::put_text(**Environment::open(path, writable()), "b", "2") ? 0 : 1; });
    CHECK(environment->last_commit() > mine);
}
