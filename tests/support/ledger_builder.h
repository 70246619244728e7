#pragma once

#include "core/ledger/ledger.h"
#include "core/ledger/ledger_file.h"
#include "core/ledger/live_rows.h"
#include "core/ledger/stored_reports.h"
#include "tests/support/sighting_builder.h"
#include "tests/support/temporary_folder.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sporvakt::test {

/// A test cannot go on without the value.
template <class Outcome>
auto value_of(Outcome outcome) {
    if (!outcome) {
        std::abort();
    }
    return std::move(*outcome);
}

/// A keeper's ledger and a reader's reports over one file, which can be closed and opened again as
/// if the keeper had been killed: what was not committed is gone.
class LedgerBuilder {
public:
    explicit LedgerBuilder(ledger::Ledger::Options options = {}) : options_(options) { reopen(); }

    /// Kills the keeper and starts it anew.
    void reopen() {
        reports_.reset();
        ledger_.reset();
        environment_.reset();
        live_ = std::make_unique<ledger::LiveRows>();
        environment_ = value_of(
            ledger::open_ledger_file(folder_.file("ledger.mdb"), store::Access::ReadWrite));
        ledger_ = value_of(ledger::Ledger::open(environment_, options_));
        reports_ = std::make_unique<ledger::StoredReports>(environment_, *live_);
        number_ = ledger_->applied(1);
        for (const auto& message : ledger_->pending_changes()) {
            value_of(live_->apply(message));
        }
    }

    /// Counts the sightings in the next batch of sender 1, without a commit.
    ledger::Taken add(std::vector<ledger::Sighting> sightings) {
        return value_of(ledger_->apply(batch(++number_, std::move(sightings)), now_));
    }

    /// What the keeper tells the web process each second.
    std::vector<ledger::Contact> tell() {
        std::vector<ledger::Contact> contacts;
        for (const auto& message : ledger_->take_changes()) {
            for (ledger::Contact& contact : value_of(live_->apply(message))) {
                contacts.push_back(std::move(contact));
            }
        }
        return contacts;
    }

    void commit() {
        if (!ledger_->commit(now_)) {
            std::abort();
        }
    }

    void secure() {
        if (!ledger_->secure(now_)) {
            std::abort();
        }
    }

    void set_now(Timestamp now) { now_ = now; }

    [[nodiscard]] ledger::Ledger& ledger() { return *ledger_; }
    [[nodiscard]] ledger::LiveRows& live() { return *live_; }
    [[nodiscard]] const ledger::StoredReports& reports() const { return *reports_; }
    [[nodiscard]] store::Environment& environment() { return *environment_; }
    [[nodiscard]] const std::shared_ptr<store::Environment>& shared_environment() const {
        return environment_;
    }
    [[nodiscard]] std::string journal() const { return folder_.file("ledger.mdb-journal"); }

private:
    TemporaryFolder folder_;
    ledger::Ledger::Options options_;
    Timestamp now_ = minute(0);
    std::uint64_t number_ = 0;
    std::shared_ptr<store::Environment> environment_;
    std::unique_ptr<ledger::Ledger> ledger_;
    std::unique_ptr<ledger::LiveRows> live_;
    std::unique_ptr<ledger::StoredReports> reports_;
};

/// All that was ever recorded.
inline ledger::Filter everything() {
    ledger::Filter filter;
    filter.to = kTestHour + std::chrono::hours(24 * 365);
    return filter;
}

}  // namespace sporvakt::test
