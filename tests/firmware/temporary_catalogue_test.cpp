#include "firmware/temporary_catalogue.h"

#include "tests/support/temporary_folder.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <CppUTest/TestHarness.h>

using sporvakt::RecordType;
using sporvakt::firmware::temporary_catalogue;
using sporvakt::test::TemporaryFolder;

TEST_GROUP(TemporaryCatalogues) {
    TemporaryFolder folder;
    TemporaryFolder temporary;

    void setup() override {
        ::setenv("TMPDIR", temporary.path().c_str(), 1);
    }
    void teardown() override {
        ::unsetenv("TMPDIR");
    }
};

TEST(TemporaryCatalogues, LeaveNothingBehind) {
    std::ofstream(folder.file("list.txt")) << "ads.example.com\n";
    const auto catalogue = temporary_catalogue({folder.file("list.txt")});
    CHECK(catalogue.has_value());
    CHECK((*catalogue)->find_rule("ads.example.com", RecordType::A).has_value());
    CHECK(std::filesystem::is_empty(temporary.path()));
}

TEST(TemporaryCatalogues, AListThatIsNoneLeavesNothingEither) {
    CHECK(!temporary_catalogue({folder.file("absent.txt")}));
    CHECK(std::filesystem::is_empty(temporary.path()));
}
