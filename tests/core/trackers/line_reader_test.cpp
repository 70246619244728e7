#include "core/trackers/line_reader.h"

#include "tests/support/temporary_folder.h"

#include <fstream>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::test::TemporaryFolder;
using sporvakt::trackers::LineReader;

TEST_GROUP(LineReaders) {
    TemporaryFolder folder;
    std::string failure;

    std::vector<std::string> lines_of(const std::string& content) {
        const std::string path = folder.file("list.txt");
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
        auto reader = LineReader::open(path);
        std::vector<std::string> lines;
        while (reader) {
            const auto line = reader->next();
            if (!line) {
                failure = line.error().message;
                break;
            }
            if (!*line) {
                break;
            }
            lines.emplace_back(**line);
        }
        return lines;
    }
};

TEST(LineReaders, GiveLinesWithoutTheirEnds) {
    const std::vector<std::string> expected{"a", "", "b\r", "c"};
    CHECK(lines_of("a\n\nb\r\nc") == expected);
    CHECK(lines_of("").empty());
    CHECK(lines_of("\n") == std::vector<std::string>{""});
}

TEST(LineReaders, CutOffAByteOrderMark) {
    CHECK(lines_of("\xef\xbb\xbf"
                   "a\n") == std::vector<std::string>{"a"});
}

TEST(LineReaders, ReadFilesThatAreLargerThanTheirBuffer) {
    std::string content;
    for (int i = 0; i < 50000; ++i) {
        content += "name-" + std::to_string(i) + ".example\n";
    }
    const auto lines = lines_of(content);
    LONGS_EQUAL(50000, lines.size());
    CHECK(lines.back() == "name-49999.example");
    CHECK(failure.empty());
}

TEST(LineReaders, RefuseALineOver64KiBAndNameIt) {
    const std::string longest(LineReader::kLineBytesMax, 'a');
    LONGS_EQUAL(2, lines_of("x\n" + longest + "\n").size());
    LONGS_EQUAL(1, lines_of("x\n" + longest + "a\n").size());
    CHECK(failure.find("list.txt:2: not a list") != std::string::npos);
    lines_of(std::string(1000000, 'a'));
    CHECK(failure.find("list.txt:1:") != std::string::npos);
}

TEST(LineReaders, RefuseBytesThatAreNotText) {
    lines_of(std::string("a\nb\0c\n", 6));
    CHECK(failure.find("list.txt:2: not a list") != std::string::npos);
    failure.clear();
    lines_of("\x1f\x8b\x08 gzip");
    CHECK(failure.find("list.txt:1:") != std::string::npos);
}

TEST(LineReaders, RefuseWebPages) {
    for (const char* page : {"<!DOCTYPE html>\n", "<html>\n", "  <Head>\n", "<?xml version\n"}) {
        failure.clear();
        lines_of(std::string("# comment\n") + page);
        CHECK(failure.find("list.txt:2: not a list: this is a web page") != std::string::npos);
    }
}

TEST(LineReaders, LatinLettersInCommentsAreText) {
    LONGS_EQUAL(1, lines_of("# \xe5\xe6\xf8\n").size());
    CHECK(failure.empty());
}

TEST(LineReaders, NameTheFileThatCannotBeOpened) {
    const auto reader = LineReader::open(folder.file("absent"));
    CHECK(!reader);
    CHECK(reader.error().message.find("absent") != std::string::npos);
    CHECK(!LineReader::open(folder.path()));
}
