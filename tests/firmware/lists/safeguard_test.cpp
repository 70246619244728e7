#include "firmware/lists/safeguard.h"

#include "core/trackers/name_expressions.h"
#include "tests/support/full_disk.h"
#include "tests/support/temporary_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace std::string_literals;
using firmware::ProtectedSite;
using firmware::read_protected_sites;
using firmware::Safeguard;

namespace {

// RE2 makes a few things on first use and keeps them; made before the tests, they are nobody's
// leak.
const bool kIsRefused = trackers::NameExpressions::fault_of("((a{100}){100}){100}").has_value();

}  // namespace

TEST_GROUP(Safeguard) {
    test::TemporaryFolder folder;
    std::string path = folder.file("list.part");
    std::string scratch = folder.file("list.scratch");
    Safeguard safeguard{{{true, "time.example"},
                         {false, "www.a.example"},
                         {false, "www.b.example"},
                         {false, "www.c.example"},
                         {false, "www.d.example"},
                         {false, "www.e.example"},
                         {false, "www.f.example"}}};

    Result<trackers::ListReport> examine(const std::string& text,
                                         std::optional<std::uint64_t> before = {}) const {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
        return safeguard.examine(path, before, scratch);
    }

    void check_refused(const Result<trackers::ListReport>& report, const char* why) const {
        CHECK_FALSE(report.has_value());
        STRCMP_CONTAINS(why, report.error().message.c_str());
        CHECK_FALSE(std::filesystem::exists(scratch));
    }

    static std::string names(int count) {
        std::string text;
        for (int number = 0; number < count; ++number) {
            text += "tracker" + std::to_string(number) + ".example\n";
        }
        return text;
    }
};

TEST(Safeguard, TellsWhatIsInAGoodList) {
    const auto report = examine("||ads.example^\n##.banner\n");
    CHECK(report.has_value());
    LONGS_EQUAL(1, report->taken());
    LONGS_EQUAL(2, report->lines);
    CHECK_FALSE(std::filesystem::exists(scratch));
}

TEST(Safeguard, RefusesWhatIsNoList) {
    check_refused(examine("<!DOCTYPE html>\n<html><body>ads.example</body></html>\n"),
                  "not a list");
    check_refused(examine("\x1f\x8b\x08\0\0"s + "ads.example\n"), "not a list");
    check_refused(examine("Please log in to the network first\n"), "not a list");
    check_refused(examine(std::string(70'000, 'a')), "not a list");
}

TEST(Safeguard, RefusesWhatHoldsNoRule) {
    check_refused(examine(""), "no rule");
    check_refused(examine("# moved to another place\n\n"), "no rule");
    check_refused(examine("##.banner\n"), "no rule");
}

TEST(Safeguard, RefusesAListThatShrankByHalf) {
    check_refused(examine(names(49), 100), "shrank from 100 rules to 49");
    CHECK(examine(names(50), 100).has_value());
    CHECK(examine(names(49)).has_value());
}

TEST(Safeguard, SmallListsShrinkAsTheyLike) {
    CHECK(examine(names(1), 19).has_value());
    check_refused(examine(names(1), 20), "shrank");
}

TEST(Safeguard, RefusesAListThatBlocksWhatMachinesNeed) {
    check_refused(examine("time.example\n"), "would block time.example");
    check_refused(examine("||time.example^\n"), "would block time.example");
    CHECK(kIsRefused);
    check_refused(examine("/^time/\n"), "would block time.example");
    check_refused(examine("||time.example^$dnstype=AAAA\n"), "would block time.example");
    CHECK(examine("ads.time.example\n").has_value());
    CHECK(examine("||time.example^\n@@||time.example^\n").has_value());
}

TEST(Safeguard, RefusesAListThatBlocksManySites) {
    const std::string five =
        "||a.example^\n||b.example^\n||c.example^\n||d.example^\n||e.example^\n";
    CHECK(examine(five).has_value());
    check_refused(examine(five + "||f.example^\n"), "6 of 6 sites that many people visit");
}

TEST(Safeguard, SaysWhenTheDiskIsFull) {
    std::ofstream(path) << names(5'000);
    const test::FullDisk full(30'000);
    check_refused(safeguard.examine(path, {}, scratch), scratch.c_str());
}

TEST(Safeguard, OurOwnFileKeepsToItsRules) {
    const auto sites =
        read_protected_sites(SPORVAKT_SOURCE_DIR "/firmware/lists/protected-sites.txt");
    CHECK_TEXT(sites.has_value(), sites ? "" : sites.error().message.c_str());
    const auto needed = std::count_if(sites->begin(), sites->end(),
                                      [](const ProtectedSite& site) { return site.is_needed; });
    CHECK(needed >= 30);
    CHECK(std::ssize(*sites) - needed >= 40);
}

TEST(Safeguard, RefusesSitesThatBreakTheRules) {
    for (const char* const row :
         {"clock | time.example", "time | not a name", "time | Time.example",
          "time | a.example\nsite | a.example", "time | a | b"}) {
        std::ofstream(path, std::ios::trunc) << row << "\n";
        CHECK_FALSE_TEXT(read_protected_sites(path).has_value(), row);
    }
    CHECK_FALSE(read_protected_sites(folder.file("missing")).has_value());
}
