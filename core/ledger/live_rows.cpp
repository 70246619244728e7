#include "core/ledger/live_rows.h"

#include "core/base/byte_writer.h"
#include "core/ledger/batch.h"

#include <algorithm>
#include <utility>

namespace sporvakt::ledger {
namespace {

// The first byte of a message.
constexpr std::uint8_t kMoreRows = 1;
constexpr std::uint8_t kAllRows = 2;  ///< The first message of all that there are.
constexpr std::uint8_t kSlotBits = (1U << kSlotsPerHour) - 1;

std::vector<std::uint8_t> encode_one(const ChangedRow& change) {
    return ByteWriter()
        .u8(change.slots)
        .text16(as_text(encode(change.row.key)))
        .text16(as_text(encode_value(change.row)))
        .result();
}

Parsed<ChangedRow> read_one(ByteReader& in) {
    ChangedRow read;
    read.slots = SPORVAKT_TRY(in.u8());
    const Bytes key = SPORVAKT_TRY(in.take_vector16());
    read.row = SPORVAKT_TRY(parse_row(key, SPORVAKT_TRY(in.take_vector16())));
    if (read.slots > kSlotBits) {
        return tl::unexpected(ParseError::Malformed);
    }
    for (std::size_t i = 0; i < kSlotsPerHour; ++i) {
        if ((read.slots >> i & 1U) != 0 && !read.row.slots.at(i)) {
            return tl::unexpected(ParseError::Malformed);
        }
    }
    return read;
}

void add_changed_contacts(const ChangedRow& change, std::vector<Contact>& contacts) {
    for (std::size_t i = 0; i < kSlotsPerHour; ++i) {
        if ((change.slots >> i & 1U) != 0) {
            contacts.push_back(change.row.contact(i));
        }
    }
}

}  // namespace

std::vector<std::vector<std::uint8_t>> encode(const std::vector<ChangedRow>& rows,
                                              RowsMeaning meaning) {
    std::vector<std::vector<std::uint8_t>> messages;
    if (meaning == RowsMeaning::All) {
        messages.push_back({kAllRows});
    }
    for (const ChangedRow& row : rows) {
        const std::vector<std::uint8_t> encoded = encode_one(row);
        if (messages.empty() || messages.back().size() + encoded.size() > kBatchBytesMax) {
            messages.push_back({kMoreRows});
        }
        messages.back().insert(messages.back().end(), encoded.begin(), encoded.end());
    }
    return messages;
}

Parsed<ChangedRows> parse_changed_rows(Bytes message) {
    if (message.size() > kBatchBytesMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    ByteReader in(message);
    const std::uint8_t kind = SPORVAKT_TRY(in.u8());
    if (kind != kMoreRows && kind != kAllRows) {
        return tl::unexpected(ParseError::Malformed);
    }
    ChangedRows read;
    read.meaning = kind == kAllRows ? RowsMeaning::All : RowsMeaning::More;
    while (!in.at_end()) {
        read.rows.push_back(SPORVAKT_TRY(read_one(in)));
    }
    return read;
}

Parsed<std::vector<Contact>> LiveRows::apply(Bytes message) {
    ChangedRows changes = SPORVAKT_TRY(parse_changed_rows(message));
    std::vector<Contact> contacts;
    const std::lock_guard lock(mutex_);
    if (changes.meaning == RowsMeaning::All) {
        rows_.clear();
    }
    for (ChangedRow& change : changes.rows) {
        const auto known = rows_.find(change.row.key);
        if (known != rows_.end() && known->second->rev >= change.row.rev) {
            continue;
        }
        add_changed_contacts(change, contacts);
        const RowKey key = change.row.key;
        if (known != rows_.end() || rows_.size() < kRowCountMax) {
            rows_[key] = std::make_shared<const Row>(std::move(change.row));
        }
    }
    std::stable_sort(contacts.begin(), contacts.end(),
                     [](const Contact& a, const Contact& b) { return a.last < b.last; });
    return contacts;
}

std::vector<std::shared_ptr<const Row>> LiveRows::rows() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<const Row>> rows;
    rows.reserve(rows_.size());
    for (const auto& [key, row] : rows_) {
        rows.push_back(row);
    }
    return rows;
}

void LiveRows::forget_up_to(std::uint64_t rev) {
    const std::lock_guard lock(mutex_);
    std::erase_if(rows_, [rev](const auto& entry) { return entry.second->rev <= rev; });
}

std::size_t LiveRows::size() const {
    const std::lock_guard lock(mutex_);
    return rows_.size();
}

}  // namespace sporvakt::ledger
