#pragma once

#include "capture/attribution/coalesced_names.h"
#include "capture/attribution/recent_contacts.h"
#include "capture/clock_shift.h"
#include "capture/flow_journal.h"
#include "capture/flow_table.h"
#include "core/base/clock.h"
#include "core/base/snapshot.h"
#include "core/ledger/sighting_sink.h"
#include "core/policy/policy.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::capture {

/// How a name that a flow told of itself stands in the ledger.
ledger::NameSource name_source_of(NameOrigin origin);

/// A contact of the device that a blocking verdict prevented, once, at that time.  Its texts are
/// the verdict's and the caller's.
ledger::SightingView prevented_sighting(const policy::Verdict& verdict,
                                        const devices::DeviceId& device, std::string_view name,
                                        Timestamp at);

/// Judges named flows and turns what they carried into sightings.
///
/// A flow is recorded when the policy blocks its name or its name is a tracker's, once the server
/// has answered payload of the device; a name that no server confirms is not believed, except one
/// that the device itself resolved to that address.  Not thread-safe.
class FlowReporter {
public:
    /// At most so many pieces of news wait for report_news(); one more reports them at once.
    static constexpr std::size_t kNewsMax = FlowTable::kFlowsMax;

    /// All outlive the reporter; `journal`, which tells the clock's time, may be null.
    FlowReporter(const Snapshot<policy::Policy>& policy, ledger::SightingSink& sink,
                 FlowJournal* journal, const ClockShift& shift);

    /// Puts the flows of an earlier sniffer back into the table, their names into the pool.
    void restore(FlowTable& flows, NamePool& names);

    /// The flow's name is settled, or it got bytes.
    void note(Flow& flow) {
        if (!flow.has_news && is_candidate(flow)) {
            add_news(flow);
        }
    }

    /// The flow's name is settled: judges it at once, so that it is in the journal.
    void name_settled(Flow& flow);

    /// The flow ends: records what is left.
    void ended(Flow& flow);

    /// Records what has been noted since the last call.
    void report_news();

    /// A DNS answer refused the name: a contact that did not happen, if the policy blocks it.
    void refused(const devices::DeviceId& device, const std::string& name, Timestamp at);

    /// What it judges by: the latest, or one of a second ago.
    [[nodiscard]] const policy::Policy& policy() const { return *policy_; }

    /// Whether contacts of the device with the name are recorded.
    [[nodiscard]] bool wants(const devices::DeviceId& device, std::string_view name) const;

    /// The name was met on a flow that has another name.  One attempt and no bytes: those that the
    /// flow carried for each of its names cannot be told apart, and stay with the one it told, so
    /// that none is counted twice.  Nothing if the contact is counted already.
    void coalesced(const CoalescedContact& contact);

private:
    void restore_flow(FlowTable& flows, NamePool& names, FlowJournal::Slot slot,
                      const JournalEntry& entry);
    [[nodiscard]] bool is_candidate(const Flow& flow) const {
        return flow.is_countable && flow.naming != Naming::Reads && flow.has_name() &&
               (flow.judgement != Judgement::Unrecorded || flow.judged_in != generation_);
    }
    void add_news(Flow& flow);
    void report(Flow& flow);
    void record(Flow& flow, const policy::Verdict& verdict);
    void count(ledger::SightingView& sighting);
    void write_journal(Flow& flow);
    void erase_journal(Flow& flow);
    void refresh_policy();

    const Snapshot<policy::Policy>& snapshot_;
    ledger::SightingSink& sink_;
    FlowJournal* journal_;
    const ClockShift& shift_;
    std::shared_ptr<const policy::Policy> policy_;
    std::uint32_t generation_ = 1;
    std::vector<Flow*> news_;
    RecentContacts contacts_;
};

}  // namespace sporvakt::capture
