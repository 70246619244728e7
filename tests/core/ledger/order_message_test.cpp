#include "core/ledger/order_message.h"

#include "tests/support/sighting_builder.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;

TEST_GROUP(OrderMessage){
    static bool is_taken(const Order& order){const auto parsed = parse_order(encode(order));
CHECK_TRUE(!parsed || *parsed == order);
return parsed.has_value();
}
static bool name_is_taken(const std::string& name) {
    return is_taken(RenameDevice{test::device(1), name});
}
}
;

TEST(OrderMessage, OrdersStayTheSameInBytes) {
    CHECK_TRUE(is_taken(RenameDevice{test::device(1), "Mammas nettbrett på kjøkkenet"}));
    CHECK_TRUE(is_taken(RenameDevice{test::device(1), ""}));
    CHECK_TRUE(is_taken(SetPasswordHash{"$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA"}));
    CHECK_TRUE(is_taken(PutDeviceInGroup{test::device(1), "children"}));
    CHECK_TRUE(is_taken(PutDeviceInGroup{test::device(1), ""}));
    CHECK_TRUE(is_taken(ChangePolicy{{1, 2, 3}}));
    CHECK_TRUE(is_taken(EraseHistory{}));
    CHECK_TRUE(is_taken(EraseHistory{{test::device(1), test::minute(0), std::nullopt}}));
    CHECK_TRUE(is_taken(EraseHistory{{std::nullopt, std::nullopt, test::minute(0)}}));
    CHECK_TRUE(is_taken(ForgetDevice{test::device(1)}));
}

TEST(OrderMessage, AnErasureThatIsNotWholeIsNoOrder) {
    const auto whole = encode(EraseHistory{{test::device(1), test::minute(0), test::minute(1)}});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK_FALSE(parse_order(Bytes(whole).first(size)).has_value());
    }
    // Neither there nor not there: it must not become an order to erase all.
    auto doubtful = whole;
    doubtful[1] = 2;
    CHECK_FALSE(parse_order(doubtful).has_value());
}

TEST(OrderMessage, NamesOfDevicesHaveAtMost64Characters) {
    std::string name;
    for (int i = 0; i < 64; ++i) {
        name += "å";
    }
    CHECK_TRUE(name_is_taken(name));
    CHECK_FALSE(name_is_taken(name + "å"));
    CHECK_TRUE(name_is_taken(std::string(64, 'a')));
    CHECK_FALSE(name_is_taken(std::string(65, 'a')));
}

TEST(OrderMessage, NamesOfDevicesAreUtf8WithoutControlCharacters) {
    CHECK_TRUE(name_is_taken("TV \xf0\x9f\x93\xba"));
    for (const char* wrong :
         {"a\nb", "a\x7f", "\xff", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "\x80", "\xc3("}) {
        CHECK_FALSE(name_is_taken(wrong));
    }
    CHECK_FALSE(name_is_taken(std::string("a\0b", 3)));
}

TEST(OrderMessage, AGroupsIdIsBounded) {
    CHECK_FALSE(
        is_taken(PutDeviceInGroup{test::device(1), std::string(kGroupIdBytesMax + 1, 'g')}));
}

TEST(OrderMessage, AnEmptyOrStrangePasswordHashIsRefused) {
    CHECK_FALSE(is_taken(SetPasswordHash{""}));
    CHECK_FALSE(is_taken(SetPasswordHash{"with space"}));
    CHECK_FALSE(is_taken(SetPasswordHash{std::string(kPasswordHashBytesMax + 1, 'h')}));
}

TEST(OrderMessage, IsTruncatedAtEveryLengthShortOfTheWhole) {
    for (const Order& order :
         {Order(RenameDevice{test::device(1), "tv"}), Order(SetPasswordHash{"$a"}),
          Order(PutDeviceInGroup{test::device(1), "guests"})}) {
        const auto whole = encode(order);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            CHECK_FALSE(parse_order(Bytes(whole).first(length)).has_value());
        }
        auto longer = whole;
        longer.push_back(0);
        CHECK_FALSE(parse_order(longer).has_value());
    }
}

TEST(OrderMessage, OfAKindThatDoesNotExistIsRefused) {
    auto bytes = encode(SetPasswordHash{"$a"});
    for (const std::uint8_t kind : {std::uint8_t{0}, std::uint8_t{5}, std::uint8_t{255}}) {
        bytes[0] = kind;
        CHECK_FALSE(parse_order(bytes).has_value());
    }
}
