#include "firmware/gate/gate_rules.h"

#include "tests/support/catalogue_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::firmware;
using sporvakt::Endpoint;
using sporvakt::IpAddress;
using sporvakt::capture::OnFailure;
using sporvakt::test::CatalogueBuilder;
using sporvakt::trackers::Evasion;

TEST_GROUP(GateRules) {
    GateRules rules;

    void setup() override {
        rules.interfaces = {"br-lan", "wlan0.7"};
    }
    static bool has(const std::string& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    }
};

TEST(GateRules, QueuesOnlyTheFirstPacketsOfUndecidedFlowsFromTheHouse) {
    const std::string text = nftables_text(rules, QueueRule::Nftables);

    CHECK(has(text, "ct mark and 0xc000000 != 0 accept\n"));
    CHECK(has(text,
              "iifname { \"br-lan\", \"wlan0.7\" } meta l4proto { tcp, udp } "
              "ct direction original ct original packets <= 32 queue flags bypass to 7453"));
    CHECK(has(text, "type filter hook forward"));
}

TEST(GateRules, BypassesTheQueueOnlyWhenItFailsOpen) {
    rules.on_failure = OnFailure::Closed;

    CHECK_FALSE(has(nftables_text(rules, QueueRule::Nftables), "bypass"));
    CHECK_FALSE(has(iptables_text(rules, ""), "--queue-bypass"));
    rules.on_failure = OnFailure::Open;
    CHECK(has(iptables_text(rules, ""), "--queue-bypass"));
}

TEST(GateRules, ReplacesTheWholeTableAtOnce) {
    const std::string text = nftables_text(rules, QueueRule::Iptables);

    CHECK(text.rfind("table inet sporvakt\ndelete table inet sporvakt\ntable inet sporvakt {\n",
                     0) == 0);
    CHECK_FALSE(has(text, "queue"));
    CHECK_FALSE(has(text, "853"));
    CHECK_FALSE(has(text, "dport 53"));
}

TEST(GateRules, TouchesOnlyItsOwnBitsOfMarks) {
    const std::string text = nftables_text(rules, QueueRule::Iptables);

    CHECK(has(text, "ct mark set ct mark or 0x4000000"));
    CHECK(has(text, "ct mark set ct mark or 0x8000000"));
    CHECK(has(text, "meta mark set meta mark and 0xf3ffffff"));
}

TEST(GateRules, RefusesSoThatTheClientHearsOfIt) {
    const std::string text = nftables_text(rules, QueueRule::Iptables);

    CHECK(has(text, "reject with tcp reset"));
    CHECK(has(text, "reject with icmpx type port-unreachable"));
}

TEST(GateRules, RejectsDnsOverTlsAndQuicWhenWanted) {
    rules.reject_dot = true;
    const std::string text = nftables_text(rules, QueueRule::Nftables);

    CHECK(has(text, "tcp dport 853 reject with tcp reset"));
    CHECK(has(text, "udp dport 853 reject with icmpx type port-unreachable"));
}

TEST(GateRules, RejectsDnsOverHttpsToKnownResolversWhenWanted) {
    CHECK_FALSE(has(nftables_text(rules, QueueRule::Nftables), "daddr"));
    rules.rejected_resolvers = {*IpAddress::from_text("1.1.1.1"), *IpAddress::from_text("8.8.8.8"),
                                *IpAddress::from_text("2606:4700:4700::1111")};
    const std::string text = nftables_text(rules, QueueRule::Nftables);

    CHECK(has(text, " ip daddr { 1.1.1.1, 8.8.8.8 } tcp"));
    CHECK(has(text, " ip6 daddr { 2606:4700:4700::1111 } tcp"));
    CHECK(has(text, "} tcp dport 443 reject with tcp reset\n"));
    CHECK(has(text, "} udp dport 443 reject with icmpx type port-unreachable\n"));
}

TEST(GateRules, SayNothingOfAFamilyThatNoResolverHas) {
    rules.rejected_resolvers = {*IpAddress::from_text("1.1.1.1")};
    const std::string text = nftables_text(rules, QueueRule::Nftables);

    CHECK(has(text, " ip daddr { 1.1.1.1 }"));
    CHECK_FALSE(has(text, "ip6 daddr"));
}

TEST(GateRules, KnowTheResolversOfTheCatalogueByAddress) {
    const auto catalogue = CatalogueBuilder()
                               .address("2620:fe::fe", Evasion::DnsOverHttps)
                               .address("203.0.113.9", Evasion::Vpn)
                               .address("9.9.9.9", Evasion::DnsOverHttps)
                               .open();
    CHECK(known_resolvers(*catalogue) ==
          (std::vector<IpAddress>{*IpAddress::from_text("9.9.9.9"),
                                  *IpAddress::from_text("2620:fe::fe")}));
}

TEST(GateRules, SendsPlainDnsToWhereWeListen) {
    rules.dns = {*Endpoint::from_text("192.168.1.1:53"), *Endpoint::from_text("[::]:5353")};
    const std::string text = nftables_text(rules, QueueRule::Nftables);

    CHECK(has(text, "type nat hook prerouting"));
    CHECK(has(text,
              "meta nfproto ipv4 fib daddr type != local meta l4proto { tcp, udp } "
              "th dport 53 dnat ip to 192.168.1.1:53\n"));
    CHECK(has(text,
              "meta nfproto ipv6 fib daddr type != local meta l4proto { tcp, udp } "
              "th dport 53 redirect to :5353\n"));
}

TEST(GateRules, PutsIptablesChainInPlaceOfAnEarlierOne) {
    const std::string saved =
        "*mangle\n:FORWARD ACCEPT [0:0]\n:sporvakt - [0:0]\n-A FORWARD -j others\n"
        "-A FORWARD -j sporvakt\n-A FORWARD -j sporvakt\n-A FORWARD -j sporvakt_of_another\n"
        "COMMIT\n";

    STRCMP_EQUAL(
        "*mangle\n"
        ":sporvakt - [0:0]\n"
        "-D FORWARD -j sporvakt\n"
        "-D FORWARD -j sporvakt\n"
        "-A sporvakt -m connmark ! --mark 0/0xc000000 -j RETURN\n"
        "-A sporvakt -i eth1 -p tcp -m conntrack --ctdir ORIGINAL -m connbytes --connbytes 0:32 "
        "--connbytes-dir original --connbytes-mode packets -j NFQUEUE --queue-num 7453 "
        "--queue-bypass\n"
        "-A sporvakt -i eth1 -p udp -m conntrack --ctdir ORIGINAL -m connbytes --connbytes 0:32 "
        "--connbytes-dir original --connbytes-mode packets -j NFQUEUE --queue-num 7453 "
        "--queue-bypass\n"
        "-A FORWARD -j sporvakt\n"
        "COMMIT\n",
        iptables_text({{"eth1"}, OnFailure::Open, {}, false, {}}, saved).c_str());
}

TEST(GateRules, TakesAwayNothingWhereNothingIsItsOwn) {
    STRCMP_EQUAL("", iptables_removal("*mangle\n:FORWARD ACCEPT [0:0]\n"
                                      "-A FORWARD -j sporvakt_of_another\nCOMMIT\n")
                         .c_str());
    STRCMP_EQUAL("*mangle\n:sporvakt - [0:0]\n-D FORWARD -j sporvakt\n-X sporvakt\nCOMMIT\n",
                 iptables_removal(":sporvakt - [0:0]\n-A FORWARD -j sporvakt\n").c_str());
}

TEST(GateRules, KnowsNamesThatWouldMeanMoreInARule) {
    for (const char* fine : {"br-lan", "eth0.100", "wg_home", "veth1@if3"}) {
        CHECK(can_stand_in_rules(fine));
    }
    for (const char* bad : {"", "eth+", "eth*", "a\"b", "a b", "a;b", "a\\b", "{a}"}) {
        CHECK_FALSE(can_stand_in_rules(bad));
    }
}
