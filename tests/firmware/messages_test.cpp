#include "firmware/messages.h"

#include <array>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

namespace {

std::array<Message, 10> one_of_each() {
    return {Hello{},
            KeeperBegan{},
            WebBegan{},
            Committed{0xfeedfacecafe, 13},
            SendAgain{7, 2},
            OrderAnswer{3, 9, "no such device"},
            BatchMessage{{1, 2, 3}},
            FreshRows{{4}},
            HistoryErased{{5}},
            OrderRequest{1, {5, 6}}};
}

// What goes to the end of the message has a reader of its own that checks it.
std::size_t least_length(const Message& message) {
    if (std::holds_alternative<BatchMessage>(message) ||
        std::holds_alternative<FreshRows>(message) ||
        std::holds_alternative<HistoryErased>(message)) {
        return 1;
    }
    return std::holds_alternative<OrderRequest>(message) ? 9 : encode(message).size();
}

}  // namespace

TEST_GROUP(Messages){};

TEST(Messages, AreReadAsTheyWereWritten) {
    for (const Message& message : one_of_each()) {
        const auto read = decode(encode(message));

        CHECK(read.has_value());
        CHECK(*read == message);
    }
}

TEST(Messages, AreRefusedAtEveryLengthShortOfTheWhole) {
    for (const Message& message : one_of_each()) {
        const auto whole = encode(message);
        for (std::size_t length = 0; length < least_length(message); ++length) {
            CHECK_FALSE(decode(Bytes(whole).first(length)).has_value());
        }
    }
}

TEST(Messages, AreRefusedWithSomethingBehindThem) {
    auto bytes = encode(Hello{});
    bytes.push_back(0);

    CHECK_FALSE(decode(bytes).has_value());
}

TEST(Messages, AreRefusedWhenNobodyKnowsTheirKind) {
    constexpr std::array<std::uint8_t, 1> kUnknown{200};

    CHECK_FALSE(decode(kUnknown).has_value());
}
