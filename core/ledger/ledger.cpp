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

std::vector<std::uint8_t> hour_key(Hour hour) {
    return ByteWriter().u32(static_cast<std::uint32_t>(hour.time_since_epoch().count())).result();
}

/// The rows of one device in one hour: the front of their keys.
std::vector<std::uint8_t> device_hour_key(const RowKey& key) {
    return ByteWriter()
        .u32(static_cast<std::uint32_t>(key.hour.time_since_epoch().count()))
        .bytes(key.device.stored())
        .result();
}

}  // namespace

Ledger::Ledger(std::shared_ptr<store::Environment> environment, const Options& options)
    : environment_(std::move(environment)), options_(options) {}

Result<std::unique_ptr<Ledger>> Ledger::open(std::shared_ptr<store::Environment> environment,
                                             const Options& options) {
    std::unique_ptr<Ledger> ledger(new Ledger(std::move(environment), options));
    SPORVAKT_TRY(ledger->load());
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
    sender.heard = std::clamp(now, Timestamp{}, kTimeMax - std::chrono::milliseconds(1));
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
    return is_full && !pending_.empty() ? Taken::Full : Taken::Added;
}

Result<Taken> Ledger::apply(const Batch& batch, Timestamp now) {
    const Taken taken = expect(batch, now);
    if (taken != Taken::Added) {
        return taken;
    }
    Rows changed = SPORVAKT_TRY(changed_by(batch));
    // The time itself, so that it grows even after a lost file; fleet servers compare it.
    const Timestamp at_least_epoch = std::max(now, Timestamp{});
    rev_ = std::max(rev_ + 1, milliseconds_of(at_least_epoch));
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
    return !pending_.empty() ||
           std::any_of(senders_.begin(), senders_.end(), [](const auto& entry) {
               return entry.second.applied != entry.second.committed;
           });
}

Result<void> Ledger::commit(Timestamp now) {
    if (!has_news()) {
        const store::ReadTransaction transaction = SPORVAKT_TRY(environment_->begin_read());
        if (!SPORVAKT_TRY(forgettable_hour(transaction, now))) {
            return {};  // every commit wears the SD card
        }
    }
    SPORVAKT_TRY(environment_->update(
        [&](store::WriteTransaction& transaction) { return write(transaction, now); }));
    for (auto& [id, sender] : senders_) {
        sender.committed = sender.applied;
    }
    pending_.clear();
    name_counts_.clear();
    return {};
}

Result<void> Ledger::write(store::WriteTransaction& transaction, Timestamp now) {
    SPORVAKT_TRY(write_rows(transaction));
    SPORVAKT_TRY(write_senders(transaction));
    SPORVAKT_TRY(set_committed_rev(*environment_, transaction, rev_));
    return forget_old(transaction, now);
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

Result<std::optional<Hour>> Ledger::forgettable_hour(const store::ReadTransaction& transaction,
                                                     Timestamp now) const {
    const store::Table contacts = environment_->table(kContactsTable);
    store::Cursor cursor = SPORVAKT_TRY(transaction.cursor(contacts));
    const std::optional<store::Entry> oldest = SPORVAKT_TRY(cursor.first());
    if (!oldest) {
        return std::nullopt;
    }
    const Parsed<std::uint32_t> number = ByteReader(oldest->key).u32();
    if (!number) {
        return damaged_ledger(*environment_);
    }
    const Hour hour{std::chrono::hours(*number)};
    const bool is_old = hour < hour_of(now - options_.kept);
    const bool is_too_much = SPORVAKT_TRY(transaction.bytes_in(contacts)) > options_.bytes_max;
    return is_old || is_too_much ? std::optional<Hour>(hour) : std::nullopt;
}

Result<void> Ledger::forget_old(store::WriteTransaction& transaction, Timestamp now) const {
    std::size_t forgotten = 0;
    while (forgotten < options_.forget_step) {
        const std::optional<Hour> hour = SPORVAKT_TRY(forgettable_hour(transaction, now));
        if (!hour) {
            break;
        }
        // The whole hour at once: no report ever shows half of it.
        const std::vector<std::uint8_t> key = hour_key(*hour);
        forgotten += SPORVAKT_TRY(transaction.erase_range(environment_->table(kContactsTable),
                                                          store::KeyRange::prefix(key),
                                                          std::numeric_limits<std::size_t>::max()));
        SPORVAKT_TRY(transaction.erase(environment_->table(kChangedHoursTable), key));
    }
    return {};
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

}  // namespace sporvakt::ledger
