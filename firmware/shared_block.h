#pragma once

#include "core/base/result.h"
#include "dns/counters.h"
#include "firmware/capture_state.h"
#include "firmware/shared_bytes.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sporvakt::firmware {

/// The processes below the supervisor, in the order of their start.
enum class Role : std::uint8_t { Keeper = 0, Resolver = 1, Sniffer = 2, Gate = 3, Web = 4 };

constexpr std::size_t kRoleCount = 5;

/// "keeper": in logs and on the health page.
std::string_view role_name(Role role);

/// A number that grows with every change of something that several roles read.
using Generation = std::atomic<std::uint64_t>;

/// What one role tells the others about itself.
struct RoleState {
    std::atomic<bool> is_running = false;            ///< Written by the supervisor.
    std::atomic<bool> is_wanted = true;              ///< The same; the gate need not run.
    std::atomic<std::uint64_t> dropped = 0;          ///< Sightings lost for want of room.
    std::atomic<std::uint64_t> packets_dropped = 0;  ///< By the kernel, since the supervisor began.
    std::atomic<std::uint64_t> household_seen = 0;   ///< The newest generations in force there.
    std::atomic<std::uint64_t> lists_seen = 0;
};

/// Counters that all roles share.  Lock-free atomics, valid in memory shared between processes;
/// any thread of any role may read and write.
struct SharedState {
    Generation household = 1;  ///< household.mdb: names, rules, settings.  The keeper raises it.
    Generation lists = 1;      ///< Compiled list files.  The supervisor raises it.
    std::array<RoleState, kRoleCount> roles;
    /// What the resolver counted since the supervisor began, a second old at most; shown by the
    /// resolver role alone.  Here and not in a message by way of the keeper: whoever asks how the
    /// appliance is must be told also while the keeper is not.
    dns::Counters resolver;
    CaptureState capture;  ///< The same of the sniffer, and how its interfaces stand.

    [[nodiscard]] RoleState& of(Role role) { return roles.at(static_cast<std::size_t>(role)); }
    [[nodiscard]] const RoleState& of(Role role) const {
        return roles.at(static_cast<std::size_t>(role));
    }
};

static_assert(Generation::is_always_lock_free);

/// Owns a SharedState in memory that children share after fork(2).  Made before the first fork;
/// lives in the supervisor as long as any child.
class SharedBlock {
public:
    static Result<SharedBlock> create();

    [[nodiscard]] SharedState& state() const { return *state_; }

private:
    SharedBlock(SharedBytes memory, SharedState* state)
        : memory_(std::move(memory)), state_(state) {}

    SharedBytes memory_;
    SharedState* state_;  ///< Lies in memory_; has nothing to destroy.
};

static_assert(std::is_trivially_destructible_v<SharedState>);

}  // namespace sporvakt::firmware
