#include "firmware/commands/matrix_report.h"

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;
using std::chrono::hours;

TEST_GROUP(MatrixReport) {
    Timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + hours(12)};
    devices::DeviceId id{MacAddress({0x3c, 0x22, 0xfb, 0, 0, 1})};
    const policy::Policy policy{{}, {}};

    std::vector<ledger::MatrixCell> one_cell() const {
        ledger::MatrixCell cell;
        cell.device = id;
        cell.company = trackers::CompanyId{0xabc};
        cell.totals.prevented = 3;
        cell.totals.leaked = 2;
        cell.totals.bytes_up = 1000;
        cell.totals.bytes_down = 50'000;
        return {cell};
    }
    devices::DeviceTable table_with(const char* name) const {
        devices::Device device;
        device.id = id;
        device.given_name = name;
        return devices::DeviceTable({device});
    }
    std::string csv_row(const char* device_name) const {
        const devices::DeviceTable table = table_with(device_name);
        const std::string text = csv_of({{noon, noon}, one_cell(), table, policy});
        return text.substr(text.find("\r\n") + 2);
    }
};

TEST(MatrixReport, CsvHasAHeadingAndARowForEachCell) {
    const devices::DeviceTable table = table_with("Nettbrett");
    STRCMP_EQUAL(
        "device_id,device_name,company,company_name,country,prevented,leaked,bytes_up,"
        "bytes_down\r\n"
        "3c:22:fb:00:00:01,Nettbrett,#00000abc,,,3,2,1000,50000\r\n",
        csv_of({{noon, noon}, one_cell(), table, policy}).c_str());
}

TEST(MatrixReport, CsvQuotesWhatNeedsIt) {
    CHECK(csv_row("Kari, stua").find(",\"Kari, stua\",") != std::string::npos);
    CHECK(csv_row("Kari \"K\"").find(",\"Kari \"\"K\"\"\",") != std::string::npos);
    CHECK(csv_row("a\nb").find(",\"a\nb\",") != std::string::npos);
}

TEST(MatrixReport, CsvNamesAreNoFormulas) {
    for (const char* name : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx"}) {
        CHECK(csv_row(name).find(std::string(",'") + name + ",") != std::string::npos);
    }
    CHECK(csv_row("=HYPERLINK(\"x\",\"y\")").find(",\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",") !=
          std::string::npos);
}

TEST(MatrixReport, ADeviceThatIsNotKnownAnyMoreHasItsId) {
    const devices::DeviceTable empty;
    const std::string text = csv_of({{noon, noon}, one_cell(), empty, policy});

    CHECK(text.find("3c:22:fb:00:00:01,3c:22:fb:00:00:01,") != std::string::npos);
}

TEST(MatrixReport, JsonSaysTheSame) {
    const devices::DeviceTable table = table_with("Nettbrett");
    const auto json =
        nlohmann::json::parse(json_of({{noon - hours(1), noon}, one_cell(), table, policy}));

    STRCMP_EQUAL("2026-11-21T11:00:00.000Z", json["from"].get<std::string>().c_str());
    STRCMP_EQUAL("2026-11-21T12:00:00.000Z", json["to"].get<std::string>().c_str());
    LONGS_EQUAL(1, json["rows"].size());
    const auto& row = json["rows"][0];
    STRCMP_EQUAL("Nettbrett", row["device_name"].get<std::string>().c_str());
    LONGS_EQUAL(3, row["prevented"].get<int>());
    LONGS_EQUAL(2, row["leaked"].get<int>());
    LONGS_EQUAL(50'000, row["bytes_down"].get<int>());
}

TEST(MatrixReport, JsonOfNothingHasNoRowsButIsWhole) {
    const devices::DeviceTable empty;
    const auto json = nlohmann::json::parse(json_of({{noon, noon}, {}, empty, policy}));

    CHECK_TRUE(json["rows"].is_array());
    CHECK_TRUE(json["rows"].empty());
}

TEST(MatrixReport, JsonSurvivesANameThatIsNotUtf8) {
    const devices::DeviceTable table = table_with("\xff");

    CHECK_FALSE(nlohmann::json::parse(json_of({{noon, noon}, one_cell(), table, policy})).empty());
}

TEST(MatrixReport, ThePeriodIsTheLastDayWithoutMore) {
    const auto period = parse_period("", "", noon);

    CHECK(period->to == noon);
    CHECK(period->from == noon - hours(24));
}

TEST(MatrixReport, ThePeriodMayBeDatesOrTimes) {
    const auto dates = parse_period("2026-11-20", "2026-11-21", noon);
    CHECK(dates->from == noon - hours(36));
    CHECK(dates->to == noon - hours(12));

    const auto times = parse_period("2026-11-21T10:00:00Z", "2026-11-21T12:00:00+01:00", noon);
    CHECK(times->from == noon - hours(2));
    CHECK(times->to == noon - hours(1));
}

TEST(MatrixReport, APeriodWithOnlyAnEndIsTheDayBeforeIt) {
    CHECK(parse_period("", "2026-11-21", noon)->from == noon - hours(36));
}

TEST(MatrixReport, SaysWhatIsWrongWithAPeriod) {
    const auto wrong = parse_period("yesterday", "", noon);
    CHECK(wrong.error().code == Errc::InvalidInput);
    CHECK(wrong.error().message.find("--from 'yesterday'") == 0);
    CHECK_FALSE(parse_period("", "2026-13-01", noon).has_value());
    CHECK_FALSE(parse_period("2026-11-21", "2026-11-21", noon).has_value());
    CHECK_FALSE(parse_period("2026-11-22", "2026-11-21", noon).has_value());
}
