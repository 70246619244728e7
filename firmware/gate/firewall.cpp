#include "firmware/gate/firewall.h"

#include <array>
#include <utility>

#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

/// The two families that iptables has a program each for.
struct Programs {
    const char* save;
    const char* restore;
};
constexpr std::array kPrograms{Programs{"iptables-nft-save", "iptables-nft-restore"},
                               Programs{"ip6tables-nft-save", "ip6tables-nft-restore"}};

constexpr std::string_view kOrOff = "or set [gate] mode = \"off\"";

std::vector<std::string> nft() {
    return {"nft", "-f", "-"};
}

std::string first_line(std::string_view text) {
    return std::string(text.substr(0, text.find('\n')));
}

bool lacks_right(std::string_view output) {
    return output.find("Operation not permitted") != std::string_view::npos ||
           output.find("Permission denied") != std::string_view::npos;
}

}  // namespace

Firewall::Firewall()
    : run_([](const std::vector<std::string>& words, std::string_view input) {
          return run_program(words, input, kTimeMax);
      }) {}

Result<void> Firewall::set(const GateRules& rules) {
    auto all = set_all(rules);
    if (!all) {
        // Half of them would queue packets that nobody reads, or obey marks that nobody sets.
        (void)clear();
    }
    return all;
}

Result<void> Firewall::set_all(const GateRules& rules) {
    if (SPORVAKT_TRY(can_queue(rules))) {
        SPORVAKT_TRY(done(nft(), nftables_text(rules, QueueRule::Nftables)));
        return {};
    }
    // First what obeys, then what asks.
    SPORVAKT_TRY(done(nft(), nftables_text(rules, QueueRule::Iptables)));
    return set_queue(rules);
}

/// Whether nftables can write the rule.  The kernel looks at the whole text and does nothing.
Result<bool> Firewall::can_queue(const GateRules& rules) {
    const auto end = run_({"nft", "-c", "-f", "-"}, nftables_text(rules, QueueRule::Nftables));
    if (!end) {
        return fail(end.error().code,
                    fmt::format("the gate needs nftables: {}; install it (apt-get install "
                                "nftables), {}",
                                end.error().message, kOrOff));
    }
    if (lacks_right(end->output)) {
        return fail(Errc::Unavailable,
                    fmt::format("the gate may not set rules: that takes the right CAP_NET_ADMIN "
                                "(AmbientCapabilities= in the unit, or root); give it, {}",
                                kOrOff));
    }
    return end->code == 0;
}

Result<void> Firewall::set_queue(const GateRules& rules) {
    for (const Programs& programs : kPrograms) {
        const std::string saved = SPORVAKT_TRY(done({programs.save, "-t", "mangle"}, ""));
        SPORVAKT_TRY(done({programs.restore, "--noflush"}, iptables_text(rules, saved)));
    }
    return {};
}

Result<void> Firewall::clear() {
    auto queue = clear_queue();
    SPORVAKT_TRY(done(nft(), nftables_removal()));
    return queue;
}

Result<void> Firewall::clear_queue() {
    Result<void> all;
    for (const Programs& programs : kPrograms) {
        const auto saved = run_({programs.save, "-t", "mangle"}, "");
        const std::string removal =
            saved && saved->code == 0 ? iptables_removal(saved->output) : "";
        if (removal.empty()) {
            continue;  // also where there is no iptables: then it has nothing of ours
        }
        if (const auto restored = done({programs.restore, "--noflush"}, removal); !restored) {
            all = tl::unexpected(restored.error());
        }
    }
    return all;
}

/// Its output, when it did what it was told.
Result<std::string> Firewall::done(const std::vector<std::string>& words, std::string_view input) {
    const auto end = run_(words, input);
    if (!end) {
        return fail(end.error().code,
                    fmt::format("this kernel's nftables cannot queue packets, so the gate needs "
                                "iptables too: {}; install it (apt-get install iptables), {}",
                                end.error().message, kOrOff));
    }
    if (end->code != 0) {
        return fail(Errc::Unavailable,
                    fmt::format("{} would not set the gate's rules: {}; the kernel needs NFQUEUE, "
                                "connbytes, connmark and REJECT (modprobe xt_NFQUEUE xt_connbytes "
                                "xt_connmark nft_reject_inet), {}",
                                words.front(), first_line(end->output), kOrOff));
    }
    return end->output;
}

}  // namespace sporvakt::firmware
