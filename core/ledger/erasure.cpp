#include "core/ledger/erasure.h"

#include "core/base/byte_writer.h"
#include "core/ledger/day_row.h"
#include "core/ledger/ledger_file.h"
#include "core/ledger/row.h"

#include <chrono>
#include <set>
#include <vector>

namespace sporvakt::ledger {
namespace {

/// The hour that the time begins, or the one after the hour that it is in.
Hour hour_not_before(Timestamp at) {
    return std::chrono::ceil<std::chrono::hours>(at);
}

store::KeyRange hours_of(const Erasure& erasure) {
    store::KeyRange range = store::KeyRange::all();
    if (erasure.from) {
        range.from = hour_key(hour_of(*erasure.from));
    }
    if (erasure.to) {
        range.to = hour_key(hour_not_before(*erasure.to));
    }
    return range;
}

/// A day that is kept as sums goes wholly when any part of it is to go.
store::KeyRange days_of(const Erasure& erasure) {
    store::KeyRange range = store::KeyRange::all();
    if (erasure.from) {
        range.from = hour_key(day_of(hour_of(*erasure.from)));
    }
    if (erasure.to) {
        range.to = hour_key(std::chrono::ceil<std::chrono::days>(*erasure.to));
    }
    return range;
}

Result<void> erase_days(const store::Environment& environment, store::WriteTransaction& transaction,
                        const Erasure& erasure) {
    const store::Table days = environment.table(kDaysTable);
    std::vector<std::vector<std::uint8_t>> gone;
    bool is_damaged = false;
    SPORVAKT_TRY(transaction.visit(days, days_of(erasure), [&](const store::Entry& entry) {
        const Parsed<RowKey> key = parse_row_key(entry.key);
        is_damaged = !key;
        if (key && (!erasure.device || key->device == *erasure.device)) {
            gone.emplace_back(entry.key.begin(), entry.key.end());
        }
        return is_damaged ? store::Visit::Stop : store::Visit::Continue;
    }));
    if (is_damaged) {
        return damaged_ledger(environment);
    }
    for (const std::vector<std::uint8_t>& key : gone) {
        SPORVAKT_TRY(transaction.erase(days, key));
    }
    return {};
}

}  // namespace

bool covers(const Erasure& erasure, const devices::DeviceId& device, Timestamp first) {
    return (!erasure.device || device == *erasure.device) &&
           (!erasure.from || first >= hour_of(*erasure.from)) &&
           (!erasure.to || first < hour_not_before(*erasure.to));
}

Result<void> erase_stored(const store::Environment& environment,
                          store::WriteTransaction& transaction, const Erasure& erasure) {
    SPORVAKT_TRY(erase_days(environment, transaction, erasure));
    const store::Table contacts = environment.table(kContactsTable);
    const store::KeyRange range = hours_of(erasure);
    std::vector<std::vector<std::uint8_t>> gone;
    std::set<std::vector<std::uint8_t>> touched;  // hours
    std::set<std::vector<std::uint8_t>> kept;     // of those, with rows of other devices
    bool is_damaged = false;
    SPORVAKT_TRY(transaction.visit(contacts, range, [&](const store::Entry& entry) {
        const Parsed<RowKey> key = parse_row_key(entry.key);
        is_damaged = !key;
        if (is_damaged) {
            return store::Visit::Stop;
        }
        if (!erasure.device || key->device == *erasure.device) {
            gone.emplace_back(entry.key.begin(), entry.key.end());
            touched.insert(hour_key(key->hour));
        } else {
            kept.insert(hour_key(key->hour));
        }
        return store::Visit::Continue;
    }));
    if (is_damaged) {
        return damaged_ledger(environment);
    }
    for (const std::vector<std::uint8_t>& key : gone) {
        SPORVAKT_TRY(transaction.erase(contacts, key));
    }
    for (const std::vector<std::uint8_t>& hour : touched) {
        if (!kept.contains(hour)) {
            SPORVAKT_TRY(transaction.erase(environment.table(kChangedHoursTable), hour));
        }
    }
    return {};
}

}  // namespace sporvakt::ledger
