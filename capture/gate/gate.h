#pragma once

#include "capture/gate/gate_settings.h"
#include "capture/gate/queued_packet.h"
#include "capture/gate/undecided_flows.h"
#include "capture/quic_keys.h"
#include "core/base/clock.h"
#include "core/base/snapshot.h"
#include "core/ledger/sighting_sink.h"
#include "core/policy/policy.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace sporvakt::capture {

/// What the gate did since it was made.
struct GateCounters {
    std::uint64_t packets = 0;
    std::uint64_t passed = 0;    ///< Flows that may go on, for whatever reason.
    std::uint64_t cut = 0;       ///< Flows that may not (GateMode::Log: would not).
    std::uint64_t unjudged = 0;  ///< Of both, those that went as `on_failure` says.
};

/// Decides which flows of the house may begin, from what their clients send first.
///
/// Packets with payload are held until the name that a flow goes to is known, and then all pass or
/// none does: what is cut is cut before any of it left.  A flow that does not begin like TLS, HTTP
/// or QUIC, and one that gives no name, passes; the DNS has judged it already.  What ought to have
/// a name that cannot be told goes as OnFailure says:
///
/// - packets that make no sense, names that no host can have, kPacketsMax packets without a name,
///   flows pushed out by too many others, and QUIC beyond kOpenedPerSecond;
/// - a hello that has not come whole kHoldTime after its first piece.  Some clients send no more
///   until they hear that the first has arrived, so OnFailure::Open lets the pieces pass and reads
///   on: once the name is known, the flow is still cut before the hello has arrived whole.
///
/// A flow that is cut is recorded as a contact prevented.  Memory is bounded: a hello's 20 kB for
/// each of UndecidedFlows::kFlowsMax, at worst.  Not thread-safe: one thread, one gate.
class Gate {
public:
    static constexpr std::uint32_t kPacketsMax = 20;
    static constexpr std::uint32_t kOpenedPerSecond = 4000;
    /// Before a flow over UDP that has not begun with QUIC is taken for something else.
    static constexpr std::uint32_t kDatagramsTried = 4;
    static constexpr std::chrono::milliseconds kHoldTime{150};
    /// How long a cut is remembered: until what was queued before it has come.
    static constexpr std::chrono::seconds kCutMemory{10};
    static constexpr std::chrono::seconds kForgottenAfter{120};  ///< Without payload.

    /// All but the settings outlive the gate.
    struct Ground {
        const Snapshot<policy::Policy>& policy;
        ledger::SightingSink& sink;
        Rulings& rulings;
        const Clock& clock;
    };
    Gate(GateSettings settings, const Ground& ground);

    /// A packet from the client of a flow that is undecided.
    void see(const QueuedPacket& packet);

    /// Rules upon what has been held too long.  Returns when it wants to be called again: nothing
    /// is due before a packet comes when empty.
    std::optional<Moment> tick();

    /// Rules upon everything that is held, as OnFailure says.  For the end of the process.
    void finish();

    [[nodiscard]] const GateCounters& counters() const { return counters_; }

private:
    UndecidedFlow* flow_of(const Frame& frame, const QueuedPacket& packet);
    UndecidedFlow& begin_flow(const FlowKey& key, const QueuedPacket& packet, const Frame& frame);
    void follow(UndecidedFlow& flow, const Frame& frame, const PacketTicket& ticket);
    void read(UndecidedFlow& flow, const Frame& frame);
    bool may_open();

    void judge(UndecidedFlow& flow, const Introduction& introduction);
    void judge_so_far(UndecidedFlow& flow);
    void overdue(UndecidedFlow& flow);
    void would_cut(UndecidedFlow& flow, const Introduction& introduction,
                   const policy::Verdict& verdict);
    void fail(UndecidedFlow& flow);
    void pass(UndecidedFlow& flow);
    void cut(UndecidedFlow& flow);

    void hold(UndecidedFlow& flow, const PacketTicket& ticket);
    void release(UndecidedFlow& flow, Ruling ruling);
    void forget(const UndecidedFlow& flow);
    void set_due(UndecidedFlow& flow, std::chrono::milliseconds delay);

    GateSettings settings_;
    Ground ground_;
    UndecidedFlows flows_;
    QuicCrypto crypto_;
    GateCounters counters_;
    Moment now_;
    Moment next_due_ = Moment::max();
    Moment second_;
    std::uint32_t opened_in_second_ = 0;
};

}  // namespace sporvakt::capture
