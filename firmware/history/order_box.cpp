#include "firmware/history/order_box.h"

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/ledger/order_message.h"

#include <functional>

namespace sporvakt::firmware {
namespace {

// The first byte of a value.
constexpr std::uint8_t kWaits = 0;
constexpr std::uint8_t kAnswered = 1;

std::vector<std::uint8_t> key_of(std::uint64_t id) {
    return ByteWriter().u64(id).result();
}

struct Left {
    std::uint64_t id = 0;
    std::uint8_t state = kWaits;
    Bytes rest;  ///< The order, or its failure.
};

Parsed<Left> parse_left(const store::Entry& entry) {
    Left left;
    left.id = SPORVAKT_TRY(ByteReader(entry.key).u64());
    ByteReader in(entry.value);
    left.state = SPORVAKT_TRY(in.u8());
    left.rest = in.take_rest();
    return left;
}

/// An entry of another form is nobody's order: it is passed over.
Result<void> visit(const store::ReadTransaction& transaction, store::Table table,
                   const std::function<void(const Left&)>& visitor) {
    return transaction.visit(table, store::KeyRange::all(), [&](const store::Entry& entry) {
        if (const auto left = parse_left(entry)) {
            visitor(*left);
        }
        return store::Visit::Continue;
    });
}

}  // namespace

Result<void> OrderBox::leave(store::WriteTransaction& transaction, std::uint64_t id,
                             const ledger::Order& order) const {
    return transaction.put(table_, key_of(id),
                           ByteWriter().u8(kWaits).bytes(ledger::encode(order)).result());
}

Result<std::vector<OrderBox::LeftOrder>> OrderBox::waiting(
    const store::ReadTransaction& transaction) const {
    std::vector<LeftOrder> waiting;
    SPORVAKT_TRY(visit(transaction, table_, [&](const Left& left) {
        if (left.state == kWaits) {
            waiting.push_back({left.id, {left.rest.begin(), left.rest.end()}});
        }
    }));
    return waiting;
}

Result<void> OrderBox::answer(store::WriteTransaction& transaction, std::uint64_t id,
                              std::string_view failure) const {
    return transaction.put(table_, key_of(id), ByteWriter().u8(kAnswered).text(failure).result());
}

Result<std::optional<std::string>> OrderBox::answer_to(const store::ReadTransaction& transaction,
                                                       std::uint64_t id) const {
    const std::vector<std::uint8_t> key = key_of(id);
    const auto stored = SPORVAKT_TRY(transaction.get(table_, key));
    if (!stored) {
        return fail(Errc::NotFound, "the order is gone");
    }
    const auto left = parse_left({key, *stored});
    if (!left || left->state != kAnswered) {
        return std::nullopt;
    }
    return std::optional(std::string(as_text(left->rest)));
}

Result<void> OrderBox::take_away(store::WriteTransaction& transaction, std::uint64_t id) const {
    SPORVAKT_TRY(transaction.erase(table_, key_of(id)));
    return {};
}

Result<void> OrderBox::take_answers_away(store::WriteTransaction& transaction) const {
    std::vector<std::uint64_t> answered;
    SPORVAKT_TRY(visit(transaction, table_, [&](const Left& left) {
        if (left.state == kAnswered) {
            answered.push_back(left.id);
        }
    }));
    for (const std::uint64_t id : answered) {
        SPORVAKT_TRY(take_away(transaction, id));
    }
    return {};
}

}  // namespace sporvakt::firmware
