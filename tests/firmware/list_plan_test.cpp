#include "firmware/list_plan.h"

#include "core/trackers/list_compiler.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using sporvakt::firmware::ListPlan;

TEST_GROUP(ListPlan) {
    test::TemporaryFolder folder;
    ListPlan plan{folder.path(), folder.file("built-in.mdb")};
    int compiled = 0;

    std::string list(const std::string& name, const std::string& text) const {
        std::ofstream(folder.file(name)) << text;
        return folder.file(name);
    }

    Result<ListPlan::Change> update(const std::vector<std::string>& files) {
        return plan.update(
            files, [this](const auto& texts, const std::string& out) -> Result<void> {
                ++compiled;
                SPORVAKT_TRY(trackers::compile_lists(texts, out, "2026-11-21T00:00:00.000Z", {}));
                return {};
            });
    }

    [[nodiscard]] bool blocks(std::string_view name) const {
        for (const auto& catalogue : plan.catalogues()) {
            if (catalogue->find_rule(name, RecordType::A)) {
                return true;
            }
        }
        return false;
    }
};

TEST(ListPlan, IsEmptyBeforeTheFirstUpdate) {
    CHECK(plan.paths().empty());
    CHECK(plan.catalogues().empty());
}

TEST(ListPlan, CompilesTextListsTogether) {
    CHECK(update({list("a.txt", "a.example\n"), list("b.txt", "0.0.0.0 b.example\n")}).has_value());

    LONGS_EQUAL(1, plan.catalogues().size());
    CHECK(blocks("a.example"));
    CHECK(blocks("b.example"));
    CHECK_FALSE(blocks("c.example"));
}

TEST(ListPlan, SaysWhetherWhatIsInForceChanged) {
    const std::string text = list("a.txt", "a.example\n");
    CHECK(*update({text}) == ListPlan::Change::Some);
    CHECK(*update({text}) == ListPlan::Change::None);
    list("a.txt", "another.example\n");
    CHECK(*update({text}) == ListPlan::Change::Some);

    const std::string finished = folder.file("finished.mdb");
    CHECK(trackers::compile_lists({text}, finished, "2026-11-21T00:00:00.000Z", {}).has_value());
    CHECK(*update({text, finished}) == ListPlan::Change::Some);
    CHECK(*update({text, finished}) == ListPlan::Change::None);
    CHECK(trackers::compile_lists({list("b.txt", "b.example\n")}, finished,
                                  "2026-11-22T00:00:00.000Z", {})
              .has_value());
    CHECK(*update({text, finished}) == ListPlan::Change::Some);
    CHECK(*update({text}) == ListPlan::Change::Some);
    CHECK(*update({}) == ListPlan::Change::Some);
}

TEST(ListPlan, IsInForceAgainAtTheNextStart) {
    CHECK(update({list("a.txt", "a.example\n")}).has_value());

    LONGS_EQUAL(1, ListPlan(folder.path(), folder.file("built-in.mdb")).catalogues().size());
}

TEST(ListPlan, CompilesOnlyWhatIsNew) {
    const std::string path = list("a.txt", "a.example\n");
    CHECK(update({path}).has_value());
    CHECK(update({path}).has_value());
    LONGS_EQUAL(1, compiled);

    list("a.txt", "another.example\n");
    CHECK(update({path}).has_value());
    LONGS_EQUAL(2, compiled);
    CHECK(blocks("another.example"));

    CHECK(update({path, list("b.txt", "b.example\n")}).has_value());
    LONGS_EQUAL(3, compiled);
}

TEST(ListPlan, CompilesAgainWhatAnotherVersionOfTheProgramHadCompiled) {
    const std::string path = list("a.txt", "a.example\n");
    CHECK(update({path}).has_value());
    const std::string catalogue = plan.paths().front();
    std::ifstream file(catalogue, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(file), {});
    // header = format:u32 rules:u64 length:u16 compiled_at
    bytes[bytes.find("2026-11-21T00:00:00.000Z") - 2 - 8 - 1] = 1;
    std::filesystem::remove(catalogue);
    std::ofstream(catalogue, std::ios::binary) << bytes;
    CHECK(plan.catalogues().empty());

    CHECK(update({path}).has_value());

    LONGS_EQUAL(2, compiled);
    CHECK(blocks("a.example"));
}

TEST(ListPlan, CompilesAgainWhenTheCatalogueIsGone) {
    const std::string path = list("a.txt", "a.example\n");
    CHECK(update({path}).has_value());
    std::filesystem::remove(folder.file("lists.mdb"));

    CHECK(update({path}).has_value());

    LONGS_EQUAL(2, compiled);
}

TEST(ListPlan, TakesFinishedCataloguesAsTheyAre) {
    const std::string text = list("a.txt", "a.example\n");
    const std::string catalogue = folder.file("bought.mdb");
    CHECK(trackers::compile_lists({text}, catalogue, "2026-11-21T00:00:00.000Z", {}).has_value());

    CHECK(update({catalogue}).has_value());

    LONGS_EQUAL(0, compiled);
    CHECK(plan.paths() == std::vector{catalogue});
    CHECK(blocks("a.example"));
}

TEST(ListPlan, StaysAsItWasWhenAFileFails) {
    const std::string path = list("a.txt", "a.example\n");
    CHECK(update({path}).has_value());

    const auto missing = update({folder.file("missing.txt")});
    CHECK_FALSE(missing.has_value());
    STRCMP_CONTAINS("missing.txt", missing.error().message.c_str());
    CHECK_FALSE(update({path, list("broken.mdb", "no catalogue")}).has_value());
    const auto failed = plan.update({list("b.txt", "b.example\n")}, [](const auto&, const auto&) {
        return Result<void>(fail(Errc::Storage, "the disk is full"));
    });
    CHECK_FALSE(failed.has_value());

    CHECK(blocks("a.example"));
    CHECK_FALSE(blocks("b.example"));
}

TEST(ListPlan, ForgetsListsThatAreTakenAway) {
    CHECK(update({list("a.txt", "a.example\n")}).has_value());

    CHECK(update({}).has_value());

    CHECK_FALSE(blocks("a.example"));
}

TEST(ListPlan, LeavesOutACatalogueThatCannotBeOpened) {
    std::ofstream(folder.file("lists.plan")) << "catalogue " << folder.file("gone.mdb") << "\n";

    CHECK(plan.catalogues().empty());
}
