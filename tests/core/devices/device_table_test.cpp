#include "core/devices/device_table.h"

#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::IpAddress;
using sporvakt::Timestamp;
using sporvakt::devices::Device;
using sporvakt::devices::DeviceId;
using sporvakt::devices::DeviceTable;

namespace {

IpAddress address(const char* text) {
    return *IpAddress::from_text(text);
}

Device device(const char* mac, std::vector<IpAddress> addresses, std::chrono::seconds last_seen) {
    Device device;
    device.id = *DeviceId::from_text(mac);
    device.addresses = std::move(addresses);
    device.last_seen = Timestamp(last_seen);
    return device;
}

}  // namespace

TEST_GROUP(DeviceTable) {
    const Device phone_ =
        device("3c:22:fb:12:34:01", {address("192.168.1.20"), address("fd00::20")},
               std::chrono::seconds(10));
    const Device laptop_ =
        device("8c:79:f5:12:34:02", {address("192.168.1.21")}, std::chrono::seconds(20));
};

TEST(DeviceTable, KnowsWhoseAddressItIs) {
    const DeviceTable table({phone_, laptop_});

    CHECK(table.owner_of(address("192.168.1.20")) == phone_.id);
    CHECK(table.owner_of(address("fd00::20")) == phone_.id);
    CHECK(table.owner_of(address("192.168.1.21")) == laptop_.id);
}

TEST(DeviceTable, NamesAStrangerByItsAddress) {
    CHECK(DeviceTable({phone_}).owner_of(address("192.168.1.99")) ==
          DeviceId(address("192.168.1.99")));
    CHECK(DeviceTable().owner_of(address("192.168.1.20")) == DeviceId(address("192.168.1.20")));
}

TEST(DeviceTable, GivesAWanderedAddressToItsLastUser) {
    const Device earlier =
        device("24:0a:c4:12:34:03", {address("192.168.1.21")}, std::chrono::seconds(5));

    CHECK(DeviceTable({earlier, laptop_}).owner_of(address("192.168.1.21")) == laptop_.id);
    CHECK(DeviceTable({laptop_, earlier}).owner_of(address("192.168.1.21")) == laptop_.id);
}

TEST(DeviceTable, FindsADeviceByItsId) {
    const DeviceTable table({phone_, laptop_});

    CHECK(*table.find(laptop_.id) == laptop_);
    CHECK(table.find(DeviceId(address("192.168.1.20"))) == nullptr);
    CHECK_EQUAL(2, table.devices().size());
}
