#include "capture/sources/network_card.h"

#include "tests/support/own_network.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::MacAddress;
using sporvakt::test::in_own_network;
using sporvakt::test::kMakeWire;
using sporvakt::test::kNoOwnNetwork;
using sporvakt::test::succeeds;

TEST_GROUP(NetworkCard){};

namespace {

enum class Link : std::uint8_t { Down, Up };

/// The kernel tells of a lost link up to a second later.
bool becomes(Link wanted) {
    for (int tries = 0; tries < 500; ++tries) {
        if (find_card("lan0")->is_up == (wanted == Link::Up)) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

}  // namespace

TEST(NetworkCard, IsNotThereUnderANameThatNoneHas) {
    CHECK_FALSE(find_card("no-such-if0").has_value());
    CHECK_FALSE(find_card("").has_value());
    CHECK_FALSE(find_card("a name that is too long for a card").has_value());
}

TEST(NetworkCard, HasNoAddressWhereItLoopsBack) {
    const auto loopback = find_card("lo");

    CHECK(loopback.has_value());
    CHECK_FALSE(loopback->mac.has_value());
}

TEST(NetworkCard, TellsItsAddressItsLinkAndThatItIsAnother) {
    const int code = in_own_network([] {
        if (!succeeds("ip link add lan0 address 02:00:00:00:00:01 type veth peer name wire0")) {
            return kNoOwnNetwork;
        }
        const auto first = find_card("lan0");
        if (!first || first->is_up || first->mac != *MacAddress::from_text("02:00:00:00:00:01")) {
            return 1;
        }
        if (!succeeds("ip link set lan0 up; ip link set wire0 up") || !becomes(Link::Up)) {
            return 2;
        }
        if (!succeeds("ip link set wire0 down") || !becomes(Link::Down)) {
            return 3;
        }
        succeeds("ip link delete lan0; ip link add lan0 type veth peer name wire0");
        return find_card("lan0")->index != first->index ? 0 : 4;
    });
    if (code == kNoOwnNetwork) {
        UT_PRINT("SKIPPED: needs root and veth");
        return;
    }
    LONGS_EQUAL(0, code);
}

TEST(NetworkCard, IsAGatewaysWhereItForwardsAndHasAnAddress) {
    const int code = in_own_network([] {
        const auto set = [](const char* forwarding) {
            return succeeds(std::string("echo ") + forwarding +
                            " > /proc/sys/net/ipv4/conf/lan0/forwarding");
        };
        if (!succeeds(kMakeWire) || !set("1")) {
            return kNoOwnNetwork;
        }
        if (is_gateway_card("lan0")) {
            return 1;  // a bridge's port, a mirror port
        }
        succeeds("ip addr add fe80::1/64 dev lan0 nodad");
        if (is_gateway_card("lan0")) {
            return 2;
        }
        succeeds("ip addr add 192.168.77.1/24 dev lan0");
        if (!is_gateway_card("lan0") || is_gateway_card("wire0") || is_gateway_card("none0")) {
            return 3;
        }
        return set("0") && !is_gateway_card("lan0") ? 0 : 4;
    });
    if (code == kNoOwnNetwork) {
        UT_PRINT("SKIPPED: needs root, veth and a /proc/sys that can be written");
        return;
    }
    LONGS_EQUAL(0, code);
}
