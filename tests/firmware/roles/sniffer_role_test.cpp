#include "firmware/roles/sniffer_role.h"

#include "core/ledger/batch.h"
#include "tests/support/firmware/role_rig.h"
#include "tests/support/own_network.h"
#include "tests/support/packets/capture_writer.h"
#include "tests/support/packets/packet_builder.h"
#include "tests/support/packets/raw_wire.h"

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
    LONGS_EQUAL(1, rig.shared.capture.counts.at(0));  // packets
    CHECK_FALSE(rig.shared.capture.interfaces.at(0).shown().has_value());
}

TEST(SnifferRole, GoesOnTryingWhenTheCaptureIsNotThere) {
    rig.configuration.capture.file = rig.folder.file("missing.pcap");
    test::RoleThread sniffer([this](const std::stop_token& stop) { return sniff(stop); });

    CHECK(rig.heard<Hello>().has_value());

    LONGS_EQUAL(0, sniffer.stop());
}

TEST(SnifferRole, GoesOnTryingWhenAnInterfaceIsNotThere) {
    rig.configuration.capture.interfaces = {"no-such-card"};
    rig.shared.capture.interfaces.at(1).name("of an earlier sniffer");
    test::RoleThread sniffer([this](const std::stop_token& stop) { return sniff(stop); });

    CHECK(rig.heard<Hello>().has_value());
    STRCMP_EQUAL("no-such-card", rig.shared.capture.interfaces.at(0).shown()->name.c_str());
    CHECK_FALSE(rig.shared.capture.interfaces.at(0).is_seen());
    CHECK_FALSE(rig.shared.capture.interfaces.at(1).shown().has_value());

    LONGS_EQUAL(0, sniffer.stop());
}

TEST(SnifferRole, ShowsWhatComesOverAnInterfaceThatItWatches) {
    const int code = test::in_own_network([] {
        if (!test::succeeds(test::kMakeWire)) {
            return test::kNoOwnNetwork;
        }
        test::RoleRig home;
        home.configuration.capture.interfaces = {"lan0"};
        test::RoleThread sniffer([&](const std::stop_token& stop) {
            return run_sniffer_role({home.ground(), std::move(home.theirs), {}}, stop);
        });
        const InterfaceState& lan = home.shared.capture.interfaces.at(0);
        if (!test::RoleRig::comes_true([&] { return lan.shown() && lan.is_seen(); })) {
            return 1;
        }
        test::RawWire("wire0").send(
            test::ethernet(kEthertypeIpv4, test::ipv4({}, test::tcp({}, {}))));
        const bool is_shown = test::RoleRig::comes_true(
            [&] { return lan.shown()->loss.received == 1 && home.shared.capture.counts[0] == 1; });
        return is_shown && sniffer.stop() == 0 ? 0 : 2;
    });
    if (code == test::kNoOwnNetwork) {
        UT_PRINT("SKIPPED: needs root and veth");
        return;
    }
    LONGS_EQUAL(0, code);
}

TEST(SnifferRole, WatchesNothingWhenNothingIsNamed) {
    test::RoleThread sniffer([this](const std::stop_token& stop) { return sniff(stop); });

    CHECK(rig.heard<Hello>().has_value());

    LONGS_EQUAL(0, sniffer.stop());
}
