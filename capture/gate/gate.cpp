#include "capture/gate/gate.h"

#include "capture/flow_reporter.h"
#include "capture/frame.h"
#include "core/base/assert.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sporvakt::capture {
namespace {

devices::DeviceId device_of(const QueuedPacket& packet, const Frame& frame) {
    return packet.source_mac && !packet.source_mac->is_group()
               ? devices::DeviceId(*packet.source_mac)
               : devices::DeviceId(frame.source);
}

bool opens_connection(const Frame& frame) {
    return frame.is_tcp() && frame.has_flags(kTcpSyn) && !frame.has_flags(kTcpAck);
}

}  // namespace

Gate::Gate(GateSettings settings, const Ground& ground)
    : settings_(std::move(settings)), ground_(ground) {
    if (settings_.mode == GateMode::Log) {
        settings_.on_failure = OnFailure::Open;  // who only looks on stops nothing
    }
}

void Gate::see(const QueuedPacket& packet) {
    ++counters_.packets;
    now_ = ground_.clock.moment();
    const auto frame = decode_frame({ground_.clock.now(), LinkType::RawIp, packet.bytes,
                                     static_cast<std::uint32_t>(packet.bytes.size())});
    if (!frame || frame->fragment) {  // the kernel joins fragments before it asks
        ++counters_.unjudged;
        ground_.rulings.rule(packet.ticket,
                             settings_.on_failure == OnFailure::Open ? Ruling::Pass : Ruling::Drop);
        return;
    }
    if (!frame->is_tcp() && !frame->is_udp()) {
        ground_.rulings.rule(packet.ticket, Ruling::PassFlow);  // what a tunnel carries
        return;
    }
    if (UndecidedFlow* flow = flow_of(*frame, packet)) {
        follow(*flow, *frame, packet.ticket);
    } else {
        ground_.rulings.rule(packet.ticket, Ruling::Pass);
    }
}

/// Null: nothing was sent yet, and where the client's bytes begin is not known either.
UndecidedFlow* Gate::flow_of(const Frame& frame, const QueuedPacket& packet) {
    const auto key = FlowKey::of(frame.protocol, {frame.source, frame.source_port},
                                 {frame.destination, frame.destination_port});
    UndecidedFlow* flow = flows_.find(key);
    const bool opens = opens_connection(frame);
    if (flow != nullptr && opens && flow->initial_sequence != frame.tcp_sequence) {
        release(*flow, Ruling::Drop);  // of a conversation that its client has given up
        forget(*flow);
        flow = nullptr;
    }
    if (flow == nullptr && frame.is_tcp() && !opens && frame.payload.empty()) {
        return nullptr;
    }
    return flow != nullptr ? flow : &begin_flow(key, packet, frame);
}

UndecidedFlow& Gate::begin_flow(const FlowKey& key, const QueuedPacket& packet,
                                const Frame& frame) {
    const devices::DeviceId device = device_of(packet, frame);
    if (UndecidedFlow* other = flows_.in_the_way_of(device)) {
        counters_.unjudged += other->held.empty() ? 0U : 1U;
        release(*other,
                settings_.on_failure == OnFailure::Open ? Ruling::PassFlow : Ruling::CutFlow);
        forget(*other);
    }
    UndecidedFlow& flow = flows_.begin(key, device, frame);
    if (opens_connection(frame)) {
        flow.initial_sequence = frame.tcp_sequence;
    }
    set_due(flow, kForgottenAfter);
    return flow;
}

void Gate::follow(UndecidedFlow& flow, const Frame& frame, const PacketTicket& ticket) {
    ++flow.packets;
    if (flow.is_cut) {
        ground_.rulings.rule(ticket, Ruling::CutFlow);
        return;
    }
    const bool is_last = flow.packets >= kPacketsMax;
    const bool is_empty = frame.is_tcp() && frame.payload.empty();
    if (is_empty && !is_last) {
        ground_.rulings.rule(ticket, Ruling::Pass);
        return;
    }
    hold(flow, ticket);
    if (!is_empty) {
        flow.has_sent = true;
        read(flow, frame);
    } else if (flow.has_sent) {
        judge_so_far(flow);
    } else {
        pass(flow);  // only the server speaks
    }
}

void Gate::read(UndecidedFlow& flow, const Frame& frame) {
    if (frame.is_udp() && !may_open()) {
        fail(flow);
        return;
    }
    switch (flow.opening.add(frame, crypto_)) {
        case OpeningState::Read:
            judge(flow, flow.opening.introduction());
            break;
        case OpeningState::Foreign:
            if (frame.is_udp() && flow.packets < kDatagramsTried) {
                release(flow, Ruling::Pass);
            } else {
                pass(flow);
            }
            break;
        case OpeningState::GoesOn:
            if (flow.packets >= kPacketsMax) {
                judge_so_far(flow);
            } else if (settings_.mode == GateMode::Log) {
                release(flow, Ruling::Pass);
            }
            break;
    }
}

bool Gate::may_open() {
    if (now_ - second_ >= std::chrono::seconds(1)) {
        second_ = now_;
        opened_in_second_ = 0;
    }
    return ++opened_in_second_ <= kOpenedPerSecond;
}

void Gate::judge(UndecidedFlow& flow, const Introduction& introduction) {
    if (!introduction.name) {
        const bool says_so = introduction.origin != NameOrigin::None && !introduction.has_bad_name;
        says_so ? pass(flow) : fail(flow);
        return;
    }
    const std::string& name = introduction.name->text();
    const auto policy = ground_.policy.get();  // its verdict lives as long as it does
    const policy::Verdict verdict = policy->judge({flow.device, name, RecordType::A});
    if (verdict.is_blocked()) {
        would_cut(flow, introduction, verdict);
    } else if (settings_.is_refused && settings_.is_refused(name)) {
        cut(flow);
    } else {
        pass(flow);
    }
}

void Gate::would_cut(UndecidedFlow& flow, const Introduction& introduction,
                     const policy::Verdict& verdict) {
    const std::string& name = introduction.name->text();
    if (settings_.mode == GateMode::Log) {
        if (settings_.on_would_cut) {
            settings_.on_would_cut(flow.device, name, verdict);
        }
    } else {
        auto sighting = prevented_sighting(verdict, flow.device, name, ground_.clock.now());
        sighting.source = name_source_of(introduction.origin);
        ground_.sink.record(sighting);
    }
    cut(flow);
}

/// No more of the opening will be looked at.
void Gate::judge_so_far(UndecidedFlow& flow) {
    const Introduction& known = flow.opening.so_far();
    known.name ? judge(flow, known) : fail(flow);
}

/// The client may be waiting for an acknowledgement of what is held.
void Gate::overdue(UndecidedFlow& flow) {
    const Introduction& known = flow.opening.so_far();
    if (!known.name && settings_.on_failure == OnFailure::Open) {
        release(flow, Ruling::Pass);
    } else {
        known.name ? judge(flow, known) : fail(flow);
    }
}

void Gate::fail(UndecidedFlow& flow) {
    ++counters_.unjudged;
    settings_.on_failure == OnFailure::Open ? pass(flow) : cut(flow);
}

void Gate::pass(UndecidedFlow& flow) {
    ++counters_.passed;
    release(flow, Ruling::PassFlow);
    forget(flow);
}

void Gate::cut(UndecidedFlow& flow) {
    ++counters_.cut;
    if (settings_.mode == GateMode::Log) {
        release(flow, Ruling::PassFlow);
        forget(flow);
        return;
    }
    release(flow, Ruling::CutFlow);
    flow.is_cut = true;
    set_due(flow, kCutMemory);
}

void Gate::hold(UndecidedFlow& flow, const PacketTicket& ticket) {
    if (flow.held.empty()) {
        set_due(flow, kHoldTime);
    }
    flow.held.push_back(ticket);
}

/// Of a flow that is cut the client hears once: the kernel sends few refusals a second.
void Gate::release(UndecidedFlow& flow, Ruling ruling) {
    for (const PacketTicket& ticket : std::exchange(flow.held, {})) {
        ground_.rulings.rule(ticket, ruling);
        ruling = ruling == Ruling::CutFlow ? Ruling::Drop : ruling;
    }
    set_due(flow, kForgottenAfter);
}

void Gate::forget(const UndecidedFlow& flow) {
    flows_.erase(flow);
}

void Gate::set_due(UndecidedFlow& flow, std::chrono::milliseconds delay) {
    flow.due = now_ + delay;
    next_due_ = std::min(next_due_, flow.due);
}

std::optional<Moment> Gate::tick() {
    now_ = ground_.clock.moment();
    if (now_ >= next_due_) {
        next_due_ = Moment::max();
        flows_.each([this](UndecidedFlow& flow) {
            if (flow.due > now_) {
                next_due_ = std::min(next_due_, flow.due);
            } else if (flow.held.empty()) {
                forget(flow);
            } else {
                overdue(flow);
            }
        });
    }
    return next_due_ == Moment::max() ? std::nullopt : std::optional(next_due_);
}

void Gate::finish() {
    flows_.each([this](UndecidedFlow& flow) {
        release(flow, settings_.on_failure == OnFailure::Open ? Ruling::Pass : Ruling::Drop);
    });
}

}  // namespace sporvakt::capture
