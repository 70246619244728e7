#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/ledger/batch.h"
#include "core/ledger/erasure.h"
#include "core/ledger/live_rows.h"
#include "core/ledger/record_level.h"
#include "core/ledger/retention.h"
#include "core/ledger/row.h"
#include "core/store/environment.h"
#include "core/store/journal.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sporvakt::ledger {

/// What became of a batch.
enum class Taken : std::uint8_t {
    Added,     ///< Counted; not yet on disk.
    Repeated,  ///< Was here before; nothing to do.
    Ahead,     ///< An earlier one is missing: have it sent again after applied(sender).
    Full,      ///< No room before the next commit; have it sent again after that.
};

/// The one writer of ledger.mdb: adds batches up in memory and commits them together with the
/// senders' numbers, so that nothing is lost and nothing is counted twice, whoever is killed when.
///
/// Two steps spare the SD card.  secure() writes the batches to a journal beside the file, some
/// kilobytes; from then on they survive a power cut and the sender may forget them.  commit() adds
/// their rows to the file itself and empties the journal.  Opening the ledger counts what the
/// journal holds.
///
/// Not thread-safe; belongs to the keeper.  Readers use StoredReports, with a LiveRows fed from
/// take_changes() for what is not committed yet.
class Ledger {
public:
    struct Options {
        Retention retention;
        RecordLevel level = RecordLevel::Trackers;  ///< More than this reaches no disk.

        /// Uncommitted rows, about 1 kB each, and batches that are not even secured.
        std::size_t pending_rows_max = 20'000;
        std::size_t unsecured_bytes_max = std::size_t{16} << 20U;

        /// A device may invent names without end below a tracker's domain.  Further names of one
        /// device in one hour are added up under kOtherNames.
        std::size_t names_per_device_hour_max = 1000;

        /// secure() commits after so long, or when the journal has become so large.
        std::chrono::minutes commit_interval{60};
        std::size_t journal_bytes_max = std::size_t{4} << 20U;
    };

    /// Stands for names beyond the limit.  No host has this name.
    static constexpr std::string_view kOtherNames = "(other)";

    /// The environment comes from open_ledger_file.  Over one that is read-only, the ledger can
    /// only tell what is pending: see read_journal().
    static Result<std::unique_ptr<Ledger>> open(std::shared_ptr<store::Environment> environment,
                                                const Options& options);

    /// On an error nothing of the batch was counted.
    Result<Taken> apply(const Batch& batch, Timestamp now);

    /// Makes everything that was counted safe; now and then by a commit.  On an error it stays
    /// counted and not committed: try again.
    Result<void> secure(Timestamp now);

    /// Writes everything that is pending, and takes a step in folding and forgetting what is too
    /// old, in one transaction; without either it does not touch the disk.  When a step was not
    /// enough the next secure() commits again.  On an error everything stays pending: try again.
    Result<void> commit(Timestamp now);

    /// Commits, forgets these contacts, and overwrites the bytes that held them in the file and the
    /// journal: nothing of them is left on the disk, as far as a file system can say.  Readers are
    /// to be told pending_changes() anew.  On an error, call again: what is erased stays so.
    ///
    /// What a sender saw before `now` and sends later is not counted either, for as long as this
    /// object lives: nothing of it comes back.
    Result<void> erase(const Erasure& erasure, Timestamp now);

    /// The last batch of the sender that was counted, and that is safe on disk; 0 for none.
    [[nodiscard]] std::uint64_t applied(std::uint64_t sender) const;
    [[nodiscard]] std::uint64_t committed(std::uint64_t sender) const;

    /// The environment that this writes, for a StoredReports in the same process.
    [[nodiscard]] const std::shared_ptr<store::Environment>& environment() const {
        return environment_;
    }

    /// Rows that are counted and not in ledger.mdb.
    [[nodiscard]] std::size_t pending() const { return pending_.size(); }

    /// Rows changed since the last call, as messages for LiveRows::apply of at most
    /// kBatchBytesMax each.  Call it often, or before commit(): what does not fit any more is only
    /// found on disk.
    [[nodiscard]] std::vector<std::vector<std::uint8_t>> take_changes();

    /// All rows that are not committed, for a LiveRows that begins now.  Leaves take_changes alone.
    [[nodiscard]] std::vector<std::vector<std::uint8_t>> pending_changes() const;

    /// What senders said that they dropped, and batches that they lost, since this object began.
    [[nodiscard]] std::uint64_t dropped() const;

private:
    struct Sender {
        std::uint64_t applied = 0;
        std::uint64_t committed = 0;
        std::uint64_t dropped = 0;
        Timestamp heard;  ///< Of too many, the one that is silent for longest is forgotten.
    };
    using DeviceHour = std::pair<Hour, devices::DeviceId>;
    using Rows = std::map<RowKey, ChangedRow>;

    /// What was erased, and when.
    struct Erased {
        Erasure erasure;
        Timestamp at;
    };

    Ledger(std::shared_ptr<store::Environment> environment, store::Journal journal,
           const Options& options);

    [[nodiscard]] bool is_erased(const Sighting& sighting) const;
    void remember(const Erasure& erasure, Timestamp now);
    Result<void> load();
    Result<void> replay_journal();
    Result<Taken> count(const Batch& batch, Timestamp now);
    Result<void> write_journal();
    void all_is_safe();
    [[nodiscard]] bool is_commit_due(Timestamp now) const;
    Taken expect(const Batch& batch, Timestamp now);
    Sender& sender_of(const Batch& batch);

    /// The rows that the batch changes, as they are after it.
    Result<Rows> changed_by(const Batch& batch);
    Result<ChangedRow> row_at(const store::ReadTransaction& transaction, RowKey key);
    Result<std::optional<Row>> known_row(const store::ReadTransaction& transaction,
                                         const RowKey& key) const;
    Result<bool> is_room_for_name(const store::ReadTransaction& transaction, const RowKey& key);

    [[nodiscard]] bool has_news() const;
    Result<void> write(store::WriteTransaction& transaction, Timestamp now);
    Result<void> write_rows(store::WriteTransaction& transaction) const;
    Result<void> write_senders(store::WriteTransaction& transaction) const;

    std::shared_ptr<store::Environment> environment_;
    store::Journal journal_;
    Options options_;
    std::vector<std::vector<std::uint8_t>> unwritten_;  ///< Records for the journal.
    std::size_t unwritten_bytes_ = 0;
    Timestamp last_commit_;
    bool is_untidy_ = false;  ///< The last commit left something that is too old.
    std::uint64_t rev_ = 0;
    std::uint64_t lost_batches_ = 0;
    std::unordered_map<std::uint64_t, Sender> senders_;
    std::map<RowKey, Row> pending_;
    Rows untold_;                                    ///< What take_changes gives next.
    std::vector<Erased> erased_;                     ///< The newest ones.
    std::map<DeviceHour, std::size_t> name_counts_;  ///< Rows in the file and pending.
};

/// What is safe in the journal and not yet in the file, for a reader without a keeper to ask: gives
/// it to `live`.  The environment may be read-only.
Result<void> read_journal(const std::shared_ptr<store::Environment>& environment, LiveRows& live);

}  // namespace sporvakt::ledger
