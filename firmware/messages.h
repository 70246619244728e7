#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sporvakt::firmware {

// What the roles say to each other through a Channel: a byte of kind, then big-endian fields.  Both
// ends are the same program, so this is no stored format; but the sender may be a process that a
// stranger's packet has broken into, so reading checks everything.

/// Sender → keeper, once, when a sender begins: commit what my predecessor sent, as it cannot send
/// it again.
struct Hello {
    friend bool operator==(const Hello&, const Hello&) = default;
};

/// Keeper → sender, when the keeper begins: send again what is not committed.
struct KeeperBegan {
    friend bool operator==(const KeeperBegan&, const KeeperBegan&) = default;
};

/// Sender → keeper.
struct BatchMessage {
    std::vector<std::uint8_t> batch;  ///< As ledger/batch.h writes it.

    friend bool operator==(const BatchMessage&, const BatchMessage&) = default;
};

/// Keeper → sender: its batches up to this one are on disk.
struct Committed {
    std::uint64_t sender = 0;
    std::uint64_t number = 0;

    friend bool operator==(const Committed&, const Committed&) = default;
};

/// Keeper → sender: the batches after this one are missing here.
struct SendAgain {
    std::uint64_t sender = 0;
    std::uint64_t after = 0;

    friend bool operator==(const SendAgain&, const SendAgain&) = default;
};

/// Web → keeper, when the web role begins: tell me all that is not committed.
struct WebBegan {
    friend bool operator==(const WebBegan&, const WebBegan&) = default;
};

/// Keeper → web.
struct FreshRows {
    std::vector<std::uint8_t> rows;  ///< As ledger/live_rows.h writes them.

    friend bool operator==(const FreshRows&, const FreshRows&) = default;
};

/// Keeper → web: forget these contacts, too.
struct HistoryErased {
    std::vector<std::uint8_t> order;  ///< An EraseHistory, as ledger/order_message.h writes it.

    friend bool operator==(const HistoryErased&, const HistoryErased&) = default;
};

/// Web → keeper.
struct OrderRequest {
    std::uint64_t id = 0;
    std::vector<std::uint8_t> order;  ///< As ledger/order_message.h writes it.

    friend bool operator==(const OrderRequest&, const OrderRequest&) = default;
};

/// Keeper → web.
struct OrderAnswer {
    std::uint64_t id = 0;
    std::uint64_t generation = 0;  ///< Of the household after it; 0: not carried out.
    std::string failure;           ///< Why not; empty when it was carried out.

    friend bool operator==(const OrderAnswer&, const OrderAnswer&) = default;
};

using Message = std::variant<Hello, KeeperBegan, BatchMessage, Committed, SendAgain, WebBegan,
                             FreshRows, OrderRequest, OrderAnswer, HistoryErased>;

std::vector<std::uint8_t> encode(const Message& message);
Parsed<Message> decode(Bytes bytes);

}  // namespace sporvakt::firmware
