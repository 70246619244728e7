#include "firmware/lists/list_status.h"

#include "tests/support/full_disk.h"
#include "tests/support/temporary_folder.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using firmware::ListOutcome;
using firmware::ListStatus;
using firmware::ListStatusFile;

TEST_GROUP(ListStatus) {
    test::TemporaryFolder folder;
    std::string path = folder.file("status.json");
    ListStatusFile file{path};

    static ListStatus example() {
        ListStatus status;
        status.id = "adaway";
        status.url = "https://lists.example/hosts.txt";
        status.outcome = ListOutcome::Refused;
        status.reason = "it holds no rule at all";
        status.checked_at = *timestamp_from_rfc3339("2026-11-22T04:00:00.000Z");
        status.taken_at = *timestamp_from_rfc3339("2026-11-21T04:00:00.000Z");
        status.validators = {"\"7\"", "Sat, 21 Nov 2026 00:00:00 GMT"};
        status.bytes = 243'454;
        status.format = "hosts";
        status.lines = 7'000;
        status.rules = 6'542;
        status.skipped = {{"not a host name", 2, 17, "0.0.0.0 \"&\\"}};
        return status;
    }
    void write(const std::string& text) const {
        std::ofstream(path, std::ios::binary) << text;
    }
};

TEST(ListStatus, IsEmptyWhileThereIsNoFile) {
    CHECK(file.read().has_value());
    CHECK(file.read()->empty());
}

TEST(ListStatus, ReadsWhatItWrote) {
    ListStatus other = example();
    other.id = "nordic";
    other.taken_at.reset();
    for (const ListOutcome outcome :
         {ListOutcome::Taken, ListOutcome::Unchanged, ListOutcome::Refused, ListOutcome::Failed}) {
        other.outcome = outcome;
        CHECK(file.write({example(), other}).has_value());
        CHECK((*file.read() == std::vector<ListStatus>{example(), other}));
    }
}

TEST(ListStatus, DescribesAListByWhatWasReadOfIt) {
    trackers::ListReport report;
    report.format = trackers::ListFormat::Adblock;
    report.lines = 12;
    report.blocks = 5;
    report.allows = 2;
    report.skipped.at(0) = {3, 4, "##.banner"};
    ListStatus status = example();
    status.describe(report);

    STRCMP_EQUAL("adblock", status.format.c_str());
    LONGS_EQUAL(12, status.lines);
    LONGS_EQUAL(7, status.rules);
    LONGS_EQUAL(1, status.skipped.size());
    LONGS_EQUAL(3, status.skipped.front().count);
    LONGS_EQUAL(4, status.skipped.front().example_line);
    STRCMP_CONTAINS("cosmetic", status.skipped.front().kind.c_str());
}

TEST(ListStatus, AnExampleMayBeAnyBytes) {
    ListStatus status = example();
    status.skipped.front().example = "\xff\xfe bl\xe5";
    CHECK(file.write({status}).has_value());
    STRCMP_CONTAINS(" bl", file.read()->front().skipped.front().example.c_str());
}

TEST(ListStatus, SaysWhenTheFileIsNotOurs) {
    for (const std::string& text :
         {std::string(), std::string("no JSON"), std::string("[]"),
          std::string(R"({"lists":[{}]})"), std::string(R"({"lists":[{"id":7}]})"),
          std::string(2'000'000, ' ')}) {
        write(text);
        const auto read = file.read();
        CHECK_FALSE(read.has_value());
        STRCMP_CONTAINS("fetched anew", read.error().message.c_str());
    }
    CHECK(file.write({example()}).has_value());
    std::ifstream whole(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(whole), {}};
    write(text.insert(text.find("2026"), "yesterday"));
    CHECK_FALSE(file.read().has_value());
}

TEST(ListStatus, StaysAsItWasWhenTheDiskIsFull) {
    CHECK(file.write({example()}).has_value());
    {
        const test::FullDisk full(100);
        CHECK_FALSE(file.write({example(), example()}).has_value());
    }
    CHECK((*file.read() == std::vector<ListStatus>{example()}));
}
