#include "firmware/lists/list_statistics.h"

#include "core/trackers/list_compiler.h"
#include "firmware/list_plan.h"
#include "tests/support/ledger_builder.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using firmware::list_statistics;
using firmware::ListPlan;
using firmware::ListStatistics;

TEST_GROUP(ListStatistics) {
    test::TemporaryFolder folder;
    std::string built_in = folder.file("built-in.mdb");

    void setup() override {
        trackers::CatalogueWriter writer;
        const auto list = writer.add_list("built-in").value_or(0);
        CHECK(writer.add(list, trackers::NameRule{"pixel.example", {}, {}, "", ""}).has_value());
        CHECK(writer.write(built_in, "2026-11-21T00:00:00.000Z").has_value());
        std::ofstream(folder.file("adaway")) << "a.example.com\nb.example.com\nc.example.com\n";
        std::ofstream(folder.file("native")) << "||b.example.com^\n";
        const auto compile = [](const auto& texts, const std::string& out) -> Result<void> {
            SPORVAKT_TRY(trackers::compile_lists(texts, out, "2026-11-21T00:00:00.000Z", {}));
            return {};
        };
        CHECK(ListPlan(folder.path(), built_in)
                  .update({folder.file("adaway"), folder.file("native")}, compile)
                  .has_value());
    }
    [[nodiscard]] std::vector<ListStatistics> all() const {
        return test::value_of(list_statistics(folder.path(), built_in));
    }
};

TEST(ListStatistics, TellEachListInForceBesideTheOthers) {
    const auto lists = all();
    LONGS_EQUAL(3, lists.size());
    STRCMP_EQUAL("built-in", lists[0].report.name.c_str());
    STRCMP_EQUAL("adaway", lists[1].report.name.c_str());
    LONGS_EQUAL(3, lists[1].report.names);
    LONGS_EQUAL(2, lists[1].report.only_here);
    CHECK(lists[1].shared == (std::vector<std::pair<std::string, std::uint64_t>>{{"native", 1}}));
    CHECK_FALSE(lists[1].prevented.has_value());
}

TEST(ListStatistics, CountWhatEachListPrevented) {
    test::LedgerBuilder keeper;
    keeper.add({test::SightingBuilder().list("adaway").name("a.example.com").build(),
                test::SightingBuilder().list("adaway").name("b.example.com").build(),
                test::SightingBuilder().list("another").name("x.example.com").build()});
    keeper.commit();
    std::filesystem::copy_file(keeper.environment().path(), folder.file("ledger.mdb"));

    const auto lists = all();
    LONGS_EQUAL(0, *lists[0].prevented);
    LONGS_EQUAL(2, *lists[1].prevented);
    LONGS_EQUAL(0, *lists[2].prevented);
}

TEST(ListStatistics, FailWhenTheRecordOfContactsIsNone) {
    std::ofstream(folder.file("ledger.mdb")) << "not one of ours, whatever it is\n";
    CHECK_FALSE(list_statistics(folder.path(), built_in).has_value());
}
