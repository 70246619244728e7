#include "core/trackers/list_report.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Bytes;
using sporvakt::trackers::ListFormat;
using sporvakt::trackers::ListReport;
using sporvakt::trackers::read_reports;
using sporvakt::trackers::SkipKind;
using sporvakt::trackers::stored_reports;

TEST_GROUP(ListReports){static std::vector<ListReport> two(){ListReport full;
full.name = "adaway";
full.format = ListFormat::Hosts;
full.lines = 70'000'000'000;
full.blocks = 5;
full.allows = 4;
full.cancels = 3;
full.expressions = 2;
full.names = 9;
full.only_here = 1;
full.skipped.at(static_cast<std::size_t>(SkipKind::Url)) = {7, 3, "||a.example/x"};
full.skipped.at(static_cast<std::size_t>(SkipKind::NotUnderstood)) = {1, 9, "\xff"};
full.shared = {{1, 8}};
ListReport empty;
empty.name = "empty";
return {full, empty};
}
}
;

TEST(ListReports, WhatIsStoredIsRead) {
    const auto bytes = stored_reports(two());
    CHECK(*read_reports(bytes) == two());
    CHECK(read_reports(stored_reports({}))->empty());
}

TEST(ListReports, BytesCutShortAreRefused) {
    const auto bytes = stored_reports(two());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CHECK(!read_reports(Bytes(bytes).first(size)));
    }
}

TEST(ListReports, DamagedBytesAreRefusedOrNameListsThatThereAre) {
    const auto whole = stored_reports(two());
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto damaged = whole;
        damaged[at] = 0xff;
        if (const auto reports = read_reports(damaged)) {
            for (const ListReport& report : *reports) {
                CHECK(report.shared.empty() || report.shared.front().list < reports->size());
            }
        }
    }
}
