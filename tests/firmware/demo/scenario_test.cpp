#include "firmware/demo/scenario.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using firmware::demo::Happening;
using firmware::demo::parse_scenario;
using firmware::demo::Scene;

namespace {

const char* const kDevices =
    "# a remark\n"
    "name\tmac\tipv4\tvendor_class\tannounced\tservice\n"
    "\n"
    "phone\tda:5e:10:3a:41:07\t192.168.10.21\tandroid\t-\t-\n"
    "tv\t8c:79:f5:5d:20:11\t192.168.10.22\t-\tStue-TV\t_airplay\n";
const char* const kHeader = "second\tdevice\tsite\tname\thappening\tup\tdown\n";

void check_refused(const std::string& devices, const std::string& scenes, const char* why) {
    const auto scenario = parse_scenario(devices, scenes);
    CHECK_FALSE(scenario.has_value());
    STRCMP_CONTAINS(why, scenario.error().message.c_str());
}

}  // namespace

TEST_GROUP(Scenario){};

TEST(Scenario, HasDevicesAndScenes) {
    const auto scenario =
        parse_scenario(kDevices, std::string(kHeader) +
                                     "5\ttv\t-\tTracker.example\tprevented\t0\t0\n"
                                     "5\tphone\tshop.example\ta.example\tquic\t100\t2000\n");

    CHECK_EQUAL(2, scenario->devices.size());
    STRCMP_EQUAL("android", scenario->devices[0].vendor_class.c_str());
    STRCMP_EQUAL("", scenario->devices[0].announced_name.c_str());
    STRCMP_EQUAL("Stue-TV", scenario->devices[1].announced_name.c_str());
    CHECK_EQUAL(2, scenario->scenes.size());
    const Scene& first = scenario->scenes[0];
    CHECK(first.at == std::chrono::seconds(5));
    CHECK_EQUAL(1, first.device);
    STRCMP_EQUAL("tracker.example", first.name.text().c_str());
    CHECK(first.happening == Happening::Prevented);
    const Scene& second = scenario->scenes[1];
    STRCMP_EQUAL("shop.example", second.site.c_str());
    CHECK(second.happening == Happening::Quic);
    CHECK_EQUAL(100, second.bytes_up);
    CHECK_EQUAL(2000, second.bytes_down);
}

TEST(Scenario, SaysWhichLineIsWrong) {
    const std::string header(kHeader);
    check_refused(kDevices, header + "1\ttv\t-\ta.example\ttls\t1\n", "line 2: 6 cells");
    check_refused(kDevices, header + "\n# x\n1\tradio\t-\ta.example\ttls\t1\t1\n", "line 4");
    for (const char* row :
         {"x\ttv\t-\ta.example\ttls\t1\t1\n", "1\ttv\t-\ta..example\ttls\t1\t1\n",
          "1\ttv\t-\ta.example\tcarrier-pigeon\t1\t1\n", "1\ttv\t-\ta.example\ttls\t-1\t1\n",
          "1\ttv\t-\ta.example\ttls\t1\tmany\n", "1\ttv\t-\ta.example\ttls\t1\t99999999999\n"}) {
        check_refused(kDevices, header + row, "line 2: not understood");
    }
}

TEST(Scenario, GoesForwardInTime) {
    check_refused(kDevices,
                  std::string(kHeader) +
                      "5\ttv\t-\ta.example\ttls\t1\t1\n"
                      "4\ttv\t-\ta.example\ttls\t1\t1\n",
                  "line 3");
}

TEST(Scenario, RefusesDevicesThatCannotBe) {
    const std::string header = "name\tmac\tipv4\tvendor_class\tannounced\tservice\n";
    for (const char* row :
         {"-\tda:5e:10:3a:41:07\t192.168.10.21\t-\t-\t-\n", "tv\tno mac\t192.168.10.21\t-\t-\t-\n",
          "tv\tda:5e:10:3a:41:07\tfd00::1\t-\t-\t-\n",
          "tv\tda:5e:10:3a:41:07\t192.168.10.21\t-\tName\t-\n"}) {
        check_refused(header + row, kHeader, "line 2");
    }
}

TEST(Scenario, MayBeEmpty) {
    CHECK(parse_scenario("", "")->scenes.empty());
}
