#include "firmware/lists/list_registry.h"

#include "tests/support/temporary_folder.h"

#include <algorithm>
#include <array>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::firmware::is_list_purpose;
using sporvakt::firmware::KnownList;
using sporvakt::firmware::ListRegistry;

TEST_GROUP(ListRegistry) {
    // One good row; each test breaks one field of it.
    std::array<std::string, 9> fields{"adaway",
                                      "AdAway",
                                      "https://lists.example/hosts.txt",
                                      "hosts",
                                      "CC BY 3.0",
                                      "243454",
                                      "advertising,malware",
                                      "any",
                                      "https://lists.example/"};

    [[nodiscard]] std::string row() const {
        std::string text;
        for (const std::string& field : fields) {
            text += field + "\t";
        }
        text.back() = '\n';
        return text;
    }

    void check_refused(std::size_t field, const std::string& value, const char* why) {
        const std::string before = std::exchange(fields.at(field), value);
        const auto registry = ListRegistry::parse("# a comment\n\n" + row(), "lists.tsv");
        fields.at(field) = before;
        CHECK_FALSE(registry.has_value());
        STRCMP_CONTAINS("lists.tsv:3: ", registry.error().message.c_str());
        STRCMP_CONTAINS(why, registry.error().message.c_str());
    }
};

TEST(ListRegistry, TellsWhatARowSays) {
    const auto registry = ListRegistry::parse(row(), "lists.tsv");

    CHECK(registry.has_value());
    LONGS_EQUAL(1, registry->lists().size());
    const KnownList& list = registry->lists().front();
    POINTERS_EQUAL(&list, registry->find("adaway"));
    STRCMP_EQUAL("AdAway", list.name.c_str());
    STRCMP_EQUAL("https://lists.example/hosts.txt", list.url.c_str());
    STRCMP_EQUAL("hosts", list.format.c_str());
    STRCMP_EQUAL("CC BY 3.0", list.licence.c_str());
    CHECK(list.bytes == std::uint64_t{243454});
    CHECK((list.purposes == std::vector<std::string>{"advertising", "malware"}));
    STRCMP_EQUAL("any", list.language.c_str());
    STRCMP_EQUAL("https://lists.example/", list.homepage.c_str());
    POINTERS_EQUAL(nullptr, registry->find("AdAway"));
}

TEST(ListRegistry, ASizeMayBeUnknown) {
    fields[5] = "-";
    const auto registry = ListRegistry::parse(row(), "lists.tsv");
    CHECK(registry.has_value());
    CHECK_FALSE(registry->find("adaway")->bytes.has_value());
}

TEST(ListRegistry, RefusesRowsThatBreakTheRules) {
    check_refused(0, "Ad Away", "not an id");
    check_refused(0, "../../etc/passwd", "not an id");
    check_refused(0, "", "not an id");
    check_refused(1, "", "empty");
    check_refused(2, "http://lists.example/hosts.txt", "https://");
    check_refused(3, "zip", "not a format");
    check_refused(4, "CC BY-NC-SA 4.0", "commercial");
    check_refused(4, "for non-commercial use", "commercial");
    check_refused(5, "many", "number of bytes");
    check_refused(5, "12k", "number of bytes");
    check_refused(6, "spying", "'spying' is not a purpose");
    check_refused(6, "", "not a purpose");
    check_refused(7, "a\tb", "9 fields");
    check_refused(8, "ftp://lists.example/", "https://");
}

TEST(ListRegistry, RefusesAnIdOrAUrlThatStandsThereTwice) {
    const std::string first = row();
    fields[2] = "https://lists.example/other.txt";
    CHECK_FALSE(ListRegistry::parse(first + row(), "lists.tsv").has_value());
    fields[0] = "other";
    CHECK(ListRegistry::parse(first + row(), "lists.tsv").has_value());
    fields[2] = "https://lists.example/hosts.txt";
    CHECK_FALSE(ListRegistry::parse(first + row(), "lists.tsv").has_value());
}

TEST(ListRegistry, KnowsPurposesOfTrackersAndOfListsAlone) {
    CHECK(is_list_purpose("smart-tv"));
    CHECK(is_list_purpose("malware"));
    CHECK_FALSE(is_list_purpose("Malware"));
    CHECK_FALSE(is_list_purpose(""));
}

TEST(ListRegistry, TheFileThatWeShipKeepsToTheRules) {
    const auto registry = ListRegistry::read(SPORVAKT_SOURCE_DIR "/firmware/lists/lists.tsv");

    CHECK_TEXT(registry.has_value(), registry ? "" : registry.error().message.c_str());
    CHECK(registry->lists().size() >= 25);
    // Of the Nordic countries too.
    CHECK(std::any_of(registry->lists().begin(), registry->lists().end(),
                      [](const KnownList& list) { return list.language.starts_with("no"); }));
}

TEST(ListRegistry, SaysWhenItsFileIsNotThere) {
    const sporvakt::test::TemporaryFolder folder;
    const auto registry = ListRegistry::read(folder.file("lists.tsv"));
    CHECK_FALSE(registry.has_value());
    STRCMP_CONTAINS("lists.tsv", registry.error().message.c_str());
}
