#include "capture/devices/device_clues.h"
#include "capture/sources/packet_source.h"
#include "core/devices/device_table.h"
#include "core/devices/registry.h"

#include <cstdio>
#include <fstream>
#include <string>
#include <utility>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;

namespace {

// A capture of the designer's lab, which lies beside the project and is no part of it.
constexpr const char* kCapture = SPORVAKT_SOURCE_DIR "/../shared/pcap/lab-six-sites.pcap";

class Household final : public ledger::SightingSink {
public:
    void record(const ledger::SightingView& /*sighting*/) override {}
    void note(devices::DeviceClue clue) override { registry.add(clue); }

    devices::Registry registry{nullptr};
};

/// False, and said so, where the capture is not there.
bool listen_to_lab(Household& household) {
    if (!std::ifstream(kCapture)) {
        std::printf("\nSKIPPED: %s is not there\n", kCapture);
        return false;
    }
    auto source = capture::open_capture_file(kCapture);
    CHECK(source.has_value());
    capture::DeviceClues clues({}, household);
    for (auto delivery = (*source)->next();
         delivery && delivery->arrival == capture::Arrival::Packet; delivery = (*source)->next()) {
        if (const auto frame = capture::decode_frame(delivery->packet)) {
            clues.read(*frame);
        }
    }
    CHECK_EQUAL(0, clues.held_back());
    return true;
}

}  // namespace

TEST_GROUP(LabDevices) {
    Household household_;

    void check_device(const char* mac, const char* host_name, const char* announced_name,
                      const char* vendor_class) const {
        const auto* device = household_.registry.find(*devices::DeviceId::from_text(mac));
        CHECK(device != nullptr);
        STRCMP_EQUAL(host_name, device->host_name.c_str());
        STRCMP_EQUAL(announced_name, device->announced_name.c_str());
        STRCMP_EQUAL(vendor_class, device->vendor_class.c_str());
    }

    void check_address(const char* mac, const char* address) const {
        const devices::DeviceTable table(household_.registry.devices());
        CHECK(table.owner_of(*IpAddress::from_text(address)) == *devices::DeviceId::from_text(mac));
    }
};

TEST(LabDevices, AreKnownByTheirNames) {
    if (listen_to_lab(household_)) {
        check_device("3c:22:fb:12:34:01", "Olas-MacBook-Air", "", "");
        check_device("8c:79:f5:12:34:02", "Galaxy-S24", "", "android-dhcp-14");
        check_device("24:0a:c4:12:34:03", "ESP_123403", "Kitchen Plug", "udhcp 1.31.1");
    }
}

TEST(LabDevices, AreKnownByTheirAddresses) {
    if (listen_to_lab(household_)) {
        check_address("3c:22:fb:12:34:01", "192.168.77.110");
        check_address("3c:22:fb:12:34:01", "fe80::3e22:fbff:fe12:3401");
        check_address("3c:22:fb:12:34:01", "2001:db8:77:0:3e22:fbff:fe12:3401");
        check_address("8c:79:f5:12:34:02", "192.168.77.156");
        check_address("24:0a:c4:12:34:03", "192.168.77.115");
        check_address("24:0a:c4:12:34:03", "fd00:77::260a:c4ff:fe12:3403");
        check_address("dc:a6:32:77:00:01", "192.168.77.1");
    }
}

TEST(LabDevices, AreThreeAndTheGateway) {
    if (listen_to_lab(household_)) {
        CHECK_EQUAL(4, household_.registry.devices().size());
    }
}
