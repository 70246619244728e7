#include "core/base/record_type.h"

#include <CppUTest/TestHarness.h>

using sporvakt::record_type_from_text;
using sporvakt::record_type_text;
using sporvakt::RecordType;

TEST_GROUP(RecordType){};

TEST(RecordType, HasANameInAnyLetterCase) {
    CHECK(record_type_from_text("https") == RecordType::Https);
    CHECK(record_type_from_text("AAAA") == RecordType::Aaaa);
    STRCMP_EQUAL("HTTPS", record_type_text(RecordType::Https).c_str());
}

TEST(RecordType, HasANumberWhereWeGiveNoName) {
    STRCMP_EQUAL("TYPE4711", record_type_text(RecordType{4711}).c_str());
    CHECK(record_type_from_text("TYPE4711") == RecordType{4711});
    CHECK(record_type_from_text("type1") == RecordType::A);
}

TEST(RecordType, RefusesWhatIsNeither) {
    for (const auto* text : {"", "AAAAA", "TYPE", "TYPE65536", "TYPE12x", "12"}) {
        CHECK_FALSE(record_type_from_text(text).has_value());
    }
}
