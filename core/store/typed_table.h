#pragma once

#include "core/base/result.h"
#include "core/store/transaction.h"

#include <functional>
#include <optional>

namespace sporvakt::store {

/// A Table whose keys and values are the types of a Codec:
///
///     struct DeviceCodec {
///         using Key = DeviceId;
///         using Value = Device;
///         static std::vector<std::uint8_t> key(const Key&);     // 1..511 bytes; order matters
///         static std::vector<std::uint8_t> value(const Value&);
///         static Parsed<Key> key_from(Bytes);
///         static Parsed<Value> value_from(const Key&, Bytes);
///     };
///
/// What does not decode is an error of storage that names the file: it was written by a newer
/// version, or is damaged.
template <class Codec>
class TypedTable {
public:
    using Key = typename Codec::Key;
    using Value = typename Codec::Value;

    explicit TypedTable(Table table) : table_(table) {}

    [[nodiscard]] Result<std::optional<Value>> get(const ReadTransaction& transaction,
                                                   const Key& key) const {
        const auto stored = SPORVAKT_TRY(transaction.get(table_, Codec::key(key)));
        if (!stored) {
            return std::nullopt;
        }
        Parsed<Value> value = Codec::value_from(key, *stored);
        if (!value) {
            return damaged(transaction);
        }
        return std::optional<Value>(std::move(*value));
    }

    Result<void> put(WriteTransaction& transaction, const Key& key, const Value& value) const {
        return transaction.put(table_, Codec::key(key), Codec::value(value));
    }

    /// Whether there was such an entry.
    Result<bool> erase(WriteTransaction& transaction, const Key& key) const {
        return transaction.erase(table_, Codec::key(key));
    }

    /// Every entry, in the order of the keys' bytes.
    Result<void> visit(const ReadTransaction& transaction,
                       const std::function<void(Key, Value)>& visitor) const {
        bool is_sound = true;
        SPORVAKT_TRY(transaction.visit(table_, KeyRange::all(), [&](const Entry& entry) {
            Parsed<Key> key = Codec::key_from(entry.key);
            if (key) {
                if (Parsed<Value> value = Codec::value_from(*key, entry.value)) {
                    visitor(std::move(*key), std::move(*value));
                    return Visit::Continue;
                }
            }
            is_sound = false;
            return Visit::Stop;
        }));
        if (!is_sound) {
            return damaged(transaction);
        }
        return {};
    }

private:
    static tl::unexpected<Error> damaged(const ReadTransaction& transaction) {
        return fail(Errc::Storage, transaction.path() +
                                       ": an entry cannot be read: it is damaged, or a newer "
                                       "version wrote it");
    }

    Table table_;
};

}  // namespace sporvakt::store
