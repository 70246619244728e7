#include "core/base/country_code.h"

#include <CppUTest/TestHarness.h>

using sporvakt::is_country_code;

TEST_GROUP(CountryCodes){};

TEST(CountryCodes, AreThoseOfIso3166) {
    for (const char* const code : {"AD", "NO", "SJ", "GB", "TW", "ZW"}) {
        CHECK_TRUE(is_country_code(code));
    }
}

TEST(CountryCodes, NothingElseIsOne) {
    for (const char* const code : {"", "N", "no", "EU", "UK", "XX", "DA", "NOR", "ZZ", "OS"}) {
        CHECK_FALSE(is_country_code(code));
    }
}
