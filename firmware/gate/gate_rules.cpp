#include "firmware/gate/gate_rules.h"

#include "core/base/ip_address.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

namespace sporvakt::firmware {
namespace {

using capture::kGateCutMark;
using capture::kGateMarks;
using capture::kGatePassMark;
using capture::kGateQueue;
using capture::kQueuedPacketsMax;
using capture::OnFailure;

constexpr std::string_view kJump = "-A FORWARD -j sporvakt";

std::string set_of(const std::vector<std::string>& interfaces) {
    return fmt::format("{{ \"{}\" }}", fmt::join(interfaces, "\", \""));
}

/// Asks the gate about flows that it has not decided.
std::string asking_chain(const GateRules& rules) {
    return fmt::format(
        "  chain asked {{\n"
        "    type filter hook forward priority mangle; policy accept;\n"
        "    ct mark and {:#x} != 0 accept\n"
        "    iifname {} meta l4proto {{ tcp, udp }} ct direction original "
        "ct original packets <= {} queue {}to {}\n"
        "  }}\n",
        kGateMarks, set_of(rules.interfaces), kQueuedPacketsMax,
        rules.on_failure == OnFailure::Open ? "flags bypass " : "", kGateQueue);
}

/// What the gate said of a packet becomes its flow's: a verdict cannot carry the connection's mark.
/// A cut outweighs a pass: packets that were queued together may have been ruled upon apart.
std::string answered_chains() {
    return fmt::format(
        "  chain answered {{\n"
        "    type filter hook forward priority mangle + 1; policy accept;\n"
        "    meta mark and {0:#x} != 0 jump remembered\n"
        "    ct mark and {2:#x} != 0 ct direction original jump refused\n"
        "  }}\n"
        "  chain remembered {{\n"
        "    meta mark and {1:#x} != 0 ct mark set ct mark or {1:#x}\n"
        "    meta mark and {2:#x} != 0 ct mark set ct mark or {2:#x}\n"
        "    meta mark set meta mark and {3:#x}\n"
        "  }}\n"
        // A client's own reset may reach the server, which then need not wait for it.
        "  chain refused {{\n"
        "    tcp flags rst accept\n"
        "    meta l4proto tcp reject with tcp reset\n"
        "    reject with icmpx type port-unreachable\n"
        "  }}\n",
        kGateMarks, kGatePassMark, kGateCutMark, ~kGateMarks);
}

/// RFC 7858 §3.1, RFC 9250 §4.1.1.
std::string dot_chain(const GateRules& rules) {
    const std::string inside = set_of(rules.interfaces);
    return fmt::format(
        "  chain dns_over_tls {{\n"
        "    type filter hook forward priority mangle + 2; policy accept;\n"
        "    iifname {0} tcp dport 853 reject with tcp reset\n"
        "    iifname {0} udp dport 853 reject with icmpx type port-unreachable\n"
        "  }}\n",
        inside);
}

std::string resolvers_of(const GateRules& rules, IpFamily family) {
    std::string addresses;
    for (const IpAddress& address : rules.rejected_resolvers) {
        if (address.family() == family) {
            addresses += fmt::format("{}{}", addresses.empty() ? "" : ", ", address.text());
        }
    }
    return addresses;
}

/// RFC 8484 §5: HTTPS like any other, so by whose address it is.
std::string doh_chain(const GateRules& rules) {
    std::string chain =
        "  chain dns_over_https {\n"
        "    type filter hook forward priority mangle + 2; policy accept;\n";
    for (const auto& [family, word] : {std::pair{IpFamily::V4, "ip"}, {IpFamily::V6, "ip6"}}) {
        const std::string resolvers = resolvers_of(rules, family);
        if (resolvers.empty()) {
            continue;  // a set without members is an error to nft
        }
        const std::string to = fmt::format("    iifname {} {} daddr {{ {} }}",
                                           set_of(rules.interfaces), word, resolvers);
        chain += to + " tcp dport 443 reject with tcp reset\n";
        chain += to + " udp dport 443 reject with icmpx type port-unreachable\n";
    }
    return chain + "  }\n";
}

std::string dns_target(const Endpoint& dns) {
    if (dns.address.is_unspecified()) {
        return fmt::format("redirect to :{}", dns.port);
    }
    return fmt::format("dnat {} to {}", dns.address.family() == IpFamily::V4 ? "ip" : "ip6",
                       dns.text());
}

std::string dns_chain(const GateRules& rules) {
    std::string chain =
        "  chain plain_dns {\n"
        "    type nat hook prerouting priority dstnat; policy accept;\n";
    for (const Endpoint& dns : rules.dns) {
        chain += fmt::format(
            "    iifname {} meta nfproto {} fib daddr type != local "
            "meta l4proto {{ tcp, udp }} th dport 53 {}\n",
            set_of(rules.interfaces), dns.address.family() == IpFamily::V4 ? "ipv4" : "ipv6",
            dns_target(dns));
    }
    return chain + "  }\n";
}

std::size_t jumps_in(std::string_view saved) {
    std::size_t count = 0;
    for (std::size_t at = saved.find(kJump); at != std::string_view::npos;
         at = saved.find(kJump, at + kJump.size())) {
        const std::size_t end = at + kJump.size();
        count += end == saved.size() || saved[end] == '\n' ? 1U : 0U;
    }
    return count;
}

bool has_chain(std::string_view saved) {
    return saved.find(":sporvakt ") != std::string_view::npos;
}

/// As many `-D` as there are jumps: two of us may have been killed.
std::string without_jumps(std::string_view saved) {
    std::string text;
    for (std::size_t left = jumps_in(saved); left > 0; --left) {
        text += "-D FORWARD -j sporvakt\n";
    }
    return text;
}

}  // namespace

std::string nftables_text(const GateRules& rules, QueueRule queue) {
    std::string text = nftables_removal() + fmt::format("table inet {} {{\n", kGateTable);
    if (queue == QueueRule::Nftables) {
        text += asking_chain(rules);
    }
    text += answered_chains();
    if (rules.reject_dot) {
        text += dot_chain(rules);
    }
    if (!rules.rejected_resolvers.empty()) {
        text += doh_chain(rules);
    }
    if (!rules.dns.empty()) {
        text += dns_chain(rules);
    }
    return text + "}\n";
}

std::string nftables_removal() {
    // Made first, so that there is one to take away.
    return fmt::format("table inet {0}\ndelete table inet {0}\n", kGateTable);
}

std::string iptables_text(const GateRules& rules, std::string_view saved) {
    std::string text = fmt::format(
        "*mangle\n"
        ":sporvakt - [0:0]\n"  // empties it, if there is one
        "{}"
        "-A sporvakt -m connmark ! --mark 0/{:#x} -j RETURN\n",
        without_jumps(saved), kGateMarks);
    for (const std::string& interface : rules.interfaces) {
        for (const char* protocol : {"tcp", "udp"}) {
            text += fmt::format(
                "-A sporvakt -i {} -p {} -m conntrack --ctdir ORIGINAL -m connbytes "
                "--connbytes 0:{} --connbytes-dir original --connbytes-mode packets "
                "-j NFQUEUE --queue-num {}{}\n",
                interface, protocol, kQueuedPacketsMax, kGateQueue,
                rules.on_failure == OnFailure::Open ? " --queue-bypass" : "");
        }
    }
    return text + "-A FORWARD -j sporvakt\nCOMMIT\n";
}

std::string iptables_removal(std::string_view saved) {
    if (!has_chain(saved) && jumps_in(saved) == 0) {
        return "";
    }
    return fmt::format("*mangle\n:sporvakt - [0:0]\n{}-X sporvakt\nCOMMIT\n", without_jumps(saved));
}

std::vector<IpAddress> known_resolvers(const trackers::Catalogue& catalogue) {
    std::vector<IpAddress> addresses;
    for (const trackers::EvasiveAddress& known : catalogue.evasive_addresses()) {
        if (known.evasion == trackers::Evasion::DnsOverHttps) {
            addresses.push_back(known.address);
        }
    }
    return addresses;
}

bool can_stand_in_rules(std::string_view interface) {
    return !interface.empty() && std::all_of(interface.begin(), interface.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-' || c == '@';
    });
}

}  // namespace sporvakt::firmware
