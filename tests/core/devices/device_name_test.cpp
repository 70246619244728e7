#include "core/devices/device_name.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::devices::character_count;
using sporvakt::devices::clean_name;

namespace {

void check_cleaned(const std::string& expected, const std::string& words) {
    STRCMP_EQUAL(expected.c_str(), clean_name(words).c_str());
}

}  // namespace

TEST_GROUP(DeviceName){};

TEST(DeviceName, KeepsWhatPeopleWrite) {
    for (const char* name : {"Olas-MacBook-Air", "Stua på Sørlandet", "Nora's iPhone (2)", "日本語",
                             "Ωmega €", "Robot 🤖"}) {
        check_cleaned(name, name);
    }
}

TEST(DeviceName, LosesControlCharactersAndSpacesAtItsEnds) {
    check_cleaned("Stue-TV", "  Stue-TV \r\n");
    check_cleaned("Stue-TV", std::string("Stue\0-\x1b\x7fTV\0\0", 11));
    check_cleaned("Stue-TV", "Stue\xc2\x85-TV");  // U+0085, a C1 control
    check_cleaned("", " \t ");
}

TEST(DeviceName, LosesWhatMovesOrHidesTheWordsAroundIt) {
    check_cleaned("abc",
                  "a\xe2\x80\xae"
                  "b\xe2\x81\xa6"
                  "c\xef\xbb\xbf");  // U+202E, U+2066, U+FEFF
    check_cleaned("ab",
                  "a\xe2\x80\x8b\xe2\x80\xa8"
                  "b");  // U+200B, U+2028
    check_cleaned("ab",
                  "a\xf3\xa0\x80\x81"
                  "b");  // U+E0001
}

TEST(DeviceName, LosesBytesThatAreNotUtf8) {
    check_cleaned("ab",
                  "a\xff\xfe"
                  "b");
    check_cleaned("ab",
                  "a\xc0\xaf"
                  "b");  // overlong "/"
    check_cleaned("ab",
                  "a\xe0\x80\xaf"
                  "b");  // overlong in three bytes
    check_cleaned("ab",
                  "a\xed\xa0\x80"
                  "b");  // a surrogate
    check_cleaned("ab",
                  "a\xf4\x90\x80\x80"
                  "b");               // beyond U+10FFFF
    check_cleaned("a", "a\xe2\x82");  // the end is missing
    check_cleaned("a(", "a\xc3(");    // the second byte is another character
}

TEST(DeviceName, IsCutBetweenCharacters) {
    const std::string letters(62, 'a');
    check_cleaned(letters + "b", letters + "bc");
    check_cleaned(letters, letters + "\xc3\xb8");
    STRCMP_EQUAL("Sør", clean_name("Sørlandet", 4).c_str());
    STRCMP_EQUAL("S", clean_name("Sørlandet", 2).c_str());
}

TEST(DeviceName, IsCleanWhenItHasBeenCleaned) {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string words = std::string("a ") + static_cast<char>(byte) + " \xc3\xa5 b";
        const std::string once = clean_name(words);
        STRCMP_EQUAL(once.c_str(), clean_name(once).c_str());
    }
}

TEST(DeviceName, IsCountedInCharacters) {
    CHECK_EQUAL(0, character_count(""));
    CHECK_EQUAL(3, character_count("Sør"));
    CHECK_EQUAL(1, character_count("🤖"));
}
