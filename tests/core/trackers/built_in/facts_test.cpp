#include "core/trackers/built_in/facts.h"

#include "tests/support/temporary_folder.h"

#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::test::TemporaryFolder;
using sporvakt::trackers::read_facts;

TEST_GROUP(FactTables) {
    TemporaryFolder folder;

    std::string table(const std::string& content) const {
        std::ofstream(folder.file("table.txt")) << content;
        return folder.file("table.txt");
    }
};

TEST(FactTables, HaveRowsBetweenComments) {
    const auto rows = read_facts(table("# head\n\na|b|\n  c | d d | e\n"), 3);
    LONGS_EQUAL(2, rows->size());
    CHECK(rows->at(0).fields.at(2).empty());
    CHECK(rows->at(1).fields.at(1) == "d d");
    LONGS_EQUAL(4, rows->at(1).line);
}

TEST(FactTables, ARowOfAnotherLengthIsNamed) {
    const auto rows = read_facts(table("a|b\nc\n"), 2);
    CHECK(rows.error().message.find("table.txt:2:") != std::string::npos);
}
