#pragma once

#include "core/base/result.h"
#include "core/ledger/order.h"
#include "core/store/transaction.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// Orders that the owner leaves for the keeper from the command line, in a table of household.mdb:
/// the keeper stays the one writer of the ledger, and an order survives a keeper that is just being
/// started again.  Whoever may write that file may order anything.
///
///     box.leave(transaction, id, order);        // the command
///     for (const LeftOrder& left : box.waiting(transaction)) { ... }          // the keeper
///     box.answer(transaction, left.id, "");     // it is carried out; else why not
///     box.answer_to(transaction, id);           // the command, until there is one
///     box.take_away(transaction, id);
class OrderBox {
public:
    static constexpr std::string_view kTableName = "orders";

    struct LeftOrder {
        std::uint64_t id = 0;
        std::vector<std::uint8_t> order;  ///< As core/ledger/order_message.h writes it.
    };

    explicit OrderBox(store::Table table) : table_(table) {}

    /// `id` is random: two commands at once do not mind each other.
    Result<void> leave(store::WriteTransaction& transaction, std::uint64_t id,
                       const ledger::Order& order) const;

    [[nodiscard]] Result<std::vector<LeftOrder>> waiting(
        const store::ReadTransaction& transaction) const;

    /// `failure` is empty when it was carried out.
    Result<void> answer(store::WriteTransaction& transaction, std::uint64_t id,
                        std::string_view failure) const;

    /// The failure, or an empty text; nothing while it waits.
    [[nodiscard]] Result<std::optional<std::string>> answer_to(
        const store::ReadTransaction& transaction, std::uint64_t id) const;

    Result<void> take_away(store::WriteTransaction& transaction, std::uint64_t id) const;

    /// Takes away all answers: of commands that did not wait for theirs.
    Result<void> take_answers_away(store::WriteTransaction& transaction) const;

private:
    store::Table table_;
};

}  // namespace sporvakt::firmware
