#include "firmware/gate/rule_guard.h"

#include "capture/gate/packet_queue.h"
#include "tests/support/own_network.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;
using sporvakt::capture::GateMode;
using sporvakt::test::in_own_network;
using sporvakt::test::kNoOwnNetwork;

namespace {

/// What a pretended machine was told to set and to take away.
struct Told {
    int sets = 0;
    int removals = 0;
    bool refuses = false;

    Firewall firewall() {
        return Firewall([this](const std::vector<std::string>& words,
                               std::string_view input) -> Result<ProgramEnd> {
            const bool is_removal = input == nftables_removal();
            removals += is_removal ? 1 : 0;
            sets += !is_removal && words.front() == "nft" && words.size() == 3 ? 1 : 0;
            return ProgramEnd{refuses && !is_removal ? 1 : 0, ""};
        });
    }
};

Configuration configuration(GateMode mode) {
    Configuration configuration;
    configuration.gate.mode = mode;
    configuration.gate.interfaces = {"lo"};
    return configuration;
}

}  // namespace

TEST_GROUP(RuleGuard) {
    test::TemporaryFolder folder;
    Told told;
    RuleGuard guard{folder.file("gate-rules"), told.firewall()};

    [[nodiscard]] bool is_noted() const {
        return std::filesystem::exists(folder.file("gate-rules"));
    }
    /// Opens a queue of the kernel's, so not in the machine's own network.
    static void check(const std::function<bool()>& body) {
        const int code = in_own_network([&] {
            if (!succeeds_as_root()) {
                return kNoOwnNetwork;
            }
            return body() ? 0 : 1;
        });
        if (code == kNoOwnNetwork) {
            UT_PRINT("SKIPPED: needs root and a kernel with NFQUEUE");
        } else {
            LONGS_EQUAL(0, code);
        }
    }
    static bool succeeds_as_root() {
        return sporvakt::test::succeeds("iptables-nft -t mangle -A FORWARD -j NFQUEUE");
    }
};

TEST(RuleGuard, SetsRulesAndTakesThemAway) {
    check([&] {
        const bool is_set = guard.adopt(configuration(GateMode::Cut)) && guard.is_in_force() &&
                            told.sets == 1 && told.removals == 0 && is_noted();
        guard.clear();
        return is_set && !guard.is_in_force() && told.removals == 1 && !is_noted();
    });
}

TEST(RuleGuard, DoesNothingWhileTheGateIsOff) {
    CHECK(guard.adopt(configuration(GateMode::Off)).has_value());
    LONGS_EQUAL(0, told.sets + told.removals);
    CHECK_FALSE(guard.is_in_force());
}

TEST(RuleGuard, TakesAwayWhatAKilledProgramLeft) {
    check([&] {
        const bool is_set = guard.adopt(configuration(GateMode::Cut)).has_value();
        RuleGuard next(folder.file("gate-rules"), told.firewall());
        return is_set && next.adopt(configuration(GateMode::Off)) && told.removals == 1 &&
               !is_noted();
    });
}

TEST(RuleGuard, LeavesRulesToTheGateThatStillRuns) {
    check([&] {
        return guard.adopt(configuration(GateMode::Cut)) &&
               guard.adopt(configuration(GateMode::Off)) && guard.is_in_force() &&
               told.removals == 0;
    });
}

TEST(RuleGuard, PutsTheRulesBeforeBackWhenNewOnesAreRefused) {
    check([&] {
        const bool is_set = guard.adopt(configuration(GateMode::Cut)).has_value();
        told.refuses = true;
        Configuration next = configuration(GateMode::Cut);
        next.gate.interfaces = {"eth9"};
        const bool is_refused = !guard.adopt(next);
        return is_set && is_refused && guard.is_in_force() && told.sets == 3;
    });
}

TEST(RuleGuard, NotesNothingWhenTheFirstRulesAreRefused) {
    check([&] {
        told.refuses = true;
        return !guard.adopt(configuration(GateMode::Cut)) && !guard.is_in_force() &&
               told.removals == 1 && !is_noted();
    });
}

TEST(RuleGuard, SetsNothingWithoutTheQueue) {
    check([&] {
        const auto other =
            capture::PacketQueue::open(capture::kGateQueue, capture::OnFailure::Open);
        return other && !guard.adopt(configuration(GateMode::Cut)) && told.sets == 0 && !is_noted();
    });
}
