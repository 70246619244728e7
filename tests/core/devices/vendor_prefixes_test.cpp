#include "core/devices/vendor_prefixes.h"

#include "core/base/file_descriptor.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

#include <CppUTest/TestHarness.h>

using sporvakt::MacAddress;
using sporvakt::devices::VendorPrefixes;

namespace {

/// A file that goes when the test goes.
class ScratchFile {
public:
    explicit ScratchFile(std::string_view content) {
        sporvakt::FileDescriptor file(mkstemp(path_.data()));
        CHECK(write(file.get(), content.data(), content.size()) ==
              static_cast<ssize_t>(content.size()));
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ~ScratchFile() { unlink(path_.c_str()); }

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_ = "/tmp/sporvakt-vendors-XXXXXX";
};

std::string vendor_in(std::string_view content, const char* mac) {
    const ScratchFile file(content);
    const auto vendors = VendorPrefixes::open(file.path());
    CHECK(vendors.has_value());
    return std::string((*vendors)->vendor_of(*MacAddress::from_text(mac)).value_or("nobody"));
}

constexpr std::string_view kVendors =
    "0055DA\tBig Block\n0055DA1\tMedium Block\n0055DA12A\tSmall Block\n"
    "240AC4\tEspressif Inc.\n3C22FB\tApple, Inc.\n8C79F5\tSamsung\nFCFFAA\tLast\n";

}  // namespace

TEST_GROUP(VendorPrefixes){};

TEST(VendorPrefixes, KnowsEveryLineOfTheFile) {
    STRCMP_EQUAL("Big Block", vendor_in(kVendors, "00:55:da:f0:00:00").c_str());
    STRCMP_EQUAL("Espressif Inc.", vendor_in(kVendors, "24:0a:c4:12:34:03").c_str());
    STRCMP_EQUAL("Apple, Inc.", vendor_in(kVendors, "3c:22:fb:12:34:01").c_str());
    STRCMP_EQUAL("Samsung", vendor_in(kVendors, "8c:79:f5:12:34:02").c_str());
    STRCMP_EQUAL("Last", vendor_in(kVendors, "fc:ff:aa:00:00:00").c_str());
}

TEST(VendorPrefixes, PrefersTheLongestPrefix) {
    STRCMP_EQUAL("Medium Block", vendor_in(kVendors, "00:55:da:1f:ff:ff").c_str());
    STRCMP_EQUAL("Small Block", vendor_in(kVendors, "00:55:da:12:af:ff").c_str());
}

TEST(VendorPrefixes, KnowsNobodyForOtherPrefixes) {
    for (const char* mac : {"00:00:00:00:00:00", "3c:22:fc:00:00:00", "fc:ff:ab:00:00:00"}) {
        STRCMP_EQUAL("nobody", vendor_in(kVendors, mac).c_str());
    }
}

TEST(VendorPrefixes, KnowsNobodyBehindAMadeUpOrAGroupAddress) {
    constexpr std::string_view kAll = "3E22FB\tMade up\n3D22FB\tGroup\n";
    STRCMP_EQUAL("nobody", vendor_in(kAll, "3e:22:fb:12:34:01").c_str());
    STRCMP_EQUAL("nobody", vendor_in(kAll, "3d:22:fb:12:34:01").c_str());
}

TEST(VendorPrefixes, ReadsAFileOfOneLineWithOrWithoutItsEnd) {
    STRCMP_EQUAL("Apple", vendor_in("3C22FB\tApple", "3c:22:fb:12:34:01").c_str());
    STRCMP_EQUAL("Apple", vendor_in("3C22FB\tApple\n", "3c:22:fb:12:34:01").c_str());
}

TEST(VendorPrefixes, EndsItsSearchInAFileWithFaults) {
    for (const char* content :
         {"\n", "\n\n\n", "no tab", "\t\t\t\n\t", "3C22FB", "3C22FB\n", "FF\tz\nAA\ty\n00\tx\n"}) {
        STRCMP_EQUAL("nobody", vendor_in(content, "3c:22:fb:12:34:01").c_str());
    }
}

TEST(VendorPrefixes, SaysWhichFileItCouldNotRead) {
    const auto missing = VendorPrefixes::open("/nonexistent/vendors.tsv");
    CHECK_FALSE(missing.has_value());
    STRCMP_CONTAINS("/nonexistent/vendors.tsv", missing.error().message.c_str());

    const ScratchFile empty("");
    CHECK_FALSE(VendorPrefixes::open(empty.path()).has_value());
}
