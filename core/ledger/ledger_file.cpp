#include "core/ledger/ledger_file.h"

#include "core/base/byte_writer.h"
#include "core/ledger/fields.h"

#include <limits>
#include <utility>

namespace sporvakt::ledger {
namespace {

/// 2: with `days`, which a program that does not know it would keep for ever.
constexpr std::uint64_t kFormat = 2;
constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kRevKey = "rev";
constexpr std::string_view kSenderKeyFront = "sender ";

Result<std::uint64_t> number(const store::Environment& environment,
                             const store::ReadTransaction& transaction, std::string_view key) {
    const auto stored = SPORVAKT_TRY(transaction.get(environment.table(kMetaTable), as_bytes(key)));
    if (!stored) {
        return 0;
    }
    const Parsed<std::uint64_t> value = ByteReader(*stored).u64();
    if (!value) {
        return damaged_ledger(environment);
    }
    return *value;
}

Result<void> set_number(const store::Environment& environment, store::WriteTransaction& transaction,
                        std::pair<std::string_view, std::uint64_t> entry) {
    return transaction.put(environment.table(kMetaTable), as_bytes(entry.first),
                           ByteWriter().u64(entry.second).result());
}

Parsed<StoredSender> parse_sender(const store::Entry& entry) {
    ByteReader key(entry.key.subspan(kSenderKeyFront.size()));
    ByteReader value(entry.value);
    StoredSender sender;
    sender.id = SPORVAKT_TRY(key.u64());
    sender.committed = SPORVAKT_TRY(value.u64());
    sender.heard = SPORVAKT_TRY(read_time(value));
    return sender;
}

Result<void> check_format(store::Environment& environment) {
    const store::ReadTransaction transaction = SPORVAKT_TRY(environment.begin_read());
    const std::uint64_t format = SPORVAKT_TRY(number(environment, transaction, kFormatKey));
    if (format > kFormat) {
        return fail(Errc::Storage, environment.path() +
                                       ": a newer version of Sporvakt wrote it; install that "
                                       "version, or move the file away and start again");
    }
    return {};
}

}  // namespace

Result<std::shared_ptr<store::Environment>> open_ledger_file(const std::string& path,
                                                             store::Access access) {
    store::EnvironmentOptions options;
    options.access = access;
    for (const std::string_view name : {kContactsTable, kChangedHoursTable, kMetaTable}) {
        options.tables.emplace_back(name);
    }
    options.late_tables.emplace_back(kDaysTable);  // format 1 has none
    // An erasure writes all that stays anew beside the old (Retention::bytes_max), and then has
    // pages to overwrite.
    options.map_size_max = std::size_t{512} << 20U;
    std::shared_ptr<store::Environment> environment =
        SPORVAKT_TRY(store::Environment::open(path, options));
    SPORVAKT_TRY(check_format(*environment));
    if (access == store::Access::ReadWrite) {
        SPORVAKT_TRY(environment->update([&](store::WriteTransaction& transaction) {
            return set_number(*environment, transaction, {kFormatKey, kFormat});
        }));
    }
    return environment;
}

Result<std::uint64_t> committed_rev(const store::Environment& environment,
                                    const store::ReadTransaction& transaction) {
    return number(environment, transaction, kRevKey);
}

Result<void> set_committed_rev(const store::Environment& environment,
                               store::WriteTransaction& transaction, std::uint64_t rev) {
    return set_number(environment, transaction, {kRevKey, rev});
}

Result<std::vector<StoredSender>> stored_senders(const store::Environment& environment,
                                                 const store::ReadTransaction& transaction) {
    std::vector<StoredSender> senders;
    bool is_sound = true;
    SPORVAKT_TRY(transaction.visit(environment.table(kMetaTable),
                                   store::KeyRange::prefix(as_bytes(kSenderKeyFront)),
                                   [&](const store::Entry& entry) {
                                       const Parsed<StoredSender> sender = parse_sender(entry);
                                       is_sound = is_sound && sender.has_value();
                                       senders.push_back(sender.value_or(StoredSender{}));
                                       return store::Visit::Continue;
                                   }));
    if (!is_sound) {
        return damaged_ledger(environment);
    }
    return senders;
}

Result<void> set_stored_senders(const store::Environment& environment,
                                store::WriteTransaction& transaction,
                                const std::vector<StoredSender>& senders) {
    const store::Table table = environment.table(kMetaTable);
    SPORVAKT_TRY(transaction.erase_range(table, store::KeyRange::prefix(as_bytes(kSenderKeyFront)),
                                         std::numeric_limits<std::size_t>::max()));
    for (const StoredSender& sender : senders) {
        ByteWriter key;
        key.text(kSenderKeyFront).u64(sender.id);
        ByteWriter value;
        value.u64(sender.committed).u64(milliseconds_of(sender.heard));
        SPORVAKT_TRY(transaction.put(table, key.result(), value.result()));
    }
    return {};
}

tl::unexpected<Error> damaged_ledger(const store::Environment& environment) {
    return fail(Errc::Storage, environment.path() +
                                   ": an entry cannot be read; move the file away and start again");
}

}  // namespace sporvakt::ledger
