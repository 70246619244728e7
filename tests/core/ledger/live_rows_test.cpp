#include "core/ledger/live_rows.h"

#include "core/ledger/batch.h"
#include "tests/support/sighting_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;
using test::minute;
using test::SightingBuilder;

TEST_GROUP(LiveRows) {
    LiveRows live;

    static ChangedRow changed(const Sighting& sighting, std::uint64_t rev) {
        ChangedRow made;
        made.row.key = row_key_of(sighting);
        made.row.rev = rev;
        made.row.add(sighting);
        made.slots = static_cast<std::uint8_t>(1U << slot_in_hour(sighting.at));
        return made;
    }

    std::vector<Contact> apply(const std::vector<ChangedRow>& rows,
                               RowsMeaning meaning = RowsMeaning::More) {
        std::vector<Contact> contacts;
        for (const auto& message : encode(rows, meaning)) {
            const auto applied = live.apply(message);
            CHECK_TRUE(applied.has_value());
            contacts.insert(contacts.end(), applied->begin(), applied->end());
        }
        return contacts;
    }
};

TEST(LiveRows, StayTheSameInBytes) {
    const std::vector<ChangedRow> rows{changed(SightingBuilder().build(), 3),
                                       changed(SightingBuilder().by(2).leaked(1, 2).build(), 4)};

    const auto messages = encode(rows, RowsMeaning::More);
    LONGS_EQUAL(1, messages.size());
    CHECK(parse_changed_rows(messages[0])->rows == rows);
}

TEST(LiveRows, GiveTheContactsThatChangedOldestFirst) {
    const auto contacts = apply({changed(SightingBuilder().at(minute(5)).build(), 1),
                                 changed(SightingBuilder().by(2).at(minute(3)).build(), 1)});

    LONGS_EQUAL(2, contacts.size());
    CHECK(contacts[0].device == test::device(2));
    CHECK(contacts[1].device == test::device(1));
}

TEST(LiveRows, IgnoreWhatIsNotNewer) {
    apply({changed(SightingBuilder().attempts(9).build(), 5)});

    LONGS_EQUAL(0, apply({changed(SightingBuilder().attempts(1).build(), 4)}).size());
    LONGS_EQUAL(0, apply({changed(SightingBuilder().attempts(9).build(), 5)}).size());
    LONGS_EQUAL(9, live.rows().front()->contact(0).attempts);
}

TEST(LiveRows, TakeTheNewerRow) {
    apply({changed(SightingBuilder().build(), 5)});
    apply({changed(SightingBuilder().attempts(9).build(), 6)});

    LONGS_EQUAL(1, live.size());
    LONGS_EQUAL(9, live.rows().front()->contact(0).attempts);
}

TEST(LiveRows, ForgetWhatTheDatabaseHas) {
    apply({changed(SightingBuilder().build(), 5), changed(SightingBuilder().by(2).build(), 6)});
    live.forget_up_to(5);

    LONGS_EQUAL(1, live.size());
    CHECK(live.rows().front()->key.device == test::device(2));
}

TEST(LiveRows, BeginAnewWithAKeeperThatDid) {
    apply({changed(SightingBuilder().build(), 5), changed(SightingBuilder().by(2).build(), 6)});
    apply({changed(SightingBuilder().attempts(2).build(), 3)}, RowsMeaning::All);

    LONGS_EQUAL(1, live.size());
    LONGS_EQUAL(2, live.rows().front()->contact(0).attempts);
}

TEST(LiveRows, BeginAnewWithNothingToo) {
    apply({changed(SightingBuilder().build(), 5)});
    apply({}, RowsMeaning::All);

    LONGS_EQUAL(0, live.size());
}

TEST(LiveRows, SplitIntoMessagesThatFit) {
    std::vector<ChangedRow> rows;
    for (int i = 0; i < 2000; ++i) {
        rows.push_back(
            changed(SightingBuilder().name("n" + std::to_string(i) + ".example").build(), 1));
    }

    const auto messages = encode(rows, RowsMeaning::All);
    CHECK(messages.size() > 2);
    for (const auto& message : messages) {
        CHECK(message.size() <= kBatchBytesMax);
        CHECK_TRUE(live.apply(message).has_value());
    }
    LONGS_EQUAL(2000, live.size());
}

TEST(LiveRows, RefuseWhatIsTruncatedAndChangeNothing) {
    const auto message = encode({changed(SightingBuilder().build(), 1)}, RowsMeaning::More)[0];

    for (std::size_t length = 2; length < message.size(); ++length) {
        CHECK_FALSE(live.apply(Bytes(message).first(length)).has_value());
    }
    CHECK_FALSE(live.apply({}).has_value());
    LONGS_EQUAL(0, live.size());
}

TEST(LiveRows, RefuseAChangedSlotThatIsEmpty) {
    ChangedRow wrong = changed(SightingBuilder().build(), 1);
    wrong.slots = 2;

    CHECK_FALSE(live.apply(encode({wrong}, RowsMeaning::More)[0]).has_value());
}
