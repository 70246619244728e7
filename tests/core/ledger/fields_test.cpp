#include "core/ledger/fields.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;

TEST_GROUP(LedgerFields){static std::vector<std::uint8_t> number(std::uint8_t value){return {value};
}
}
;

TEST(LedgerFields, CutNoCharacterInTwo) {
    STRCMP_EQUAL("bl", std::string(cut_text("blå", 3)).c_str());
    STRCMP_EQUAL("blå", std::string(cut_text("blå", 4)).c_str());
    STRCMP_EQUAL("", std::string(cut_text("\x80\x80\x80", 2)).c_str());
}

TEST(LedgerFields, TakeOnlyNamesInTheOneForm) {
    CHECK_TRUE(is_name("pixel.example"));
    CHECK_FALSE(is_name("Pixel.example"));
    CHECK_FALSE(is_name("pixel.example."));
    CHECK_FALSE(is_name(""));
    CHECK_FALSE(is_name("a b.example"));
}

TEST(LedgerFields, RefuseTimesOfAClockGoneWrong) {
    const auto last = ByteWriter().u64(milliseconds_of(kTimeMax) - 1).result();
    const auto after = ByteWriter().u64(milliseconds_of(kTimeMax)).result();
    ByteReader good(last);
    ByteReader bad(after);

    CHECK_TRUE(read_time(good).has_value());
    CHECK_FALSE(read_time(bad).has_value());
    CHECK_FALSE(is_time(Timestamp(std::chrono::milliseconds(-1))));
    CHECK_TRUE(is_time(Timestamp{}));
}

TEST(LedgerFields, RefuseNumbersThatStandForNothing) {
    const auto beyond = number(28);
    ByteReader purpose(beyond);
    CHECK_FALSE(read_purpose(purpose).has_value());
    const auto two = number(2);
    ByteReader outcome(two);
    CHECK_FALSE(read_outcome(outcome).has_value());
    const auto five = number(5);
    ByteReader source(five);
    CHECK_FALSE(read_source(source).has_value());
    const auto six = number(6);
    ByteReader cause(six);
    CHECK_FALSE(read_cause(cause).has_value());
}

TEST(LedgerFields, ReadTheHighestNumbersThatStandForSomething) {
    const auto last = number(27);
    ByteReader purpose(last);
    CHECK(*read_purpose(purpose) == trackers::Purpose::WayAround);
    const auto five = number(5);
    ByteReader cause(five);
    CHECK(*read_cause(cause) == Cause::Bypassed);
}

TEST(LedgerFields, RefuseTextOverItsLimit) {
    const auto text = ByteWriter().text16("four").result();
    ByteReader enough(text);
    ByteReader too_little(text);

    STRCMP_EQUAL("four", read_text(enough, 4)->c_str());
    CHECK(read_text(too_little, 3).error() == ParseError::LimitExceeded);
}
