#include "core/ledger/ledger.h"

#include "core/base/byte_writer.h"
#include "core/ledger/fields.h"
#include "core/ledger/ledger_file.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sporvakt::ledger {
namespace {

/// Two programs send; each start of one is a new sender, and old ones soon matter no more.
constexpr std::size_t kSenderCountMax = 16;

/// Senders hold sightings back for seconds; nobody orders so many erasures meanwhile.
constexpr std::size_t kErasedMax = 64;

/// The rows of one device in one hour: the front of their keys.
std::vector<std::uint8_t> device_hour_key(const RowKey& key) {
    return ByteWriter().bytes(hour_key(key.hour)).bytes(key.device.stored()).result();
}

/// A clock gone wrong must not write what cannot be read again.
Timestamp within_range(Timestamp at) {
    return std::clamp(at, Timestamp{}, kTimeMax - std::chrono::milliseconds(1));
}

}  // namespace

Ledger::Ledger(std::shared_ptr<store::Environment> environment, store::Journal journal,
               const Options& options)
    : environment_(std::move(environment)), journal_(std::move(journal)), options_(options) {}

Result<std::unique_ptr<Ledger>> Ledger::open(std::shared_ptr<store::Environment> environment,
                                             const Options& options) {
    store::Journal journal =
        SPORVAKT_TRY(store::Journal::open(environment->path() + "-journal", environment->access()));
    std::unique_ptr<Ledger> ledger(new Ledger(std::move(environment), std::move(journal), options));
    SPORVAKT_TRY(ledger->load());
    SPORVAKT_TRY(ledger->replay_journal());
    return ledger;
}

Result<void> Ledger::load() {
    const store::ReadTransaction transaction = SPORVAKT_TRY(environment_->begin_read());
    rev_ = SPORVAKT_TRY(committed_rev(*environment_, transaction));
    for (const StoredSender& stored : SPORVAKT_TRY(stored_senders(*environment_, transaction))) {
        senders_[stored.id] = {stored.committed, stored.committed, 0, stored.heard};
    }
    return {};
}

Result<void> Ledger::replay_journal() {
    Result<void> outcome;
    SPORVAKT_TRY(journal_.replay([&](Bytes record) {
        ByteReader in(record);
        const Parsed<Timestamp> at = read_time(in);
        const Parsed<Batch> batch = parse_batch(in.take_rest());
        if (!at || !batch) {
            outcome = outcome ? Result<void>(damaged_ledger(*environment_)) : outcome;
            return;
        }
        // What was committed before the journal could be emptied is known by its number.
        const Result<Taken> taken = count(*batch, *at);
        if (!taken && outcome) {
            outcome = tl::unexpected(taken.error());
        }
    }));
    all_is_safe();
    untold_.clear();  // readers that begin now are told all that is pending
    return outcome;
}

Ledger::Sender& Ledger::sender_of(const Batch& batch) {
    const auto known = senders_.find(batch.sender);
    if (known != senders_.end()) {
        return known->second;
    }
    if (senders_.size() >= kSenderCountMax) {
        senders_.erase(std::min_element(
            senders_.begin(), senders_.end(),
            [](const auto& a, const auto& b) { return a.second.heard < b.second.heard; }));
    }
    Sender& sender = senders_[batch.sender];
    sender.applied = batch.oldest - 1;  // what went before is done with, or lost with our file
    sender.committed = sender.applied;
    return sender;
}

Taken Ledger::expect(const Batch& batch, Timestamp now) {
    Sender& sender = sender_of(batch);
    sender.heard = within_range(now);
    sender.dropped = std::max(sender.dropped, batch.dropped);
    if (batch.number <= sender.applied) {
        return Taken::Repeated;
    }
    if (batch.oldest > sender.applied + 1) {  // it cannot send them again: go on without
        lost_batches_ += batch.oldest - sender.applied - 1;
        sender.applied = batch.oldest - 1;
    }
    if (batch.number > sender.applied + 1) {
        return Taken::Ahead;
    }
    const bool is_full = pending_.size() + batch.sightings.size() > options_.pending_rows_max;
    const bool is_unsafe = unwritten_bytes_ > options_.unsecured_bytes_max;
    return (is_full && !pending_.empty()) || is_unsafe ? Taken::Full : Taken::Added;
}

Result<Taken> Ledger::apply(const Batch& batch, Timestamp now) {
    Batch kept = reduced(batch, options_.level);
    std::erase_if(kept.sightings, [this](const Sighting& one) { return is_erased(one); });
    const Taken taken = SPORVAKT_TRY(count(kept, now));
    if (taken == Taken::Added) {
        ByteWriter record;
        record.u64(milliseconds_of(within_range(now))).bytes(encode(kept));
        unwritten_.push_back(record.result());
        unwritten_bytes_ += unwritten_.back().size();
    }
    return taken;
}

Result<Taken> Ledger::count(const Batch& batch, Timestamp now) {
    const Taken taken = expect(batch, now);
    if (taken != Taken::Added) {
        return taken;
    }
    Rows changed = SPORVAKT_TRY(changed_by(batch));
    // The time itself, so that it grows even after a lost file; fleet servers compare it.
    rev_ = std::max(rev_ + 1, milliseconds_of(within_range(now)));
    for (auto& [key, change] : changed) {
        change.row.rev = rev_;
        pending_[key] = change.row;
        const auto untold = untold_.find(key);
        if (untold != untold_.end()) {
            change.slots |= untold->second.slots;
            untold->second = std::move(change);
        } else if (untold_.size() < options_.pending_rows_max) {
            untold_.emplace(key, std::move(change));
        }
    }
    senders_[batch.sender].applied = batch.number;
    return taken;
}

Result<Ledger::Rows> Ledger::changed_by(const Batch& batch) {
    Rows changed;
    const store::ReadTransaction transaction = SPORVAKT_TRY(environment_->begin_read());
    for (const Sighting& sighting : batch.sightings) {
        const RowKey key = row_key_of(sighting);
        auto place = changed.find(key);
        if (place == changed.end()) {
            ChangedRow row = SPORVAKT_TRY(row_at(transaction, key));
            RowKey stored_key = row.row.key;
            place = changed.emplace(std::move(stored_key), std::move(row)).first;
        }
        place->second.row.add(sighting);
        place->second.slots |= static_cast<std::uint8_t>(1U << slot_in_hour(sighting.at));
    }
    return changed;
}

Result<ChangedRow> Ledger::row_at(const store::ReadTransaction& transaction, RowKey key) {
    std::optional<Row> known = SPORVAKT_TRY(known_row(transaction, key));
    if (!known && !SPORVAKT_TRY(is_room_for_name(transaction, key))) {
        key.name = kOtherNames;
        known = SPORVAKT_TRY(known_row(transaction, key));
    }
    ChangedRow row;
    row.row = known ? std::move(*known) : Row{std::move(key), 0, {}};
    return row;
}

Result<std::optional<Row>> Ledger::known_row(const store::ReadTransaction& transaction,
                                             const RowKey& key) const {
    const auto waiting = pending_.find(key);
    if (waiting != pending_.end()) {
        return waiting->second;
    }
    const std::vector<std::uint8_t> stored_key = encode(key);
    const auto stored =
        SPORVAKT_TRY(transaction.get(environment_->table(kContactsTable), stored_key));
    if (!stored) {
        return std::nullopt;
    }
    Parsed<Row> row = parse_row(stored_key, *stored);
    if (!row) {
        return damaged_ledger(*environment_);
    }
    return std::optional<Row>(std::move(*row));
}

Result<bool> Ledger::is_room_for_name(const store::ReadTransaction& transaction,
                                      const RowKey& key) {
    const DeviceHour device_hour{key.hour, key.device};
    auto count = name_counts_.find(device_hour);
    if (count == name_counts_.end()) {
        std::size_t stored = 0;
        SPORVAKT_TRY(transaction.visit(environment_->table(kContactsTable),
                                       store::KeyRange::prefix(device_hour_key(key)),
                                       [&](const store::Entry&) {
                                           ++stored;
                                           return store::Visit::Continue;
                                       }));
        count = name_counts_.emplace(device_hour, stored).first;
    }
    if (count->second >= options_.names_per_device_hour_max) {
        return false;
    }
    ++count->second;
    return true;
}

bool Ledger::has_news() const {
    return !pending_.empty() || !unwritten_.empty() || journal_.size() > 0;
}

Result<void> Ledger::secure(Timestamp now) {
    if (last_commit_ == Timestamp{} || now < last_commit_) {
        last_commit_ = now;  // just begun, or the clock was set back
    }
    if (is_commit_due(now)) {
        return commit(now);
    }
    return write_journal();
}

bool Ledger::is_commit_due(Timestamp now) const {
    return is_untidy_ || now >= last_commit_ + options_.commit_interval ||
           pending_.size() > options_.pending_rows_max / 2 ||
           journal_.size() > options_.journal_bytes_max;
}

Result<void> Ledger::write_journal() {
    if (!unwritten_.empty()) {
        SPORVAKT_TRY(journal_.append(unwritten_));
    }
    all_is_safe();
    return {};
}

void Ledger::all_is_safe() {
    unwritten_.clear();
    unwritten_bytes_ = 0;
    for (auto& [id, sender] : senders_) {
        sender.committed = sender.applied;
    }
}

Result<void> Ledger::commit(Timestamp now) {
    last_commit_ = now;
    const auto is_untidy = [&]() -> Result<bool> {
        const store::ReadTransaction transaction = SPORVAKT_TRY(environment_->begin_read());
        return is_tidying_due(*environment_, transaction, options_.retention, now);
    };
    if (!has_news() && !SPORVAKT_TRY(is_untidy())) {
        return {};  // every commit wears the SD card
    }
    SPORVAKT_TRY(environment_->update(
        [&](store::WriteTransaction& transaction) { return write(transaction, now); }));
    all_is_safe();
    pending_.clear();
    name_counts_.clear();
    if (journal_.size() > 0) {
        SPORVAKT_TRY(journal_.clear());
    }
    is_untidy_ = SPORVAKT_TRY(is_untidy());
    return {};
}

bool Ledger::is_erased(const Sighting& sighting) const {
    return std::any_of(erased_.begin(), erased_.end(), [&](const Erased& one) {
        return sighting.at < one.at && covers(one.erasure, sighting.device, sighting.at);
    });
}

void Ledger::remember(const Erasure& erasure, Timestamp now) {
    std::erase_if(erased_, [&](const Erased& one) { return one.erasure == erasure; });
    if (erased_.size() == kErasedMax) {
        erased_.erase(erased_.begin());
    }
    erased_.push_back({erasure, now});
}

Result<void> Ledger::erase(const Erasure& erasure, Timestamp now) {
    remember(erasure, now);
    SPORVAKT_TRY(commit(now));  // what is pending is in the file then, and nothing in the journal
    SPORVAKT_TRY(environment_->update([&](store::WriteTransaction& transaction) {
        return erase_stored(*environment_, transaction, erasure);
    }));
    untold_.clear();
    name_counts_.clear();
    return environment_->overwrite_erased();
}

Result<void> Ledger::write(store::WriteTransaction& transaction, Timestamp now) {
    SPORVAKT_TRY(write_rows(transaction));
    SPORVAKT_TRY(write_senders(transaction));
    SPORVAKT_TRY(set_committed_rev(*environment_, transaction, rev_));
    return tidy_stored(*environment_, transaction, options_.retention, now);
}

Result<void> Ledger::write_rows(store::WriteTransaction& transaction) const {
    const store::Table contacts = environment_->table(kContactsTable);
    std::map<Hour, std::uint64_t> changed_hours;
    for (const auto& [key, row] : pending_) {
        SPORVAKT_TRY(transaction.put(contacts, encode(key), encode_value(row)));
        std::uint64_t& rev = changed_hours[key.hour];
        rev = std::max(rev, row.rev);
    }
    for (const auto& [hour, rev] : changed_hours) {
        SPORVAKT_TRY(transaction.put(environment_->table(kChangedHoursTable), hour_key(hour),
                                     ByteWriter().u64(rev).result()));
    }
    return {};
}

Result<void> Ledger::write_senders(store::WriteTransaction& transaction) const {
    std::vector<StoredSender> stored;
    stored.reserve(senders_.size());
    for (const auto& [id, sender] : senders_) {
        stored.push_back({id, sender.applied, sender.heard});
    }
    return set_stored_senders(*environment_, transaction, stored);
}

std::uint64_t Ledger::applied(std::uint64_t sender) const {
    const auto known = senders_.find(sender);
    return known == senders_.end() ? 0 : known->second.applied;
}

std::uint64_t Ledger::committed(std::uint64_t sender) const {
    const auto known = senders_.find(sender);
    return known == senders_.end() ? 0 : known->second.committed;
}

std::vector<std::vector<std::uint8_t>> Ledger::take_changes() {
    std::vector<ChangedRow> changes;
    changes.reserve(untold_.size());
    for (auto& [key, change] : untold_) {
        changes.push_back(std::move(change));
    }
    untold_.clear();
    return encode(changes, RowsMeaning::More);
}

std::vector<std::vector<std::uint8_t>> Ledger::pending_changes() const {
    std::vector<ChangedRow> rows;
    rows.reserve(pending_.size());
    for (const auto& [key, row] : pending_) {
        rows.push_back({row, 0});
    }
    return encode(rows, RowsMeaning::All);
}

std::uint64_t Ledger::dropped() const {
    std::uint64_t dropped = lost_batches_;
    for (const auto& [id, sender] : senders_) {
        dropped = saturating_sum(dropped, sender.dropped);
    }
    return dropped;
}

Result<void> read_journal(const std::shared_ptr<store::Environment>& environment, LiveRows& live) {
    // The keeper may commit while the journal is being read; then it is read again, because its
    // batches would be counted on top of rows that contain them.
    constexpr int kAttempts = 5;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const auto rev = [&]() -> Result<std::uint64_t> {
            const store::ReadTransaction transaction = SPORVAKT_TRY(environment->begin_read());
            return committed_rev(*environment, transaction);
        };
        const std::uint64_t before = SPORVAKT_TRY(rev());
        const auto ledger = SPORVAKT_TRY(Ledger::open(environment, {}));
        if (before != SPORVAKT_TRY(rev())) {
            continue;
        }
        for (const std::vector<std::uint8_t>& message : ledger->pending_changes()) {
            if (!live.apply(message)) {
                return damaged_ledger(*environment);
            }
        }
        return {};
    }
    return fail(Errc::Unavailable, environment->path() + ": is being written to; try again");
}

}  // namespace sporvakt::ledger
