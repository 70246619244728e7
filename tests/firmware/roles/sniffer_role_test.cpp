#include "firmware/roles/sniffer_role.h"

#include "core/ledger/batch.h"
#include "tests/support/firmware/role_rig.h"
#include "tests/support/packets/capture_writer.h"
#include "tests/support/packets/packet_builder.h"

#include <algorithm>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(SnifferRole) {
    static constexpr std::uint16_t kEthertypeIpv4 = 0x0800;
    test::RoleRig rig;

    int sniff(const std::stop_token& stop) {
        return run_sniffer_role({rig.ground(), std::move(rig.theirs), {}}, stop);
    }
};

TEST(SnifferRole, PlaysACaptureAsIfItHappenedNow) {
    rig.configuration.capture.file = rig.folder.file("house.pcap");
    test::CaptureWriter(rig.configuration.capture.file)
        .add(test::ethernet(kEthertypeIpv4, test::ipv4({}, test::tcp({}, {}))));
    const Timestamp began = rig.clock.now();

    test::RoleThread sniffer([this](const std::stop_token& stop) { return sniff(stop); });

    const auto sent = rig.heard<BatchMessage>();
    CHECK(sent.has_value());
    const auto batch = ledger::parse_batch(sent->batch);
    const devices::DeviceId device(*MacAddress::from_text("3c:22:fb:12:34:01"));
    const auto clue =
        std::find_if(batch->clues.begin(), batch->clues.end(),
                     [&](const devices::DeviceClue& any) { return any.device == device; });
    CHECK(clue != batch->clues.end());
    CHECK(clue->at >= began);
    LONGS_EQUAL(0, sniffer.stop());
}

TEST(SnifferRole, GoesOnTryingWhenTheCaptureIsNotThere) {
    rig.configuration.capture.file = rig.folder.file("missing.pcap");
    test::RoleThread sniffer([this](const std::stop_token& stop) { return sniff(stop); });

    CHECK(rig.heard<Hello>().has_value());

    LONGS_EQUAL(0, sniffer.stop());
}

TEST(SnifferRole, GoesOnTryingWhenAnInterfaceIsNotThere) {
    rig.configuration.capture.interfaces = {"no-such-card"};
    test::RoleThread sniffer([this](const std::stop_token& stop) { return sniff(stop); });

    CHECK(rig.heard<Hello>().has_value());

    LONGS_EQUAL(0, sniffer.stop());
}

TEST(SnifferRole, WatchesNothingWhenNothingIsNamed) {
    test::RoleThread sniffer([this](const std::stop_token& stop) { return sniff(stop); });

    CHECK(rig.heard<Hello>().has_value());

    LONGS_EQUAL(0, sniffer.stop());
}
