#include "core/ledger/day_row.h"

#include "tests/support/sighting_builder.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;
using test::minute;
using test::SightingBuilder;

TEST_GROUP(DayRow){
    static Row row(const SightingBuilder& builder){const Sighting sighting = builder.build();
Row made{row_key_of(sighting), 1, {}};
made.add(sighting);
return made;
}
static DayRow day(const std::vector<Row>& rows) {
    DayRow made{day_key_of(rows.front().key), {}};
    for (const Row& one : rows) {
        made.add(one);
    }
    return made;
}
}
;

TEST(DayRow, BelongsToAWholeDayOfUtc) {
    const RowKey key = row(SightingBuilder().at(minute(9 * 60 + 59))).key;  // 23:59
    CHECK(day_key_of(key).hour == minute(-14 * 60));
    CHECK(day_key_of(day_key_of(key)) == day_key_of(key));
    CHECK(day_of(hour_of(minute(10 * 60))) == minute(10 * 60));  // midnight
}

TEST(DayRow, HasTheSumsOfItsContacts) {
    Row first = row(SightingBuilder().at(minute(5)).until(minute(7)).leaked(10, 200).attempts(2));
    first.add(SightingBuilder().at(minute(15)).leaked(1, 2).attempts(1).build());
    const Row second =
        row(SightingBuilder().at(minute(100)).until(minute(103)).leaked(3, 4).attempts(4));
    for (const DayRow& sum : {day({first, second}), day({second, first})}) {
        LONGS_EQUAL(1, sum.parts.size());
        const Contact contact = sum.contact(0);
        LONGS_EQUAL(3, contact.contacts);
        LONGS_EQUAL(7, contact.attempts);
        LONGS_EQUAL(14, contact.bytes_up);
        LONGS_EQUAL(206, contact.bytes_down);
        CHECK(contact.first == minute(5));
        CHECK(contact.last == minute(103));
        CHECK(contact.device == test::device(1));
        CHECK(contact.outcome == Outcome::Leaked);
        STRCMP_EQUAL("pixel.example", contact.name.c_str());
    }
}

TEST(DayRow, KeepsPurposesAndListsApartAndTheNewestReason) {
    const DayRow sum =
        day({row(SightingBuilder().rule("old").detail("behind.example")),
             row(SightingBuilder().at(minute(60)).rule("new")),
             row(SightingBuilder().at(minute(120)).list("Other")),
             row(SightingBuilder().at(minute(180)).purpose(trackers::Purpose::Analytics))});
    LONGS_EQUAL(3, sum.parts.size());
    LONGS_EQUAL(2, sum.parts[0].contacts);
    STRCMP_EQUAL("new", sum.contact(0).rule.c_str());
    STRCMP_EQUAL("", sum.contact(0).detail.c_str());
    STRCMP_EQUAL("Other", sum.contact(1).list.c_str());
    CHECK(sum.contact(2).purpose == trackers::Purpose::Analytics);
}

TEST(DayRow, HasABoundedNumberOfParts) {
    DayRow sum = day({row(SightingBuilder())});
    for (std::size_t i = 0; i < 2 * DayRow::kPartsMax; ++i) {
        sum.add(row(SightingBuilder().list("list " + std::to_string(i)).attempts(1)));
    }
    LONGS_EQUAL(DayRow::kPartsMax, sum.parts.size());
    std::uint64_t contacts = 0;
    for (const DayPart& part : sum.parts) {
        contacts += part.contacts;
    }
    LONGS_EQUAL(1 + 2 * DayRow::kPartsMax, contacts);
}

TEST(DayRow, IsReadAsItWasWrittenAndRefusedWhenItIsNotWhole) {
    const DayRow sum = day({row(SightingBuilder().detail("behind.example")),
                            row(SightingBuilder().at(minute(60)).list("Other"))});
    const auto key = encode(sum.key);
    auto value = encode_value(sum);
    CHECK(*parse_day_row(key, value) == sum);
    for (std::size_t length = 0; length < value.size(); ++length) {
        CHECK_FALSE(parse_day_row(key, Bytes(value).first(length)).has_value());
    }
    const auto other_hour = encode(row(SightingBuilder()).key);
    CHECK_FALSE(parse_day_row(other_hour, value).has_value());
    RowKey next_day = sum.key;
    next_day.hour += std::chrono::days(1);
    CHECK_FALSE(parse_day_row(encode(next_day), value).has_value());
    value.push_back(0);
    CHECK_FALSE(parse_day_row(key, value).has_value());
}
