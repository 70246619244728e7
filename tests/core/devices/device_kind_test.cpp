#include "core/devices/device_kind.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::devices;

TEST_GROUP(DeviceKinds) {
    Device device;

    void check(DeviceKind kind, KindEvidence evidence, const std::string& words) const {
        const KindGuess guess = guess_kind(device);
        STRCMP_EQUAL(std::string(kind_text(kind)).c_str(),
                     std::string(kind_text(guess.kind)).c_str());
        STRCMP_EQUAL(std::string(evidence_text(evidence)).c_str(),
                     std::string(evidence_text(guess.evidence)).c_str());
        STRCMP_EQUAL(words.c_str(), guess.words.c_str());
    }
    DeviceKind kind_of_name(const char* name) {
        device = Device{};
        device.host_name = name;
        return guess_kind(device).kind;
    }
};

TEST(DeviceKinds, NothingSaidIsNoGuess) {
    check(DeviceKind::Unknown, KindEvidence::None, "");
}

TEST(DeviceKinds, TheStrongestEvidenceDecides) {
    device.vendor = "Nintendo Co.,Ltd";
    check(DeviceKind::Console, KindEvidence::Vendor, "Nintendo Co.,Ltd");
    device.vendor_class = "android-dhcp-14";
    check(DeviceKind::Phone, KindEvidence::VendorClass, "android-dhcp-14");
    device.host_name = "Galaxy-Tab";  // two words here: "galaxy" alone decides
    check(DeviceKind::Phone, KindEvidence::Name, "Galaxy-Tab");
    device.services = {"_airplay", "_ipp"};
    check(DeviceKind::Printer, KindEvidence::Service, "_ipp");
    device.model = "AppleTV11,1";
    check(DeviceKind::Television, KindEvidence::Model, "AppleTV11,1");
}

TEST(DeviceKinds, TheSurestServiceDecidesWhateverCameFirst) {
    device.services = {"_workstation", "_googlecast"};
    check(DeviceKind::Television, KindEvidence::Service, "_googlecast");
}

TEST(DeviceKinds, WhatManyOfferSaysNothing) {
    device.services = {"_airplay", "_smb", "_ssh", "_homekit"};
    check(DeviceKind::Unknown, KindEvidence::None, "");
}

TEST(DeviceKinds, FindsWordsInBothLanguagesAndAnyCase) {
    CHECK(kind_of_name("Noras-iPhone") == DeviceKind::Phone);
    CHECK(kind_of_name("stue-tv2") == DeviceKind::Television);
    CHECK(kind_of_name("Skriver p\xc3\xa5 kontoret") == DeviceKind::Printer);
    CHECK(kind_of_name("h\xc3\xb8yttaler") == DeviceKind::Speaker);
    CHECK(kind_of_name("DESKTOP-4F2K") == DeviceKind::Computer);
    CHECK(kind_of_name("ESP_1A2B3C") == DeviceKind::Appliance);
}

TEST(DeviceKinds, FindsNoWordInsideAnother) {
    CHECK(kind_of_name("latvia") == DeviceKind::Unknown);
    CHECK(kind_of_name("ananas") == DeviceKind::Unknown);
    CHECK(kind_of_name("respekt") == DeviceKind::Unknown);
}
