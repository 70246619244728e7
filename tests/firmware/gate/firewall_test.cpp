#include "firmware/gate/firewall.h"

#include "tests/support/own_network.h"

#include <string>
#include <utility>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;
using sporvakt::test::in_own_network;
using sporvakt::test::kNoOwnNetwork;
using sporvakt::test::succeeds;

namespace {

constexpr const char* kOurs = "nft list table inet sporvakt";
constexpr const char* kOurChain = "iptables-nft -t mangle -S sporvakt";
constexpr const char* kOurChain6 = "ip6tables-nft -t mangle -S sporvakt";
constexpr const char* kOurJump = "iptables-nft -t mangle -C FORWARD -j sporvakt";

GateRules rules() {
    GateRules rules;
    rules.interfaces = {"lo"};
    rules.reject_dot = true;
    rules.rejected_resolvers = {*IpAddress::from_text("9.9.9.9"),
                                *IpAddress::from_text("2620:fe::fe")};
    rules.dns = {*Endpoint::from_text("192.0.2.1:53"), *Endpoint::from_text("[::]:53")};
    return rules;
}

/// Runs in a network of its own, where nft and iptables work; says so where that cannot be.
void with_firewall(const std::function<int()>& body) {
    const int code = in_own_network([&] {
        const bool works =
            succeeds("nft add table inet probe") && succeeds("iptables-nft -t mangle -N probe");
        return works ? body() : kNoOwnNetwork;
    });
    if (code == kNoOwnNetwork) {
        UT_PRINT("SKIPPED: needs root, nft and iptables-nft");
        return;
    }
    LONGS_EQUAL(0, code);
}

bool is_queueing() {
    return succeeds("nft list table inet sporvakt | grep -q 'queue'") || succeeds(kOurJump);
}

}  // namespace

TEST_GROUP(Firewall) {
    std::string said;

    /// A machine whose programs answer so; what they were told is in `said`.
    Firewall pretend(std::function<ProgramEnd(const std::string&)> answer) {
        return Firewall([this, answer](const std::vector<std::string>& words,
                                       std::string_view input) -> Result<ProgramEnd> {
            std::string line;
            for (const std::string& word : words) {
                line += (line.empty() ? "" : " ") + word;
            }
            said += line + "\n" + std::string(input);
            return answer(line);
        });
    }
};

TEST(Firewall, SetsRulesAndTakesThemAwayAgain) {
    with_firewall([] {
        Firewall firewall;
        if (!firewall.set(rules()) || !succeeds(kOurs) || !is_queueing()) {
            return 1;
        }
        if (!firewall.clear() || succeeds(kOurs) || succeeds(kOurChain) || succeeds(kOurChain6)) {
            return 2;
        }
        return is_queueing() ? 3 : 0;
    });
}

TEST(Firewall, ReplacesWhatAKilledProgramLeft) {
    with_firewall([] {
        if (!Firewall().set(rules()) || !Firewall().set(rules())) {
            return 1;
        }
        if (succeeds(kOurJump) &&
            !succeeds("test 1 = $(iptables-nft -t mangle -S FORWARD | grep -c sporvakt)")) {
            return 2;
        }
        return Firewall().clear() && !succeeds(kOurs) && !is_queueing() ? 0 : 3;
    });
}

TEST(Firewall, LeavesOthersRulesAlone) {
    with_firewall([] {
        if (!succeeds("nft 'add chain inet probe c { type filter hook forward priority 0; }'") ||
            !succeeds("iptables-nft -t mangle -A FORWARD -m mark --mark 7 -j ACCEPT")) {
            return 1;
        }
        const bool did = Firewall().set(rules()) && Firewall().clear();
        const bool same = succeeds("nft list chain inet probe c | grep -q hook") &&
                          succeeds("iptables-nft -t mangle -S probe") &&
                          succeeds("iptables-nft -t mangle -C FORWARD -m mark --mark 7 -j ACCEPT");
        return did && same ? 0 : 2;
    });
}

TEST(Firewall, ClearsWhereThereIsNothing) {
    with_firewall([] { return Firewall().clear() ? 0 : 1; });
}

TEST(Firewall, SaysThatTheRightIsMissing) {
    const auto set = pretend([](const std::string&) {
                         return ProgramEnd{1, "Operation not permitted (you must be root)\n"};
                     }).set(rules());

    CHECK_FALSE(set.has_value());
    STRCMP_CONTAINS("CAP_NET_ADMIN", set.error().message.c_str());
    STRCMP_CONTAINS("[gate] mode", set.error().message.c_str());
}

TEST(Firewall, UsesNftablesAloneWhereTheKernelCanQueue) {
    const auto set = pretend([](const std::string&) { return ProgramEnd{0, ""}; }).set(rules());

    CHECK(set.has_value());
    CHECK(said.find("queue flags bypass to 7453") != std::string::npos);
    CHECK(said.find("iptables") == std::string::npos);
}

TEST(Firewall, TakesEverythingAwayWhenTheKernelLacksAModule) {
    const auto set = pretend([](const std::string& line) {
                         if (line == "nft -c -f -") {
                             return ProgramEnd{1, "Error: No such file or directory\n"};
                         }
                         return line == "iptables-nft-restore --noflush"
                                    ? ProgramEnd{2, "iptables-restore: line 4 failed\nmore\n"}
                                    : ProgramEnd{0, ""};
                     }).set(rules());

    CHECK_FALSE(set.has_value());
    STRCMP_CONTAINS("line 4 failed", set.error().message.c_str());
    STRCMP_CONTAINS("modprobe", set.error().message.c_str());
    const std::string removal = nftables_removal();
    CHECK(said.size() > removal.size());
    STRCMP_EQUAL(removal.c_str(), said.substr(said.size() - removal.size()).c_str());
}

TEST(Firewall, SaysWhichProgramToInstall) {
    Firewall without([](const std::vector<std::string>& words,
                        std::string_view /*input*/) -> Result<ProgramEnd> {
        return fail(Errc::NotFound, "cannot run " + words.front() + ": No such file or directory");
    });
    const auto set = without.set(rules());

    CHECK_FALSE(set.has_value());
    STRCMP_CONTAINS("apt-get install nftables", set.error().message.c_str());
}
