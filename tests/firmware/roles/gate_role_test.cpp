#include "firmware/roles/gate_role.h"

#include "capture/gate/packet_queue.h"
#include "tests/support/firmware/role_rig.h"
#include "tests/support/own_network.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;
using sporvakt::test::in_own_network;
using sporvakt::test::kNoOwnNetwork;

namespace {

/// Runs in a process and a network of its own; says so where that cannot be.
void check(const std::function<bool(test::RoleRig&)>& body) {
    const int code = in_own_network([&] {
        test::RoleRig rig;
        rig.configuration.gate.mode = capture::GateMode::Cut;
        const bool has_queue =
            capture::PacketQueue::open(capture::kGateQueue, capture::OnFailure::Open).has_value();
        if (!has_queue) {
            return kNoOwnNetwork;
        }
        return body(rig) ? 0 : 1;
    });
    if (code == kNoOwnNetwork) {
        UT_PRINT("SKIPPED: needs root and a kernel with NFQUEUE");
    } else {
        LONGS_EQUAL(0, code);
    }
}

GateRole role(test::RoleRig& rig, pid_t supervisor, bool& has_cleared) {
    return {rig.ground(), std::move(rig.theirs), supervisor, [&] { has_cleared = true; }};
}

}  // namespace

TEST_GROUP(GateRole){};

TEST(GateRole, GreetsTheKeeperAndStopsWhenTold) {
    check([](test::RoleRig& rig) {
        bool has_cleared = false;
        test::RoleThread gate([&](const std::stop_token& stop) {
            return run_gate_role(role(rig, ::getppid(), has_cleared), stop);
        });
        const bool has_greeted = rig.heard<Hello>().has_value();
        return has_greeted && gate.stop() == 0 && !has_cleared;
    });
}

TEST(GateRole, TakesTheRulesAwayWhereItsSupervisorIsGone) {
    check([](test::RoleRig& rig) {
        bool has_cleared = false;
        constexpr pid_t kGone = 1'999'999;
        test::RoleThread gate([&](const std::stop_token& stop) {
            return run_gate_role(role(rig, kGone, has_cleared), stop);
        });
        return gate.stop() == 0 && has_cleared;
    });
}

TEST(GateRole, FailsWhenAnotherProgramHasTheQueue) {
    check([](test::RoleRig& rig) {
        const auto other =
            capture::PacketQueue::open(capture::kGateQueue, capture::OnFailure::Open);
        bool has_cleared = false;
        return run_gate_role(role(rig, ::getppid(), has_cleared), {}) == 1;
    });
}
