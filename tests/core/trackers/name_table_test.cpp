#include "core/trackers/name_table.h"

#include <string>
#include <string_view>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Bytes;
using sporvakt::trackers::name_hash;
using sporvakt::trackers::NameTable;
using sporvakt::trackers::NameTableImage;
using sporvakt::trackers::SuffixWalk;

namespace {

std::vector<std::string> suffixes(std::string_view name) {
    std::vector<std::string> result;
    SuffixWalk walk(name, 1);
    while (walk.next()) {
        result.emplace_back(walk.suffix());
    }
    return result;
}

bool has(const NameTableImage& image, const std::string& name) {
    const auto table = NameTable::from(image.slots, image.records);
    const auto found = table->find(name, name_hash(name, table->seed()));
    return found.has_value() && found->name == name;
}

}  // namespace

TEST_GROUP(SuffixWalks){};

TEST(SuffixWalks, GoesFromTheLastLabelToTheWholeName) {
    const std::vector<std::string> expected{"net", "facebook.net", "connect.facebook.net"};
    CHECK(suffixes("connect.facebook.net") == expected);
    CHECK(suffixes("localhost") == std::vector<std::string>{"localhost"});
}

TEST(SuffixWalks, AnAddressIsNobodysChild) {
    CHECK(suffixes("192.0.2.1") == std::vector<std::string>{"192.0.2.1"});
    CHECK(suffixes("7") == std::vector<std::string>{"7"});
    CHECK(suffixes("site7.a7") == (std::vector<std::string>{"a7", "site7.a7"}));
    CHECK(suffixes("").size() == 1);
}

// A flow that told no name: UBSan watches what is read.
TEST(SuffixWalks, NoNameAtAllIsTheRoot) {
    SuffixWalk walk(std::string_view(), 1);
    CHECK(walk.next());
    CHECK(walk.suffix().empty());
    CHECK_FALSE(walk.next());
}

TEST(SuffixWalks, ASuffixHashesLikeTheNameItIs) {
    SuffixWalk walk("a.tracker-with-a-long-label.example", 7);
    while (walk.next()) {
        CHECK(walk.hash() == name_hash(walk.suffix(), 7));
    }
}

TEST(SuffixWalks, WhereTheDotsStandMatters) {
    CHECK(name_hash("i.abcdefgh", 1) != name_hash("abcdefghi", 1));
    CHECK(name_hash("ab.c", 1) != name_hash("a.bc", 1));
    CHECK(name_hash("a.b", 1) != name_hash("b.a", 1));
    CHECK(name_hash("a.b", 1) != name_hash("a.b", 2));
}

TEST_GROUP(NameTables){};

TEST(NameTables, GivesEachNameItsOwnPayload) {
    const auto image = NameTableImage::of({{"a.example", {1}}, {"b.example", {2}}});
    const auto table = NameTable::from(image.slots, image.records);
    const auto found = table->find("b.example", name_hash("b.example", table->seed()));
    CHECK(found.has_value());
    CHECK_EQUAL(2, found->payload[0]);
    CHECK(!has(image, "c.example"));
}

TEST(NameTables, AnEmptyOneHasNothing) {
    CHECK(!has(NameTableImage::of({}), "a.example"));
    CHECK(!NameTable().find("a.example", 17).has_value());
}

TEST(NameTables, EqualHashesOfOtherNamesAreNotTaken) {
    const auto image = NameTableImage::of({{"a.example", {1}}});
    const auto table = NameTable::from(image.slots, image.records);
    CHECK(!table->find("z.example", name_hash("a.example", table->seed())).has_value());
}

TEST(NameTables, BytesThatCannotBeATableAreRefused) {
    const auto image = NameTableImage::of({{"a.example", {1}}});
    CHECK(!NameTable::from(Bytes(image.slots).first(15), image.records));
    CHECK(!NameTable::from(Bytes(image.slots).first(image.slots.size() - 8), image.records));
}

TEST(NameTables, RecordsCutShortAreNotRead) {
    const auto image = NameTableImage::of({{"a.example", {1}}});
    for (std::size_t size = 0; size + 1 < image.records.size(); ++size) {
        const auto table = NameTable::from(image.slots, Bytes(image.records).first(size));
        CHECK(!table->find("a.example", name_hash("a.example", table->seed())).has_value());
    }
}
