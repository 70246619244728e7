#include "capture/attribution/address_memory.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::IpAddress;
using sporvakt::devices::DeviceId;

TEST_GROUP(AddressMemory) {
    AddressMemory<std::string> memory{{.count_max = 4, .share_max = 3}};
    DeviceId phone{*sporvakt::MacAddress::from_text("3c:22:fb:12:34:01")};
    DeviceId television{*sporvakt::MacAddress::from_text("3c:22:fb:12:34:02")};

    static IpAddress address(int last) {
        return *IpAddress::from_text("203.0.113." + std::to_string(last));
    }
    bool has(const DeviceId& device, int last) {
        return memory.find(device, address(last)) != nullptr;
    }
};

TEST(AddressMemory, KeepsOfEachDeviceItsOwn) {
    memory.at(phone, address(1)) = "phone's";
    memory.at(television, address(1)) = "television's";

    STRCMP_EQUAL("phone's", memory.find(phone, address(1))->c_str());
    STRCMP_EQUAL("television's", memory.find(television, address(1))->c_str());
    CHECK_FALSE(has(phone, 2));
    LONGS_EQUAL(2, memory.size());
    LONGS_EQUAL(1, memory.count_of(phone));
}

TEST(AddressMemory, MakesADeviceWithItsShareGiveWayToItself) {
    memory.at(television, address(9));
    for (int last = 1; last <= 3; ++last) {
        memory.at(phone, address(last));
    }
    CHECK_TRUE(has(phone, 1));  // a use: now the second is its oldest
    memory.at(phone, address(4));

    CHECK_TRUE(has(television, 9));
    CHECK_TRUE(has(phone, 1));
    CHECK_FALSE(has(phone, 2));
    LONGS_EQUAL(3, memory.count_of(phone));
}

TEST(AddressMemory, ForgetsTheOldestOfAllWhenItIsFull) {
    memory.at(phone, address(1));
    memory.at(phone, address(2));
    memory.at(television, address(1));
    memory.at(television, address(2));
    CHECK_TRUE(has(phone, 1));
    memory.at(television, address(3));

    CHECK_FALSE(has(phone, 2));
    CHECK_TRUE(has(phone, 1));
    LONGS_EQUAL(4, memory.size());
}

TEST(AddressMemory, ForgetsADeviceWithItsLastAddress) {
    memory.at(phone, address(1));
    memory.at(television, address(1));
    memory.forget_oldest(television);
    memory.forget_oldest();

    LONGS_EQUAL(0, memory.size());
    LONGS_EQUAL(0, memory.count_of(phone));
    LONGS_EQUAL(0, memory.count_of(television));
}
