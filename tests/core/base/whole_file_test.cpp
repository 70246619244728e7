#include "core/base/whole_file.h"

#include "tests/support/full_disk.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::put_in_place;
using sporvakt::read_whole_file;
using sporvakt::replace_file;

TEST_GROUP(WholeFile) {
    sporvakt::test::TemporaryFolder folder;
    std::string path = folder.file("status");

    [[nodiscard]] std::string content() const {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    [[nodiscard]] bool nothing_is_left_beside() const {
        return !std::filesystem::exists(path + ".new");
    }
};

TEST(WholeFile, IsMadeAndReplaced) {
    CHECK(replace_file(path, "first").has_value());
    STRCMP_EQUAL("first", content().c_str());
    CHECK(replace_file(path, std::string(100'000, 'x')).has_value());
    LONGS_EQUAL(100'000, content().size());
    CHECK(replace_file(path, "").has_value());
    CHECK(std::filesystem::exists(path));
    STRCMP_EQUAL("", content().c_str());
    CHECK(nothing_is_left_beside());
}

TEST(WholeFile, IsItsOwnersAlone) {
    CHECK(replace_file(path, "secret").has_value());
    CHECK(std::filesystem::status(path).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST(WholeFile, StaysAsItWasWhenTheDiskIsFull) {
    CHECK(replace_file(path, "first").has_value());
    {
        const sporvakt::test::FullDisk full(1'000);
        CHECK_FALSE(replace_file(path, std::string(100'000, 'x')).has_value());
    }
    STRCMP_EQUAL("first", content().c_str());
    CHECK(nothing_is_left_beside());
}

TEST(WholeFile, TakesTheHalfOfAnEarlierWriterAway) {
    std::ofstream(path + ".new") << "a writer that was killed left this, and it is longer";
    CHECK(replace_file(path, "short").has_value());
    STRCMP_EQUAL("short", content().c_str());
}

TEST(WholeFile, NeedsItsFolder) {
    const auto written = replace_file(folder.file("none/status"), "x");
    CHECK_FALSE(written.has_value());
    STRCMP_CONTAINS("none/status.new", written.error().message.c_str());
}

TEST(WholeFile, AFileThatIsNotThereIsNotPutInPlace) {
    CHECK(replace_file(path, "first").has_value());
    CHECK_FALSE(put_in_place(folder.file("missing"), path).has_value());
    STRCMP_EQUAL("first", content().c_str());
}

TEST(WholeFile, IsReadUpToItsLimit) {
    CHECK(replace_file(path, "12345").has_value());
    STRCMP_EQUAL("12345", read_whole_file(path, 5)->c_str());
    const auto too_long = read_whole_file(path, 4);
    CHECK(too_long.error().code == sporvakt::Errc::InvalidInput);
    STRCMP_CONTAINS((path + ": holds more than 4 bytes").c_str(), too_long.error().message.c_str());
}

TEST(WholeFile, MayBeEmptyAndMayNotBeThere) {
    CHECK(read_whole_file(path, 10).error().code == sporvakt::Errc::NotFound);
    CHECK(replace_file(path, "").has_value());
    CHECK(read_whole_file(path, 10)->empty());
    CHECK_FALSE(read_whole_file(folder.path(), 10).has_value());  // a folder is no file
}
