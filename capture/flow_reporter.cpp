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
        verdict.is_by_household() || verdict.reason == policy::Reason::Paused;
    return is_owners_will ? ledger::Cause::AllowedByYou : ledger::Cause::Reported;
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
        case NameOrigin::Ambiguous:
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
    sighting.cause = verdict.is_by_household() ? ledger::Cause::Household : ledger::Cause::List;
    sighting.attempts = 1;
    return sighting;
}

FlowReporter::FlowReporter(const Snapshot<policy::Policy>& policy, ledger::SightingSink& sink,
                           FlowJournal* journal, const ClockShift& shift)
    : snapshot_(policy), sink_(sink), journal_(journal), shift_(shift), policy_(policy.get()) {}

void FlowReporter::restore(FlowTable& flows, NamePool& names) {
    if (journal_ == nullptr) {
        return;
    }
    journal_->load([&](FlowJournal::Slot slot, const JournalEntry& entry) {
        restore_flow(flows, names, slot, entry);
    });
}

void FlowReporter::restore_flow(FlowTable& flows, NamePool& names, FlowJournal::Slot slot,
                                const JournalEntry& entry) {
    const auto key = FlowKey::of(entry.protocol, entry.client, entry.server);
    const bool is_flow = entry.protocol == kProtocolTcp || entry.protocol == kProtocolUdp;
    Flow* flow = is_flow && flows.find(key) == nullptr
                     ? flows.begin(entry.protocol, {entry.client, entry.server, entry.device})
                     : nullptr;
    if (flow == nullptr) {
        journal_->erase(slot);
        return;
    }
    flow->origin = origin_of(entry.source);
    flow->transport = entry.protocol == kProtocolTcp     ? FlowTransport::Tcp
                      : flow->origin == NameOrigin::Quic ? FlowTransport::Quic
                                                         : FlowTransport::Udp;
    flow->is_countable = true;
    flow->has_sent = true;
    flow->is_answered = entry.counted;
    flow->naming = Naming::Done;
    Attribution& attribution = flow->attribute();
    (flow->origin == NameOrigin::Dns ? attribution.inferred : attribution.claimed) =
        names.take(entry.name);
    attribution.is_counted = entry.counted;
    attribution.journal_slot = slot;
    flow->first_seen = entry.last_seen;
    flow->last_seen = entry.last_seen;
    flow->judgement = Judgement::Recorded;
}

void FlowReporter::add_news(Flow& flow) {
    if (news_.size() == kNewsMax) {
        report_news();  // a flood of flows that end within the second, and leave their places here
    }
    flow.has_news = true;
    flow.attribution->news_since = flow.last_seen;
    news_.push_back(&flow);
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

void FlowReporter::report_news() {
    refresh_policy();
    for (Flow* flow : news_) {
        // One that ended meanwhile has told its news, and its place may have another.
        if (flow->is_used && std::exchange(flow->has_news, false)) {
            report(*flow);
        }
    }
    news_.clear();
}

void FlowReporter::report(Flow& flow) {
    Attribution& attribution = *flow.attribution;
    flow.judged_in = generation_;
    // A guess that may be wrong, or a name that came in two versions, accuses nobody.
    const bool is_doubtful = flow.name().empty() ||
                             (flow.is_inferred() && attribution.certainty == Certainty::Uncertain);
    const auto verdict = is_doubtful ? policy::Verdict{}
                                     : policy_->judge({flow.device(), flow.name(), RecordType::A});
    if (!verdict.is_recorded()) {
        // Should the household change its mind, what passed until then stays unrecorded.
        flow.judgement = Judgement::Unrecorded;
        attribution.reported_up = flow.bytes_up;
        attribution.reported_down = flow.bytes_down;
        erase_journal(flow);
        return;
    }
    flow.judgement = Judgement::Recorded;
    const bool is_believed = flow.is_answered || flow.is_inferred();
    const bool is_news = !attribution.is_counted || flow.bytes_up != attribution.reported_up ||
                         flow.bytes_down != attribution.reported_down;
    if (flow.has_sent && is_believed && is_news) {
        record(flow, verdict);
    } else {
        write_journal(flow);
    }
}

void FlowReporter::record(Flow& flow, const policy::Verdict& verdict) {
    Attribution& attribution = *flow.attribution;
    ledger::SightingView sighting = sighting_of(verdict);
    sighting.at = attribution.is_counted ? attribution.news_since : flow.first_seen;
    sighting.last = flow.last_seen;
    sighting.device = flow.device();
    sighting.name = flow.name();
    sighting.outcome = ledger::Outcome::Leaked;
    sighting.source =
        flow.is_inferred() ? ledger::NameSource::Inferred : name_source_of(flow.origin);
    sighting.cause = leak_cause(verdict);
    if (!attribution.is_counted) {
        count(sighting);
    }
    sighting.bytes_up = flow.bytes_up - attribution.reported_up;
    sighting.bytes_down = flow.bytes_down - attribution.reported_down;
    attribution.is_counted = true;
    attribution.reported_up = flow.bytes_up;
    attribution.reported_down = flow.bytes_down;
    // Before the sink: if we die in between, a contact is lost, but none is counted twice.
    write_journal(flow);
    sink_.record(sighting);
}

/// Makes it a contact, or a part of one that was counted when the name rode on another's flow.
void FlowReporter::count(ledger::SightingView& sighting) {
    if (const auto ride = contacts_.ride_before(sighting.device, sighting.name, sighting.at)) {
        sighting.at = *ride;
        return;
    }
    sighting.attempts = 1;
    contacts_.met(sighting.device, sighting.name, sighting.at);
}

void FlowReporter::write_journal(Flow& flow) {
    if (journal_ == nullptr) {
        return;
    }
    JournalEntry entry;
    entry.protocol = flow.transport == FlowTransport::Tcp ? kProtocolTcp : kProtocolUdp;
    entry.client = flow.client();
    entry.server = flow.server();
    entry.device = flow.device();
    entry.name = flow.name();
    entry.source = flow.is_inferred() ? ledger::NameSource::Inferred : name_source_of(flow.origin);
    entry.counted = flow.attribution->is_counted;
    entry.last_seen = shift_.outside(flow.last_seen);
    auto& slot = flow.attribution->journal_slot;
    if (slot) {
        journal_->update(*slot, entry);
    } else {
        slot = journal_->put(entry);
    }
}

void FlowReporter::erase_journal(Flow& flow) {
    if (flow.attribution != nullptr && flow.attribution->journal_slot) {
        journal_->erase(*std::exchange(flow.attribution->journal_slot, std::nullopt));
    }
}

void FlowReporter::refused(const devices::DeviceId& device, const std::string& name, Timestamp at) {
    const auto verdict = policy_->judge({device, name, RecordType::A});
    if (!verdict.is_blocked()) {
        return;
    }
    sink_.record(prevented_sighting(verdict, device, name, at));
}

bool FlowReporter::wants(const devices::DeviceId& device, std::string_view name) const {
    return policy_->judge({device, name, RecordType::A}).is_recorded();
}

void FlowReporter::coalesced(const CoalescedContact& contact) {
    const auto verdict = policy_->judge({contact.device, contact.name, RecordType::A});
    if (!verdict.is_recorded() || contacts_.is_counted(contact.device, contact.name, contact.at)) {
        return;
    }
    ledger::SightingView sighting = sighting_of(verdict);
    sighting.at = contact.at;
    sighting.last = contact.at;
    sighting.device = contact.device;
    sighting.name = contact.name;
    sighting.outcome = ledger::Outcome::Leaked;
    sighting.source = ledger::NameSource::Inferred;
    sighting.cause = leak_cause(verdict);
    sighting.attempts = 1;
    contacts_.rode(contact.device, contact.name, contact.at, contact.until);
    sink_.record(sighting);
}

}  // namespace sporvakt::capture
