#pragma once

#include "core/base/result.h"
#include "firmware/gate/gate_rules.h"
#include "firmware/gate/program.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// Puts the gate's rules into the kernel and takes them away again, by way of nft and, where the
/// kernel needs it, iptables-nft.
///
/// Touches nothing but the table `inet sporvakt`, and for iptables the chain `sporvakt` of the
/// table `mangle` with the jump to it.  Each program changes what is its own in one transaction.
/// Waits for these programs: a few tenths of a second, kTimeMax each at most.  Not thread-safe.
class Firewall {
public:
    static constexpr std::chrono::milliseconds kTimeMax{5'000};

    /// Runs a program with a text to read; a test brings its own.
    using Runner =
        std::function<Result<ProgramEnd>(const std::vector<std::string>&, std::string_view)>;

    Firewall();
    explicit Firewall(Runner run) : run_(std::move(run)) {}

    /// Puts these in place of what there was.  Error: what is missing and what to do; nothing of
    /// ours is there then.
    Result<void> set(const GateRules& rules);

    /// Takes away whatever is ours, also from before this object was made.  Error: something may be
    /// left.
    Result<void> clear();

private:
    Result<void> set_all(const GateRules& rules);
    Result<void> set_queue(const GateRules& rules);
    Result<void> clear_queue();
    Result<bool> can_queue(const GateRules& rules);
    Result<std::string> done(const std::vector<std::string>& words, std::string_view input);

    Runner run_;
};

}  // namespace sporvakt::firmware
