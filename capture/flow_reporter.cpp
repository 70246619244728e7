#include "capture/flow_reporter.h"

#include "capture/frame.h"

#include <utility>

namespace sporvakt::capture {
namespace {

NameOrigin origin_of(ledger::NameSource source) {
    switch (source) {
        case ledger::NameSource::Tls:
            return NameOrigin::Tls;
        case ledger::NameSource::Quic:
            return NameOrigin::Quic;
        case ledger::NameSource::Http:
            return NameOrigin::Http;
        case ledger::NameSource::Query:
        case ledger::NameSource::Inferred:
            break;
    }
    return NameOrigin::Dns;
}

/// Why a contact happened although its name is a tracker's.
ledger::Cause leak_cause(const policy::Verdict& verdict) {
    if (verdict.is_blocked()) {
        return ledger::Cause::Bypassed;
    }
    const bool is_owners_will =
        verdict.reason == policy::Reason::Household || verdict.reason == policy::Reason::Paused;
    return is_owners_will ? ledger::Cause::AllowedByYou : ledger::Cause::Reported;
}

const std::string& name_of(const Flow& flow) {
    return flow.is_inferred() ? flow.inferred : flow.name;
}

ledger::SightingView sighting_of(const policy::Verdict& verdict) {
    ledger::SightingView sighting;
    sighting.company = verdict.company;
    sighting.purpose = verdict.purpose;
    sighting.rule = verdict.rule;
    sighting.list = verdict.list;
    return sighting;
}

}  // namespace

ledger::NameSource name_source_of(NameOrigin origin) {
    switch (origin) {
        case NameOrigin::Tls:
            return ledger::NameSource::Tls;
        case NameOrigin::Quic:
            return ledger::NameSource::Quic;
        case NameOrigin::Http:
            return ledger::NameSource::Http;
        case NameOrigin::Dns:
        case NameOrigin::None:
            break;
    }
    return ledger::NameSource::Inferred;
}

ledger::SightingView prevented_sighting(const policy::Verdict& verdict,
                                        const devices::DeviceId& device, std::string_view name,
                                        Timestamp at) {
    ledger::SightingView sighting = sighting_of(verdict);
    sighting.at = at;
    sighting.last = at;
    sighting.device = device;
    sighting.name = name;
    sighting.outcome = ledger::Outcome::Prevented;
    sighting.source = ledger::NameSource::Query;
    sighting.cause = verdict.reason == policy::Reason::Household ? ledger::Cause::Household
                                                                 : ledger::Cause::List;
    sighting.attempts = 1;
    return sighting;
}

FlowReporter::FlowReporter(const Snapshot<policy::Policy>& policy, ledger::SightingSink& sink,
                           FlowJournal* journal)
    : snapshot_(policy), sink_(sink), journal_(journal), policy_(policy.get()) {}

void FlowReporter::restore(FlowTable& flows) {
    if (journal_ == nullptr) {
        return;
    }
    journal_->load([&](FlowJournal::Slot slot, const JournalEntry& entry) {
        restore_flow(flows, slot, entry);
    });
}

void FlowReporter::restore_flow(FlowTable& flows, FlowJournal::Slot slot,
                                const JournalEntry& entry) {
    const auto key = FlowKey::of(entry.protocol, entry.client, entry.server);
    const bool is_flow = entry.protocol == kProtocolTcp || entry.protocol == kProtocolUdp;
    Flow* flow = is_flow && flows.find(key) == nullptr ? flows.begin(key, entry.device) : nullptr;
    if (flow == nullptr) {
        journal_->erase(slot);
        return;
    }
    flow->origin = origin_of(entry.source);
    flow->transport = entry.protocol == kProtocolTcp     ? FlowTransport::Tcp
                      : flow->origin == NameOrigin::Quic ? FlowTransport::Quic
                                                         : FlowTransport::Udp;
    flow->client = entry.client;
    flow->server = entry.server;
    flow->is_countable = true;
    flow->has_sent = true;
    flow->is_answered = entry.counted;
    flow->naming = Naming::Done;
    (flow->origin == NameOrigin::Dns ? flow->inferred : flow->name) = entry.name;
    flow->first_seen = entry.last_seen;
    flow->last_seen = entry.last_seen;
    flow->judgement = Judgement::Recorded;
    flow->is_counted = entry.counted;
    flow->journal_slot = slot;
}

bool FlowReporter::is_candidate(const Flow& flow) const {
    return flow.is_countable && flow.naming == Naming::Done && flow.has_name() &&
           (flow.judgement != Judgement::Unrecorded || flow.judged_in != generation_);
}

void FlowReporter::note(Flow& flow) {
    if (!flow.has_news && is_candidate(flow)) {
        flow.has_news = true;
        flow.news_since = flow.last_seen;
        news_.push_back(FlowTable::index_of(flow));
    }
}

void FlowReporter::name_settled(Flow& flow) {
    if (is_candidate(flow)) {
        report(flow);
    }
}

void FlowReporter::ended(Flow& flow) {
    if (is_candidate(flow)) {
        report(flow);
    }
    erase_journal(flow);
}

void FlowReporter::refresh_policy() {
    auto latest = snapshot_.get();
    if (latest != policy_) {
        policy_ = std::move(latest);
        ++generation_;
    }
}

void FlowReporter::report_news(FlowTable& flows) {
    refresh_policy();
    for (const std::uint32_t index : std::exchange(news_, {})) {
        Flow& flow = flows.at(index);
        if (FlowTable::is_used(flow) && std::exchange(flow.has_news, false)) {
            report(flow);
        }
    }
}

void FlowReporter::report(Flow& flow) {
    const auto verdict = policy_->judge({flow.device, name_of(flow), RecordType::A});
    flow.judged_in = generation_;
    if (!verdict.is_recorded()) {
        // Should the household change its mind, what passed until then stays unrecorded.
        flow.judgement = Judgement::Unrecorded;
        flow.reported_up = flow.bytes_up;
        flow.reported_down = flow.bytes_down;
        erase_journal(flow);
        return;
    }
    flow.judgement = Judgement::Recorded;
    const bool is_believed = flow.is_answered || flow.is_inferred();
    const bool is_news = !flow.is_counted || flow.bytes_up != flow.reported_up ||
                         flow.bytes_down != flow.reported_down;
    if (flow.has_sent && is_believed && is_news) {
        record(flow, verdict);
    } else {
        write_journal(flow);
    }
}

void FlowReporter::record(Flow& flow, const policy::Verdict& verdict) {
    ledger::SightingView sighting = sighting_of(verdict);
    sighting.at = flow.is_counted ? flow.news_since : flow.first_seen;
    sighting.last = flow.last_seen;
    sighting.device = flow.device;
    sighting.name = name_of(flow);
    sighting.outcome = ledger::Outcome::Leaked;
    sighting.source =
        flow.is_inferred() ? ledger::NameSource::Inferred : name_source_of(flow.origin);
    sighting.cause = leak_cause(verdict);
    sighting.attempts = flow.is_counted ? 0 : 1;
    sighting.bytes_up = flow.bytes_up - flow.reported_up;
    sighting.bytes_down = flow.bytes_down - flow.reported_down;
    flow.is_counted = true;
    flow.reported_up = flow.bytes_up;
    flow.reported_down = flow.bytes_down;
    // Before the sink: if we die in between, a contact is lost, but none is counted twice.
    write_journal(flow);
    sink_.record(sighting);
}

void FlowReporter::write_journal(Flow& flow) {
    if (journal_ == nullptr) {
        return;
    }
    JournalEntry entry;
    entry.protocol = flow.transport == FlowTransport::Tcp ? kProtocolTcp : kProtocolUdp;
    entry.client = flow.client;
    entry.server = flow.server;
    entry.device = flow.device;
    entry.name = name_of(flow);
    entry.source = flow.is_inferred() ? ledger::NameSource::Inferred : name_source_of(flow.origin);
    entry.counted = flow.is_counted;
    entry.last_seen = flow.last_seen;
    if (flow.journal_slot) {
        journal_->update(*flow.journal_slot, entry);
    } else {
        flow.journal_slot = journal_->put(entry);
    }
}

void FlowReporter::erase_journal(Flow& flow) {
    if (flow.journal_slot) {
        journal_->erase(*std::exchange(flow.journal_slot, std::nullopt));
    }
}

void FlowReporter::refused(const devices::DeviceId& device, const std::string& name, Timestamp at) {
    const auto verdict = policy_->judge({device, name, RecordType::A});
    if (!verdict.is_blocked()) {
        return;
    }
    sink_.record(prevented_sighting(verdict, device, name, at));
}

}  // namespace sporvakt::capture
