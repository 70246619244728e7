#include "core/devices/vendor_list.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::Errc;
using sporvakt::devices::vendor_list_from_json;

TEST_GROUP(VendorList){};

TEST(VendorList, IsSortedAndKeepsTheNameOnly) {
    const auto list = vendor_list_from_json(
        R"({"8C79F5":"Samsung\nSuwon\nKorea","3C22FB":"Apple, Inc.\n1 Loop","3C22FB1":"Small"})");

    STRCMP_EQUAL("3C22FB\tApple, Inc.\n3C22FB1\tSmall\n8C79F5\tSamsung\n", list->c_str());
}

TEST(VendorList, LeavesOutWhatNamesNoVendor) {
    const auto list = vendor_list_from_json(
        R"({"3C22FB":"Apple","000001":"Private","000002":"IEEE Registration Authority\nUS",
            "000003":"","00000":"Short","0000G4":"Letter","000005":7})");

    STRCMP_EQUAL("3C22FB\tApple\n", list->c_str());
}

TEST(VendorList, KeepsALineALine) {
    const auto list = vendor_list_from_json(R"({"3C22FB":"Ap\tple\r\nX"})");

    STRCMP_EQUAL("3C22FB\tApple\n", list->c_str());
}

TEST(VendorList, RefusesWhatIsNoRegistry) {
    for (const char* json : {"", "[]", "{", "7", "{}", R"({"version":"2.1.9"})"}) {
        const auto list = vendor_list_from_json(json);
        CHECK_FALSE(list.has_value());
        CHECK(list.error().code == Errc::InvalidInput);
    }
}
