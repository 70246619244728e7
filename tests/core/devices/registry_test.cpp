#include "core/devices/registry.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <CppUTest/TestHarness.h>

using sporvakt::Errc;
using sporvakt::IpAddress;
using sporvakt::MacAddress;
using sporvakt::Timestamp;
using sporvakt::devices::Bypass;
using sporvakt::devices::BypassNote;
using sporvakt::devices::Device;
using sporvakt::devices::DeviceClue;
using sporvakt::devices::DeviceId;
using sporvakt::devices::Registry;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

IpAddress address(const std::string& text) {
    return *IpAddress::from_text(text);
}

DeviceId id(const std::string& text) {
    return *DeviceId::from_text(text);
}

DeviceClue seen(const DeviceId& device, seconds at) {
    DeviceClue clue;
    clue.device = device;
    clue.at = Timestamp(at);
    return clue;
}

DeviceClue at_address(const DeviceId& device, seconds at, const std::string& its_address) {
    DeviceClue clue = seen(device, at);
    clue.address = address(its_address);
    return clue;
}

DeviceClue named(const DeviceId& device, seconds at, const char* host_name) {
    DeviceClue clue = seen(device, at);
    clue.host_name = host_name;
    return clue;
}

}  // namespace

TEST_GROUP(Registry) {
    const DeviceId phone_ = id("3c:22:fb:12:34:01");
    const DeviceId laptop_ = id("8c:79:f5:12:34:02");
    Registry registry_{nullptr};
};

TEST(Registry, AddsCluesUpIntoOneDevice) {
    CHECK_TRUE(registry_.add(at_address(phone_, seconds(10), "192.168.1.20")));
    CHECK_TRUE(registry_.add(named(phone_, seconds(11), "iPhone")));
    DeviceClue announced = seen(phone_, seconds(12));
    announced.announced_name = "Noras iPhone";
    announced.vendor_class = "iOS";
    CHECK_TRUE(registry_.add(announced));

    Device expected;
    expected.id = phone_;
    expected.host_name = "iPhone";
    expected.announced_name = "Noras iPhone";
    expected.vendor_class = "iOS";
    expected.addresses = {address("192.168.1.20")};
    expected.first_seen = Timestamp(seconds(10));
    expected.last_seen = Timestamp(seconds(12));
    CHECK(*registry_.find(phone_) == expected);
    CHECK_EQUAL(1, registry_.devices().size());
}

TEST(Registry, KeepsTheFirstModelAndABoundedNumberOfServices) {
    DeviceClue clue = seen(phone_, seconds(10));
    clue.model = "Pixel 8";
    CHECK_TRUE(registry_.add(clue));
    clue.model = "Some program/1.0";
    CHECK_FALSE(registry_.add(clue));
    for (std::size_t service = 0; service < 2 * Device::kServiceCountMax; ++service) {
        DeviceClue offering = seen(phone_, seconds(10));
        offering.service = "_service" + std::to_string(service);
        CHECK_EQUAL(service < Device::kServiceCountMax, registry_.add(offering));
        CHECK_FALSE(registry_.add(offering));
    }

    STRCMP_EQUAL("Pixel 8", registry_.find(phone_)->model.c_str());
    CHECK_EQUAL(Device::kServiceCountMax, registry_.find(phone_)->services.size());
}

TEST(Registry, IgnoresWhatIsNobodysDevice) {
    CHECK_FALSE(registry_.add(seen(DeviceId(), seconds(1))));
    CHECK_FALSE(registry_.add(seen(id("ff:ff:ff:ff:ff:ff"), seconds(1))));
    CHECK_FALSE(registry_.add(seen(id("33:33:00:00:00:01"), seconds(1))));
    CHECK(registry_.devices().empty());
}

TEST(Registry, ForgetsADeviceWithItsAddresses) {
    registry_.add(at_address(phone_, seconds(1), "192.168.1.20"));
    registry_.add(named(laptop_, seconds(1), "laptop"));
    static_cast<void>(registry_.take_changes());
    CHECK_TRUE(registry_.forget(phone_).has_value());
    POINTERS_EQUAL(nullptr, registry_.find(phone_));
    CHECK_TRUE(registry_.find(laptop_) != nullptr);
    const auto changes = registry_.take_changes();
    CHECK_TRUE(changes.removed == std::vector{phone_});
    CHECK_TRUE(changes.saved.empty());
    LONGS_EQUAL(0, registry_.forgotten());  // nobody had to make room
    // It begins anew, and another may have its address.
    registry_.add(at_address(laptop_, seconds(2), "192.168.1.20"));
    CHECK_TRUE(registry_.add(seen(phone_, seconds(3))));
    CHECK_TRUE(registry_.find(phone_)->addresses.empty());
}

TEST(Registry, CannotForgetWhatItDoesNotKnow) {
    CHECK_TRUE(registry_.forget(phone_).error().code == Errc::NotFound);
}

TEST(Registry, SaysWhatIsNewsOnce) {
    CHECK_TRUE(registry_.add(named(phone_, seconds(10), "iPhone")));
    CHECK_FALSE(registry_.add(named(phone_, seconds(11), "iPhone")));
    CHECK_FALSE(registry_.add(seen(phone_, seconds(12))));
    CHECK_TRUE(registry_.add(at_address(phone_, seconds(13), "192.168.1.20")));
    CHECK_FALSE(registry_.add(at_address(phone_, seconds(14), "192.168.1.20")));
}

TEST(Registry, ReportsThatADeviceIsStillThereOnceAStep) {
    registry_.add(seen(phone_, seconds(0)));
    CHECK_FALSE(registry_.add(seen(phone_, Registry::kLastSeenStep - seconds(1))));
    CHECK_TRUE(registry_.add(seen(phone_, Registry::kLastSeenStep)));
    CHECK_FALSE(registry_.add(seen(phone_, Registry::kLastSeenStep + seconds(1))));
}

TEST(Registry, TakesCluesThatComeLate) {
    registry_.add(seen(phone_, seconds(100)));
    registry_.add(seen(phone_, seconds(40)));

    CHECK(registry_.find(phone_)->first_seen == Timestamp(seconds(40)));
    CHECK(registry_.find(phone_)->last_seen == Timestamp(seconds(100)));
}

TEST(Registry, BelievesAClockThatWasSetBack) {
    registry_.add(seen(phone_, std::chrono::hours(24 * 365)));
    CHECK_TRUE(registry_.add(seen(phone_, std::chrono::hours(24))));
    CHECK(registry_.find(phone_)->last_seen == Timestamp(std::chrono::hours(24)));
    CHECK(registry_.find(phone_)->first_seen == Timestamp(std::chrono::hours(24)));
}

TEST(Registry, KeepsANameThatIsNoLongerSaid) {
    registry_.add(named(phone_, seconds(1), "iPhone"));
    registry_.add(named(phone_, seconds(2), ""));
    registry_.add(named(phone_, seconds(3), "\x01\x02"));

    STRCMP_EQUAL("iPhone", registry_.find(phone_)->host_name.c_str());
}

TEST(Registry, CleansTheNamesOfStrangers) {
    registry_.add(named(phone_, seconds(1), "\x1b[2J  evil\xff\n"));

    STRCMP_EQUAL("[2J  evil", registry_.find(phone_)->host_name.c_str());
}

TEST(Registry, KeepsTheNewestAddressesFirstAndAtMostSixteen) {
    for (int i = 1; i <= 20; ++i) {
        registry_.add(at_address(phone_, seconds(i), fmt::format("192.168.1.{}", i)));
    }
    registry_.add(at_address(phone_, seconds(21), "192.168.1.10"));

    const auto& addresses = registry_.find(phone_)->addresses;
    CHECK_EQUAL(Device::kAddressCountMax, addresses.size());
    CHECK(addresses[0] == address("192.168.1.10"));
    CHECK(addresses[1] == address("192.168.1.20"));
    CHECK(addresses.back() == address("192.168.1.5"));
}

TEST(Registry, GivesAnAddressToItsLastUserAlone) {
    registry_.add(at_address(phone_, seconds(1), "192.168.1.20"));
    CHECK_TRUE(registry_.add(at_address(laptop_, seconds(2), "192.168.1.20")));

    CHECK(registry_.find(phone_)->addresses.empty());
    CHECK(registry_.find(laptop_)->addresses.front() == address("192.168.1.20"));
}

TEST(Registry, IgnoresAddressesThatBelongToNobody) {
    for (const char* text : {"0.0.0.0", "::", "224.0.0.251", "ff02::1", "255.255.255.255", "::1"}) {
        registry_.add(at_address(phone_, seconds(1), text));
    }
    CHECK(registry_.find(phone_)->addresses.empty());
}

TEST(Registry, LeavesADeviceThatIsNamedByItsAddressThatAddress) {
    const DeviceId behind_router = id("10.9.8.7");
    registry_.add(at_address(behind_router, seconds(1), "192.168.1.99"));
    registry_.add(at_address(phone_, seconds(2), "10.9.8.7"));

    CHECK_EQUAL(1, registry_.find(behind_router)->addresses.size());
    CHECK(registry_.find(behind_router)->addresses.front() == address("10.9.8.7"));
}

TEST(Registry, LetsTheHouseholdNameADevice) {
    registry_.add(named(phone_, seconds(1), "iPhone"));

    CHECK(registry_.rename(phone_, " Nora ").has_value());
    STRCMP_EQUAL("Nora", registry_.find(phone_)->given_name.c_str());
    CHECK(registry_.rename(phone_, "").has_value());
    STRCMP_EQUAL("iPhone", registry_.find(phone_)->display_name().c_str());
}

TEST(Registry, RefusesNamesThatAreTooLongOrInvisibleAndDevicesThatAreUnknown) {
    registry_.add(seen(phone_, seconds(1)));
    std::string letters;
    for (int i = 0; i < 64; ++i) {
        letters += "å";
    }
    CHECK(registry_.rename(phone_, letters).has_value());
    CHECK(registry_.rename(phone_, letters + "å").error().code == Errc::InvalidInput);
    CHECK(registry_.rename(phone_, std::string(1000, 'a')).error().code == Errc::InvalidInput);
    CHECK(registry_.rename(phone_, "\x01").error().code == Errc::InvalidInput);
    CHECK(registry_.rename(laptop_, "Ola").error().code == Errc::NotFound);
    STRCMP_EQUAL(letters.c_str(), registry_.find(phone_)->given_name.c_str());
}

TEST(Registry, HandsOutWhatChangedSinceLastTime) {
    registry_.add(at_address(phone_, seconds(1), "192.168.1.20"));
    registry_.add(seen(laptop_, seconds(2)));
    CHECK_EQUAL(2, registry_.take_changes().saved.size());
    CHECK(registry_.take_changes().saved.empty());

    // The address wanders: both devices are different now.
    registry_.add(at_address(laptop_, seconds(3), "192.168.1.20"));
    const Registry::Changes changes = registry_.take_changes();
    CHECK_EQUAL(2, changes.saved.size());
    CHECK(changes.saved[0].id == phone_);
    CHECK(changes.saved[0].addresses.empty());
    CHECK(changes.saved[1].id == laptop_);
    CHECK(changes.removed.empty());
}

TEST(Registry, ForgetsTheDeviceThatMattersLeastWhenItIsFull) {
    Registry registry(nullptr, 3);
    registry.add(seen(phone_, seconds(1)));
    CHECK(registry.rename(phone_, "Nora").has_value());
    registry.add(named(laptop_, seconds(2), "laptop"));
    const DeviceId stranger = id("da:00:00:00:00:01");
    registry.add(at_address(stranger, seconds(3), "192.168.1.66"));
    CHECK_EQUAL(3, registry.take_changes().saved.size());

    const DeviceId other = id("da:00:00:00:00:02");
    registry.add(at_address(other, seconds(4), "192.168.1.66"));

    CHECK(registry.find(stranger) == nullptr);
    CHECK(registry.find(phone_) != nullptr);
    CHECK(registry.find(laptop_) != nullptr);
    CHECK(registry.find(other) != nullptr);
    CHECK_EQUAL(1, registry.forgotten());
    const Registry::Changes changes = registry.take_changes();
    CHECK_EQUAL(1, changes.saved.size());
    CHECK_EQUAL(1, changes.removed.size());
    CHECK(changes.removed[0] == stranger);
}

TEST(Registry, StaysSmallUnderAFloodOfMadeUpDevices) {
    Registry registry(nullptr, 8);
    registry.add(named(phone_, seconds(1), "iPhone"));
    CHECK_EQUAL(1, registry.take_changes().saved.size());
    for (int i = 0; i < 1000; ++i) {
        const DeviceId stranger = id(fmt::format("da:00:00:00:{:02x}:{:02x}", i / 256, i % 256));
        registry.add(at_address(stranger, seconds(i), fmt::format("10.0.{}.{}", i / 250, i % 250)));
    }
    CHECK_EQUAL(8, registry.devices().size());
    CHECK(registry.find(phone_) != nullptr);
    const Registry::Changes changes = registry.take_changes();
    CHECK_EQUAL(7, changes.saved.size());
    CHECK(changes.removed.empty());  // none of them was ever stored
}

TEST(Registry, KeepsTheLatestOfEachKindOfBypass) {
    DeviceClue clue = seen(phone_, seconds(10));
    clue.bypass = Bypass::Vpn;
    clue.bypass_server = "198.51.100.7";
    CHECK_TRUE(registry_.add(clue));
    clue.bypass = Bypass::DnsElsewhere;
    clue.bypass_server = "8.8.8.8";
    CHECK_TRUE(registry_.add(clue));
    clue.bypass_server = "8.8.4.4";
    CHECK_FALSE(registry_.add(clue));  // too soon to be worth storing
    clue.at += Registry::kLastSeenStep;
    CHECK_TRUE(registry_.add(clue));

    const auto& notes = registry_.find(phone_)->bypasses;
    CHECK_EQUAL(2, notes.size());
    CHECK(notes[0] == (BypassNote{Bypass::DnsElsewhere, "8.8.4.4", clue.at}));
    CHECK(notes[1] == (BypassNote{Bypass::Vpn, "198.51.100.7", Timestamp(seconds(10))}));
}

TEST(Registry, GoesOnFromWhatWasStored) {
    registry_.add(at_address(phone_, seconds(1), "192.168.1.20"));
    registry_.add(at_address(phone_, seconds(2), "fd00::20"));
    CHECK(registry_.rename(phone_, "Nora").has_value());
    registry_.add(seen(id("127.0.0.1"), seconds(3)));

    Registry next(nullptr);
    next.restore(registry_.devices());

    CHECK(next.devices() == registry_.devices());
    CHECK(next.take_changes().saved.empty());
    CHECK_FALSE(next.add(at_address(phone_, seconds(4), "fd00::20")));
}

TEST(Registry, RestoresAnAddressToItsLastUserWhenItStandsTwice) {
    Device earlier;
    earlier.id = phone_;
    earlier.addresses = {address("192.168.1.20")};
    earlier.last_seen = Timestamp(seconds(1));
    Device later = earlier;
    later.id = laptop_;
    later.last_seen = Timestamp(seconds(2));

    registry_.restore({later, earlier});

    CHECK(registry_.find(phone_)->addresses.empty());
    CHECK_EQUAL(1, registry_.find(laptop_)->addresses.size());
}
