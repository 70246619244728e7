#include "firmware/share_folder.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::firmware::share_file;

TEST_GROUP(ShareFolder){};

TEST(ShareFolder, LiesBesideTheFolderOfTheProgram) {
    const auto path = share_file("catalogue.mdb");
    CHECK(path.has_value());
    CHECK(path->starts_with('/'));
    CHECK(path->ends_with("/share/sporvakt/catalogue.mdb"));
    CHECK(path->find("..") == std::string::npos);
}
