#include "core/ledger/batch.h"

#include "core/ledger/fields.h"
#include "tests/support/sighting_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;
using test::minute;
using test::SightingBuilder;

namespace {

devices::DeviceClue clue() {
    devices::DeviceClue made;
    made.at = minute(4);
    made.device = test::device(3);
    made.address = *IpAddress::from_text("fd00::3");
    made.host_name = "stue-tv";
    made.vendor_class = "android-dhcp-13";
    made.announced_name = "Stue-TV";
    made.model = "BRAVIA 4K";
    made.service = "_googlecast";
    made.bypass = devices::Bypass::Proxy;
    made.bypass_server = "mask.icloud.com";
    return made;
}

Batch full_batch() {
    Batch made =
        test::batch(5, {SightingBuilder().detail("x.example").build(),
                        SightingBuilder().by(2).leaked(UINT64_MAX, 1).until(minute(3)).build()});
    made.dropped = 12;
    made.clues = {clue(), clue()};
    made.clues[1].address.reset();
    return made;
}

}  // namespace

TEST_GROUP(Batch){};

TEST(Batch, StaysTheSameInBytes) {
    CHECK(*parse_batch(encode(full_batch())) == full_batch());
}

TEST(Batch, MayBeEmpty) {
    CHECK(*parse_batch(encode(test::batch(1, {}))) == test::batch(1, {}));
}

TEST(Batch, SizesAreTheSumOfTheirParts) {
    const Batch batch = full_batch();
    const std::size_t size = kBatchHeaderBytes + encoded_size(batch.sightings[0]) +
                             encoded_size(batch.sightings[1]) + encoded_size(batch.clues[0]) +
                             encoded_size(batch.clues[1]);

    LONGS_EQUAL(size, encode(batch).size());
}

TEST(Batch, IsTruncatedAtEveryLengthShortOfTheWhole) {
    const auto whole = encode(full_batch());

    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK_FALSE(parse_batch(Bytes(whole).first(length)).has_value());
    }
}

TEST(Batch, HasNothingLeftOver) {
    auto bytes = encode(full_batch());
    bytes.push_back(0);

    CHECK(parse_batch(bytes).error() == ParseError::Malformed);
}

TEST(Batch, IsRefusedOverTheLimitUnread) {
    CHECK(parse_batch(std::vector<std::uint8_t>(kBatchBytesMax + 1, 1)).error() ==
          ParseError::LimitExceeded);
}

TEST(Batch, ACountThatLiesIsNotBelieved) {
    auto bytes = encode(test::batch(1, {}));
    bytes[33] = 0xff;  // the count of sightings
    bytes[34] = 0xff;

    CHECK(parse_batch(bytes).error() == ParseError::Truncated);
}

TEST(Batch, NeedsASenderAndNumbersThatMakeSense) {
    Batch nobody = test::batch(1, {});
    nobody.sender = 0;
    CHECK_FALSE(parse_batch(encode(nobody)).has_value());

    Batch zero = test::batch(0, {});
    zero.oldest = 0;
    CHECK_FALSE(parse_batch(encode(zero)).has_value());

    Batch older = test::batch(1, {});
    older.oldest = 2;
    CHECK_FALSE(parse_batch(encode(older)).has_value());
}

TEST(Batch, RefusesNamesAndTextsThatNoSenderOfOursMakes) {
    const auto refuses = [](const Sighting& sighting) {
        return !parse_batch(encode(test::batch(1, {sighting}))).has_value();
    };

    CHECK_TRUE(refuses(SightingBuilder().name("UPPER.example").build()));
    CHECK_TRUE(refuses(SightingBuilder().name("").build()));
    CHECK_TRUE(refuses(SightingBuilder().rule(std::string(kTextBytesMax + 1, 'r')).build()));
    CHECK_TRUE(refuses(SightingBuilder().at(kTimeMax).build()));
    Sighting nobody = SightingBuilder().build();
    nobody.device = {};
    CHECK_TRUE(refuses(nobody));
}
