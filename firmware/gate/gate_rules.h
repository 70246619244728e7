#pragma once

#include "capture/gate/gate_settings.h"
#include "core/base/ip_address.h"
#include "core/trackers/catalogue.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// What the kernel must be told so that the gate gets its packets and is obeyed.
struct GateRules {
    /// On the side of the house: what comes in there and is forwarded goes by the gate.
    std::vector<std::string> interfaces;
    capture::OnFailure on_failure = capture::OnFailure::Open;
    /// Where plain DNS of the house is sent whomever it is for: at most one address a family, an
    /// unspecified one for "this machine, as it is reached there".  Empty: DNS is left alone.
    std::vector<Endpoint> dns;
    bool reject_dot = false;  ///< DNS over TLS and over QUIC, to anybody outside.
    /// To whom DNS over HTTPS is refused.
    std::vector<IpAddress> rejected_resolvers;

    friend bool operator==(const GateRules&, const GateRules&) = default;
};

/// The resolvers for DNS over HTTPS that the catalogue knows by an address of their own.
std::vector<IpAddress> known_resolvers(const trackers::Catalogue& catalogue);

/// Which program can write the rule that queues packets: nftables, or where the kernel is built
/// without its `queue` (CONFIG_NFT_QUEUE), iptables.
enum class QueueRule : std::uint8_t { Nftables, Iptables };

/// The names of our table and our chain.
constexpr std::string_view kGateTable = "sporvakt";

/// For `nft -f -`: replaces our table, all of it in one transaction.
std::string nftables_text(const GateRules& rules, QueueRule queue);

/// The same, taking the table away whether it is there or not.
std::string nftables_removal();

/// For `iptables-nft-restore --noflush` and ip6tables-: puts our chain into the table `mangle` in
/// place of an earlier one, in one transaction.  `saved` is what `iptables-nft-save -t mangle` says
/// now.
std::string iptables_text(const GateRules& rules, std::string_view saved);

/// Takes our chain away; empty when there is nothing of ours.
std::string iptables_removal(std::string_view saved);

/// Whether the name of a network card can stand in rules: letters, digits, '.', '_', '-' and '@'.
bool can_stand_in_rules(std::string_view interface);

}  // namespace sporvakt::firmware
