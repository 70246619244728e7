#include "firmware/commands/csv_field.h"

#include <CppUTest/TestHarness.h>

using sporvakt::firmware::csv_field;

TEST_GROUP(CsvFields){};

TEST(CsvFields, AreInQuotationMarksWhereTheyMustBe) {
    STRCMP_EQUAL("", csv_field("").c_str());
    STRCMP_EQUAL("plain text", csv_field("plain text").c_str());
    STRCMP_EQUAL("\"a,b\"", csv_field("a,b").c_str());
    STRCMP_EQUAL("\"say \"\"no\"\"\"", csv_field("say \"no\"").c_str());
    STRCMP_EQUAL("\"two\r\nlines\"", csv_field("two\r\nlines").c_str());
}

TEST(CsvFields, AreNoFormulas) {
    STRCMP_EQUAL("'=1+1", csv_field("=1+1").c_str());
    STRCMP_EQUAL("'@x", csv_field("@x").c_str());
}
