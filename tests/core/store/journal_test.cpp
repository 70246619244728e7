#include "core/store/journal.h"

#include "tests/support/full_disk.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using store::Access;
using store::Journal;

TEST_GROUP(Journal) {
    test::TemporaryFolder folder;
    std::string path = folder.file("journal");

    static std::vector<std::uint8_t> record(std::string_view text) {
        return {text.begin(), text.end()};
    }
    void write(std::initializer_list<const char*> texts) const {
        auto journal = Journal::open(path, Access::ReadWrite);
        for (const char* text : texts) {
            CHECK_TRUE(journal->append({record(text)}).has_value());
        }
    }
    static std::string content(const Journal& journal) {
        std::string text;
        CHECK_TRUE(journal.replay([&](Bytes one) { text += std::string(as_text(one)) + " "; })
                       .has_value());
        return text;
    }
    std::string content() const {
        return content(*Journal::open(path, Access::ReadOnly));
    }
};

TEST(Journal, GivesItsRecordsBackInOrder) {
    write({"one", "two"});
    write({"three"});

    STRCMP_EQUAL("one two three ", content().c_str());
}

TEST(Journal, AppendsManyAtOnce) {
    auto journal = Journal::open(path, Access::ReadWrite);
    CHECK_TRUE(journal->append({record("a"), record("b")}).has_value());
    CHECK_TRUE(journal->append({}).has_value());

    STRCMP_EQUAL("a b ", content(*journal).c_str());
    LONGS_EQUAL(2 * (4 + 4 + 1), journal->size());
}

TEST(Journal, ThatIsMissingIsEmptyForAReader) {
    STRCMP_EQUAL("", content().c_str());
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST(Journal, IsEmptyAfterClearingAndGrowsAgain) {
    auto journal = Journal::open(path, Access::ReadWrite);
    CHECK_TRUE(journal->append({record("old")}).has_value());
    CHECK_TRUE(journal->clear().has_value());
    LONGS_EQUAL(0, journal->size());
    CHECK_TRUE(journal->append({record("new")}).has_value());

    STRCMP_EQUAL("new ", content().c_str());
}

TEST(Journal, TornAtAnyPlaceGivesTheRecordsBeforeAndGrowsFromThere) {
    write({"first", "second"});
    const auto whole = std::filesystem::file_size(path);
    const auto first = whole - (4 + 4 + 6);
    for (auto length = first; length < whole; ++length) {
        std::filesystem::resize_file(path, length);
        STRCMP_EQUAL("first ", content().c_str());
        write({"second"});
        STRCMP_EQUAL("first second ", content().c_str());
    }
}

TEST(Journal, EndsWhereAPowerCutLeftZeros) {
    write({"first"});
    std::filesystem::resize_file(path, std::filesystem::file_size(path) + 100);

    STRCMP_EQUAL("first ", content().c_str());
}

TEST(Journal, EndsAtARecordThatChanged) {
    write({"first", "second", "third"});
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4 + 4 + 5 + 4 + 4);
    file.put('S');
    file.close();

    STRCMP_EQUAL("first ", content().c_str());
}

TEST(Journal, OnAFullDiskKeepsNoneOfTheRecordsAndAllOlder) {
    auto journal = Journal::open(path, Access::ReadWrite);
    CHECK_TRUE(journal->append({record("old")}).has_value());
    {
        const test::FullDisk disk(4096);
        const auto refused = journal->append({record("new"), std::vector<std::uint8_t>(10'000, 1)});
        CHECK(refused.error().code == Errc::Storage);
    }
    STRCMP_EQUAL("old ", content().c_str());

    CHECK_TRUE(journal->append({record("again")}).has_value());
    STRCMP_EQUAL("old again ", content().c_str());
}

TEST(Journal, RefusesRecordsThatItCouldNotReadAgain) {
    auto journal = Journal::open(path, Access::ReadWrite);

    CHECK_FALSE(journal->append({{}}).has_value());
    CHECK_FALSE(
        journal->append({std::vector<std::uint8_t>(Journal::kRecordBytesMax + 1)}).has_value());
    LONGS_EQUAL(0, journal->size());
}

TEST(Journal, SaysThatTheFolderIsMissing) {
    const auto opened = Journal::open(folder.file("no/journal"), Access::ReadWrite);

    CHECK(opened.error().message.find("no/journal") != std::string::npos);
}
