#include "core/trackers/list_sets.h"

#include "core/base/byte_writer.h"

#include <algorithm>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::ByteReader;
using sporvakt::Bytes;
using sporvakt::ByteWriter;
using sporvakt::trackers::ListSelection;
using sporvakt::trackers::ListSets;
using sporvakt::trackers::ListSetTable;
using sporvakt::trackers::read_lists;
using sporvakt::trackers::StoredLists;

using Numbers = std::vector<std::uint16_t>;

TEST_GROUP(ListSetting) {
    ListSetTable table;
    std::vector<std::uint8_t> names =
        ByteWriter().u16(4).text16("a").text16("b").text16("c").text16("d").result();
    std::vector<std::uint8_t> sets;

    void setup() override {
        table.begin(4);
    }
    ListSets read() {
        sets = table.stored();
        const auto result = ListSets::from(names, sets);
        CHECK(result.has_value());
        return *result;
    }
    static bool meets(const ListSelection& selection, std::uint16_t number) {
        return selection.meets({number, {}});
    }
};

TEST(ListSetting, OneListIsItsOwnSet) {
    LONGS_EQUAL(3, table.add(Numbers{3}));
    const ListSets read_back = read();
    CHECK(read_back.members({3, {}}) == Numbers{3});
    CHECK(read_back.first_name({3, {}}, nullptr) == "d");
}

TEST(ListSetting, EqualSetsHaveOneNumberAndAllTheirLists) {
    const std::uint16_t first = table.add(Numbers{0, 2});
    const std::uint16_t second = table.add(Numbers{1, 2, 3});
    LONGS_EQUAL(first, table.add(Numbers{0, 2}));
    CHECK(first != second);
    LONGS_EQUAL(second, table.find(Numbers{1, 2, 3}));
    const ListSets read_back = read();
    CHECK(read_back.members({first, {}}) == (Numbers{0, 2}));
    CHECK(read_back.members({second, {}}) == (Numbers{1, 2, 3}));
    CHECK(read_back.first_name({second, {}}, nullptr) == "b");
}

TEST(ListSetting, ASelectionMeetsEverySetThatHasOneOfItsLists) {
    const std::uint16_t both = table.add(Numbers{0, 2});
    const std::uint16_t others = table.add(Numbers{1, 3});
    const ListSets read_back = read();
    const std::vector<std::string> wanted{"c", "nobody's"};
    const ListSelection selection = read_back.select(wanted);
    CHECK(meets(selection, 2));
    CHECK(meets(selection, both));
    CHECK(!meets(selection, 0));
    CHECK(!meets(selection, others));
    CHECK(!meets(selection, 999));
    CHECK(read_back.first_name({both, {}}, &selection) == "c");
    CHECK(!meets(read_back.select({}), both));
}

TEST(ListSetting, WhatHasNoRoomInTheTableStandsWithTheRule) {
    constexpr std::size_t kLists = 1000;
    table.begin(kLists);
    std::size_t numbered = 0;
    for (std::uint16_t i = 0; i < 40; ++i) {
        for (std::uint16_t j = i + 1; j < kLists; ++j) {
            numbered += table.add(Numbers{i, j}) != StoredLists::kWrittenOut ? 1U : 0U;
        }
    }
    LONGS_EQUAL(ListSetTable::kRowsMax, numbered);
    LONGS_EQUAL(StoredLists::kWrittenOut, table.add(Numbers{998, 999}));

    const auto stored = ByteWriter().u16(StoredLists::kWrittenOut).u16(2).u16(1).u16(3).result();
    ByteReader from(stored);
    const auto lists = read_lists(from);
    CHECK(lists.has_value());
    CHECK(from.at_end());
    table.begin(4);
    const ListSets read_back = read();
    CHECK(read_back.members(*lists) == (Numbers{1, 3}));
    const std::vector<std::string> wanted{"d"};
    const ListSelection selection = read_back.select(wanted);
    CHECK(selection.meets(*lists));
    CHECK(read_back.first_name(*lists, &selection) == "d");
    const std::vector<std::string> unwanted{"a", "c"};
    CHECK(!read_back.select(unwanted).meets(*lists));
}

TEST(ListSetting, BytesCutShortAreRefusedOrHaveNoMembers) {
    const std::uint16_t set = table.add(Numbers{0, 2});
    const auto whole = table.stored();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        if (const auto read_back = ListSets::from(names, Bytes(whole).first(size))) {
            CHECK(read_back->members({set, {}}).empty());
            CHECK(read_back->first_name({set, {}}, nullptr).empty());
        }
    }
    for (std::size_t size = 0; size < names.size(); ++size) {
        CHECK(!ListSets::from(Bytes(names).first(size), whole));
    }
}

TEST(ListSetting, DamagedRowsGiveNoListThatDoesNotExist) {
    const std::uint16_t set = table.add(Numbers{0, 2});
    const auto whole = table.stored();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto damaged = whole;
        damaged[at] = static_cast<std::uint8_t>(~damaged[at]);
        if (const auto read_back = ListSets::from(names, damaged)) {
            const auto members = read_back->members({set, {}});
            CHECK(std::all_of(members.begin(), members.end(), [](auto list) { return list < 4; }));
            static_cast<void>(read_back->select({}));
        }
    }
}
