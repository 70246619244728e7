#include "firmware/channel.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::as_bytes;
using sporvakt::as_text;
using sporvakt::firmware::Channel;

TEST_GROUP(Channel){};

TEST(Channel, CarriesWholeMessagesInOrderBothWays) {
    const auto pair = Channel::open_pair();
    CHECK(pair.has_value());
    const auto& [left, right] = *pair;

    CHECK(left.send(as_bytes("one")) == Channel::Sent::Yes);
    CHECK(left.send(as_bytes("and two")) == Channel::Sent::Yes);
    CHECK(right.send(as_bytes("back")) == Channel::Sent::Yes);

    CHECK(as_text(*right.receive()) == "one");
    CHECK(as_text(*right.receive()) == "and two");
    CHECK_FALSE(right.receive().has_value());
    CHECK(as_text(*left.receive()) == "back");
}

TEST(Channel, CarriesTheLongestMessage) {
    const auto pair = Channel::open_pair();
    const std::vector<std::uint8_t> longest(Channel::kMessageBytesMax, 7);

    CHECK(pair->first.send(longest) == Channel::Sent::Yes);

    CHECK(pair->second.receive() == longest);
}

TEST(Channel, SaysWhenItIsFullAndTakesMoreOnceRead) {
    const auto pair = Channel::open_pair();
    const std::vector<std::uint8_t> message(Channel::kMessageBytesMax, 1);
    std::size_t sent = 0;
    while (pair->first.send(message) == Channel::Sent::Yes) {
        ++sent;
    }

    CHECK(sent >= 2);
    CHECK(pair->first.send(message) == Channel::Sent::Full);
    while (pair->second.receive()) {
    }
    CHECK(pair->first.send(message) == Channel::Sent::Yes);
}

TEST(Channel, KeepsWhatWasSentWhenTheSenderIsGone) {
    auto pair = Channel::open_pair();
    const auto kept = pair->first.duplicate();  // as the supervisor keeps it
    {
        const Channel sender = std::move(pair->first);
        CHECK(sender.send(as_bytes("last words")) == Channel::Sent::Yes);
    }

    CHECK(as_text(*pair->second.receive()) == "last words");
    CHECK(pair->second.send(as_bytes("welcome back")) == Channel::Sent::Yes);
    CHECK(as_text(*kept->receive()) == "welcome back");
}

TEST(Channel, SaysWhenNobodyIsThere) {
    auto pair = Channel::open_pair();
    { const Channel gone = std::move(pair->second); }

    CHECK(pair->first.send(as_bytes("?")) == Channel::Sent::Gone);
    CHECK_FALSE(pair->first.receive().has_value());
    CHECK(Channel().send(as_bytes("?")) == Channel::Sent::Gone);
    CHECK_FALSE(Channel().duplicate().has_value());
}
