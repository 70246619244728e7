#pragma once

#include "core/base/result.h"
#include "firmware/configuration.h"
#include "firmware/gate/firewall.h"

#include <optional>
#include <string>

namespace sporvakt::firmware {

/// Sees to it that the gate's rules stand while the gate is wanted, and at no other time.
///
/// The supervisor's: rules must outlive a gate that is killed, so that its packets wait for the
/// next one as `on_failure` says.  A file notes that rules stand, for the case that all of us are
/// killed at once.  Not thread-safe.
class RuleGuard {
public:
    /// `note`: the path of that file.
    RuleGuard(std::string note, Firewall firewall)
        : note_(std::move(note)), firewall_(std::move(firewall)) {}

    /// Puts the rules in place that the configuration wants.  While the gate is off: takes away
    /// those of a program that was killed; our own stay until clear(), for its gate still runs.
    /// Error: what is missing and what to do; the rules before are in force then.
    Result<void> adopt(const Configuration& configuration);

    /// The gate has stopped: takes its rules away.  What fails is logged.
    void clear();

    [[nodiscard]] bool is_in_force() const { return in_force_.has_value(); }

private:
    Result<void> set(const GateRules& rules);
    [[nodiscard]] Result<void> write_note() const;
    void remove_note() const;

    std::string note_;
    Firewall firewall_;
    std::optional<GateRules> in_force_;
};

}  // namespace sporvakt::firmware
