#include "firmware/history/ledger_keys.h"

#include <array>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using firmware::parse_configuration;

TEST_GROUP(LedgerKeys){static firmware::Configuration::Ledger read(const std::string& keys){
    const auto read = parse_configuration("[ledger]\n" + keys, "sporvakt.toml");
CHECK_TRUE(read.has_value());
return read->ledger;
}
}
;

TEST(LedgerKeys, SayHowMuchIsStored) {
    CHECK(read("").level == ledger::RecordLevel::Trackers);
    CHECK(read("keeps = \"counts\"\n").level == ledger::RecordLevel::Counts);
    CHECK(read("keeps = \"full\"\n").level == ledger::RecordLevel::Full);
}

TEST(LedgerKeys, SayForHowLong) {
    CHECK(read("").detailed == std::chrono::days(14));
    CHECK(read("").summed == std::chrono::days(365));
    CHECK(read("detail_days = 1\n").detailed == std::chrono::days(1));
    CHECK(read("sum_days = 0\n").summed == std::chrono::days(0));
    CHECK(read("detail_days = 90\nsum_days = 3650\n").summed == std::chrono::days(3650));
}

TEST(LedgerKeys, RefuseWhatIsNoNumberOfDays) {
    for (const std::string key :
         {"detail_days = 0", "detail_days = 91", "detail_days = \"14\"", "detail_days = 1.5",
          "sum_days = -1", "sum_days = 3651", "sum_days = true"}) {
        const auto refused = parse_configuration("[ledger]\n" + key + "\n", "sporvakt.toml");
        CHECK_FALSE(refused.has_value());
        STRCMP_CONTAINS("sporvakt.toml:2: ledger.", refused.error().message.c_str());
        STRCMP_CONTAINS("whole number of days", refused.error().message.c_str());
    }
}
