#pragma once

#include "core/devices/device_id.h"
#include "core/policy/verdict.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace sporvakt::capture {

/// `[gate] mode`.
enum class GateMode : std::uint8_t {
    Off,
    Log,  ///< Judges and tells what would be cut; nothing is held or cut.
    Cut,
};

/// `[gate] on_failure`: what becomes of what cannot be judged.
enum class OnFailure : std::uint8_t {
    Open,    ///< It passes.
    Closed,  ///< It does not.
};

/// The kernel's queue that the packets come by.
constexpr std::uint16_t kGateQueue = 7453;

/// The bits of packet and connection marks that are ours; others are left as they are.  A
/// connection with neither is undecided, and its packets are queued.
constexpr std::uint32_t kGatePassMark = 0x04000000;
constexpr std::uint32_t kGateCutMark = 0x08000000;
constexpr std::uint32_t kGateMarks = kGatePassMark | kGateCutMark;

/// From its client, in all: the kernel queues no later packet of a flow, decided or not.
constexpr std::uint32_t kQueuedPacketsMax = 32;

struct GateSettings {
    GateMode mode = GateMode::Cut;
    OnFailure on_failure = OnFailure::Open;
    /// In GateMode::Log: called for each flow that would be cut.
    std::function<void(const devices::DeviceId&, std::string_view name, const policy::Verdict&)>
        on_would_cut;
    /// Names that are cut whatever the policy says, and recorded only when that blocks them.  May
    /// be empty: none.
    std::function<bool(std::string_view name)> is_refused;
};

}  // namespace sporvakt::capture
