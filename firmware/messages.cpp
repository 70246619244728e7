#include "firmware/messages.h"

#include "core/base/byte_writer.h"

#include <utility>

namespace sporvakt::firmware {
namespace {

// In the order of Message's alternatives.
enum class Kind : std::uint8_t {
    Hello,
    KeeperBegan,
    BatchMessage,
    Committed,
    SendAgain,
    WebBegan,
    FreshRows,
    OrderRequest,
    OrderAnswer,
    HistoryErased,
};

static_assert(std::variant_size_v<Message> == static_cast<std::size_t>(Kind::HistoryErased) + 1);

class Writer {
public:
    explicit Writer(std::size_t kind) { out_.u8(static_cast<std::uint8_t>(kind)); }

    void operator()(const Hello& /*hello*/) {}
    void operator()(const KeeperBegan& /*began*/) {}
    void operator()(const BatchMessage& message) { out_.bytes(message.batch); }
    void operator()(const Committed& committed) {
        out_.u64(committed.sender).u64(committed.number);
    }
    void operator()(const SendAgain& again) { out_.u64(again.sender).u64(again.after); }
    void operator()(const WebBegan& /*began*/) {}
    void operator()(const FreshRows& fresh) { out_.bytes(fresh.rows); }
    void operator()(const HistoryErased& erased) { out_.bytes(erased.order); }
    void operator()(const OrderRequest& request) { out_.u64(request.id).bytes(request.order); }
    void operator()(const OrderAnswer& answer) {
        out_.u64(answer.id).u64(answer.generation).text16(answer.failure);
    }

    [[nodiscard]] const std::vector<std::uint8_t>& result() const { return out_.result(); }

private:
    ByteWriter out_;
};

std::vector<std::uint8_t> read_rest(ByteReader& in) {
    const Bytes rest = in.take_rest();
    return {rest.begin(), rest.end()};
}

Parsed<Committed> read_committed(ByteReader& in) {
    Committed committed;
    committed.sender = SPORVAKT_TRY(in.u64());
    committed.number = SPORVAKT_TRY(in.u64());
    return committed;
}

Parsed<OrderAnswer> read_answer(ByteReader& in) {
    OrderAnswer answer;
    answer.id = SPORVAKT_TRY(in.u64());
    answer.generation = SPORVAKT_TRY(in.u64());
    answer.failure = std::string(as_text(SPORVAKT_TRY(in.take_vector16())));
    return answer;
}

Parsed<Message> read_message(ByteReader& in) {
    switch (static_cast<Kind>(SPORVAKT_TRY(in.u8()))) {
        case Kind::Hello:
            return Hello{};
        case Kind::KeeperBegan:
            return KeeperBegan{};
        case Kind::BatchMessage:
            return BatchMessage{read_rest(in)};
        case Kind::Committed:
            return SPORVAKT_TRY(read_committed(in));
        case Kind::SendAgain: {
            const Committed numbers = SPORVAKT_TRY(read_committed(in));
            return SendAgain{numbers.sender, numbers.number};
        }
        case Kind::WebBegan:
            return WebBegan{};
        case Kind::FreshRows:
            return FreshRows{read_rest(in)};
        case Kind::HistoryErased:
            return HistoryErased{read_rest(in)};
        case Kind::OrderRequest: {
            const std::uint64_t id = SPORVAKT_TRY(in.u64());
            return OrderRequest{id, read_rest(in)};
        }
        case Kind::OrderAnswer:
            return SPORVAKT_TRY(read_answer(in));
    }
    return tl::unexpected(ParseError::Malformed);
}

}  // namespace

std::vector<std::uint8_t> encode(const Message& message) {
    Writer writer(message.index());
    std::visit(writer, message);
    return writer.result();
}

Parsed<Message> decode(Bytes bytes) {
    ByteReader in(bytes);
    Message message = SPORVAKT_TRY(read_message(in));
    if (!in.at_end()) {
        return tl::unexpected(ParseError::Malformed);
    }
    return message;
}

}  // namespace sporvakt::firmware
