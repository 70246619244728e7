#include "core/devices/device.h"

#include <CppUTest/TestHarness.h>

using sporvakt::devices::Device;
using sporvakt::devices::DeviceId;

TEST_GROUP(Device){static Device device(const char* id){Device device;
device.id = *DeviceId::from_text(id);
return device;
}
}
;

TEST(Device, IsCalledByTheBestNameThatIsKnown) {
    Device phone = device("3c:22:fb:12:34:01");
    STRCMP_EQUAL("3c:22:fb:12:34:01", phone.display_name().c_str());
    phone.vendor = "Apple, Inc.";
    STRCMP_EQUAL("Apple, Inc. 3c:22:fb:12:34:01", phone.display_name().c_str());
    phone.host_name = "iPhone";
    STRCMP_EQUAL("iPhone", phone.display_name().c_str());
    phone.announced_name = "Noras iPhone";
    STRCMP_EQUAL("Noras iPhone", phone.display_name().c_str());
    phone.given_name = "Nora";
    STRCMP_EQUAL("Nora", phone.display_name().c_str());
}

TEST(Device, OnLoopbackIsThisComputer) {
    STRCMP_EQUAL("This computer", device("127.0.0.1").display_name().c_str());
    STRCMP_EQUAL("This computer", device("::1").display_name().c_str());
    STRCMP_EQUAL("192.168.1.20", device("192.168.1.20").display_name().c_str());
}

TEST(Device, KnowsThatItsAddressIsMadeUp) {
    CHECK_TRUE(device("da:a1:19:00:00:01").has_randomised_address());
    CHECK_FALSE(device("3c:22:fb:12:34:01").has_randomised_address());
    CHECK_FALSE(device("192.168.1.20").has_randomised_address());
}
