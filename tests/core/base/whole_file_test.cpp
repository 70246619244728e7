#include "core/base/whole_file.h"

#include "tests/support/full_disk.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::put_in_place;
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
