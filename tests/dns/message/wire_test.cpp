#include "dns/message/wire.h"

#include "core/base/big_endian.h"
#include "tests/support/dns/dns_builder.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::load32;
using sporvakt::test::DnsBuilder;

TEST_GROUP(Wire){};

TEST(Wire, FindsTheEndOfAName) {
    const std::vector<std::uint8_t> plain{1, 'a', 2, 'b', 'c', 0, 9};
    const std::vector<std::uint8_t> compressed{1, 'a', 0xc0, 0x0c, 9};

    LONGS_EQUAL(6, end_of_name(plain, 0).value_or(0));
    LONGS_EQUAL(4, end_of_name(compressed, 0).value_or(0));
}

TEST(Wire, FindsNoEndWhereANameIsCutOrBroken) {
    CHECK_FALSE(end_of_name(std::vector<std::uint8_t>{3, 'a', 'b'}, 0).has_value());
    CHECK_FALSE(end_of_name(std::vector<std::uint8_t>{1, 'a', 0xc0}, 0).has_value());
    CHECK_FALSE(end_of_name(std::vector<std::uint8_t>{0x41, 'a', 0}, 0).has_value());
    CHECK_FALSE(end_of_name(std::vector<std::uint8_t>{}, 0).has_value());
}

TEST(Wire, PlacesEachPartOfARecord) {
    const auto message = DnsBuilder::query("a.example", 1).ttl(77).a("x", {1, 2, 3, 4}).build();
    const std::size_t at = *end_of_name(message, kHeaderLength) + 4;

    const auto place = record_at(message, at);

    LONGS_EQUAL(1, place->type);
    LONGS_EQUAL(77, load32(message, place->ttl_at));
    LONGS_EQUAL(1, message[place->data_at]);
    LONGS_EQUAL(message.size(), place->end);
}

TEST(Wire, FindsNoRecordThatIsCutShort) {
    const auto message = DnsBuilder::query("a.example", 1).a("x", {1, 2, 3, 4}).build();
    const std::size_t at = *end_of_name(message, kHeaderLength) + 4;

    for (std::size_t length = at; length < message.size(); ++length) {
        CHECK_FALSE(record_at(Bytes(message).first(length), at).has_value());
    }
}

TEST(Wire, WritesNamesAsLabels) {
    const auto written = [](std::string_view name) {
        const WireName wire(name);
        return std::vector<std::uint8_t>(wire.bytes().begin(), wire.bytes().end());
    };

    CHECK(written("ab.example") ==
          (std::vector<std::uint8_t>{2, 'a', 'b', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0}));
    CHECK(written("") == std::vector<std::uint8_t>{0});
    const std::string label(63, 'a');
    const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'b');
    LONGS_EQUAL(255, written(longest).size());
}
