#include "core/ledger/row.h"

#include "tests/support/sighting_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;
using test::minute;
using test::SightingBuilder;

namespace {

Row row_of(std::initializer_list<Sighting> sightings) {
    Row row;
    row.key = row_key_of(*sightings.begin());
    for (const Sighting& sighting : sightings) {
        row.add(sighting);
    }
    return row;
}

}  // namespace

TEST_GROUP(Row){static void expect_same_after_storing(const Row& row){
    const auto parsed = parse_row(encode(row.key), encode_value(row));
CHECK_TRUE(parsed.has_value());
CHECK(*parsed == row);
}
}
;

TEST(Row, AddsRetriesWithinASlotToOneContact) {
    const Row row = row_of({SightingBuilder().at(minute(1)).build(),
                            SightingBuilder().at(minute(9)).attempts(3).build()});

    LONGS_EQUAL(4, row.contact(0).attempts);
    CHECK(row.contact(0).first == minute(1));
    CHECK(row.contact(0).last == minute(9));
    CHECK_FALSE(row.slots[1].has_value());
}

TEST(Row, BeginsAnotherContactWithTheNextSlot) {
    const Timestamp end_of_slot = minute(10) - std::chrono::milliseconds(1);
    const Row row = row_of(
        {SightingBuilder().at(end_of_slot).build(), SightingBuilder().at(minute(10)).build()});

    CHECK(row.contact(0).last == end_of_slot);
    CHECK(row.contact(1).first == minute(10));
}

TEST(Row, TakesSightingsInAnyOrder) {
    const Row row = row_of({SightingBuilder().at(minute(9)).build(),
                            SightingBuilder().at(minute(2)).until(minute(3)).build()});

    CHECK(row.contact(0).first == minute(2));
    CHECK(row.contact(0).last == minute(9));
}

TEST(Row, BytesAloneDoNotChangeTheReason) {
    const Row row = row_of({SightingBuilder().leaked(1, 2).cause(Cause::AllowedByYou).build(),
                            SightingBuilder().leaked(10, 20).attempts(0).build()});

    CHECK(row.contact(0).cause == Cause::AllowedByYou);
    LONGS_EQUAL(11, row.contact(0).bytes_up);
    LONGS_EQUAL(22, row.contact(0).bytes_down);
    LONGS_EQUAL(1, row.contact(0).attempts);
}

TEST(Row, TheNewestAttemptGivesTheReason) {
    const Row row = row_of({SightingBuilder().leaked(1, 2).cause(Cause::AllowedByYou).build(),
                            SightingBuilder().leaked(1, 2).cause(Cause::Bypassed).build()});

    CHECK(row.contact(0).cause == Cause::Bypassed);
}

TEST(Row, AGuessedNameDoesNotReplaceOneThatWasSeen) {
    const Row row = row_of({SightingBuilder().leaked(1, 2).source(NameSource::Quic).build(),
                            SightingBuilder().leaked(1, 2).source(NameSource::Inferred).build()});

    CHECK(row.contact(0).source == NameSource::Quic);
}

TEST(Row, ANameThatIsSeenReplacesAGuessEvenWithoutAnAttempt) {
    const Row row =
        row_of({SightingBuilder().leaked(0, 0).source(NameSource::Inferred).build(),
                SightingBuilder().leaked(1, 2).source(NameSource::Tls).attempts(0).build(),
                SightingBuilder().leaked(1, 2).source(NameSource::Inferred).attempts(0).build()});

    CHECK(row.contact(0).source == NameSource::Tls);
    LONGS_EQUAL(1, row.contact(0).attempts);
}

TEST(Row, SumsStopAtTheLargestNumber) {
    const Row row = row_of({SightingBuilder().leaked(UINT64_MAX - 1, 0).build(),
                            SightingBuilder().leaked(5, 7).build()});

    CHECK(row.contact(0).bytes_up == UINT64_MAX);
    LONGS_EQUAL(7, row.contact(0).bytes_down);
}

TEST(Row, StaysTheSameInItsStoredForm) {
    Row row = row_of({SightingBuilder().at(minute(3)).detail("tracker.example").build(),
                      SightingBuilder().at(minute(13)).rule("||other^").build(),
                      SightingBuilder().at(minute(59)).until(minute(61)).build()});
    row.rev = 0x0102030405060708;

    expect_same_after_storing(row);
}

TEST(Row, OfTheFirstHourOfAllStaysTheSame) {
    expect_same_after_storing(row_of({SightingBuilder().at(Timestamp{}).build()}));
}

TEST(Row, StoresCircumstancesThatSlotsShareOnce) {
    const Row one = row_of({SightingBuilder().at(minute(0)).build()});
    const Row two =
        row_of({SightingBuilder().at(minute(0)).build(), SightingBuilder().at(minute(10)).build()});

    LONGS_EQUAL(encode_value(one).size() + 1 + 4 + 4 + 3 * 8, encode_value(two).size());
}

TEST(Row, IsTruncatedAtEveryLengthShortOfTheWhole) {
    const Row row = row_of({SightingBuilder().build()});
    const auto key = encode(row.key);
    const auto value = encode_value(row);

    for (std::size_t length = 0; length < value.size(); ++length) {
        CHECK_FALSE(parse_row(key, Bytes(value).first(length)).has_value());
    }
    for (std::size_t length = 0; length < 26; ++length) {
        CHECK_FALSE(parse_row_key(Bytes(key).first(length)).has_value());
    }
}

TEST(Row, RefusesAnotherVersionAndBytesLeftOver) {
    const Row row = row_of({SightingBuilder().build()});
    auto newer = encode_value(row);
    newer[0] = 2;
    auto longer = encode_value(row);
    longer.push_back(0);

    CHECK_FALSE(parse_row(encode(row.key), newer).has_value());
    CHECK_FALSE(parse_row(encode(row.key), longer).has_value());
}

TEST(Row, KeysCompareLikeTheirBytes) {
    std::vector<RowKey> keys;
    for (const Timestamp at : {minute(0), minute(60)}) {
        for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{200}}) {
            for (const char* name : {"a.example", "b.example", "a.example.b"}) {
                keys.push_back(row_key_of(SightingBuilder().at(at).by(number).name(name).build()));
                keys.push_back(row_key_of(
                    SightingBuilder().at(at).by(number).name(name).leaked(0, 0).build()));
            }
        }
    }

    for (const RowKey& left : keys) {
        for (const RowKey& right : keys) {
            CHECK_EQUAL(left < right, encode(left) < encode(right));
        }
    }
}
