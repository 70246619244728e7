#include "core/ledger/order_message.h"

#include "core/base/byte_writer.h"
#include "core/base/utf8.h"
#include "core/ledger/fields.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace sporvakt::ledger {
namespace {

enum class Kind : std::uint8_t {
    RenameDevice = 1,
    SetPasswordHash = 2,
    PutDeviceInGroup = 3,
    ChangePolicy = 4,
    EraseHistory = 5,
    ForgetDevice = 6
};

bool is_given_name(std::string_view text) {
    const auto characters = printable_characters(text);
    return characters && *characters <= kGivenNameCharactersMax;
}

class Writer {
public:
    void operator()(const RenameDevice& order) {
        out_.u8(static_cast<std::uint8_t>(Kind::RenameDevice))
            .bytes(order.device.stored())
            .text16(order.name);
    }
    void operator()(const SetPasswordHash& order) {
        out_.u8(static_cast<std::uint8_t>(Kind::SetPasswordHash)).text16(order.hash);
    }
    void operator()(const PutDeviceInGroup& order) {
        out_.u8(static_cast<std::uint8_t>(Kind::PutDeviceInGroup))
            .bytes(order.device.stored())
            .text16(order.group);
    }
    void operator()(const ChangePolicy& order) {
        out_.u8(static_cast<std::uint8_t>(Kind::ChangePolicy)).bytes(order.changes);
    }
    void operator()(const EraseHistory& order) {
        const Erasure& erasure = order.erasure;
        out_.u8(static_cast<std::uint8_t>(Kind::EraseHistory)).u8(erasure.device ? 1 : 0);
        if (erasure.device) {
            out_.bytes(erasure.device->stored());
        }
        for (const auto& time : {erasure.from, erasure.to}) {
            out_.u8(time ? 1 : 0);
            if (time) {
                out_.u64(milliseconds_of(*time));
            }
        }
    }
    void operator()(const ForgetDevice& order) {
        out_.u8(static_cast<std::uint8_t>(Kind::ForgetDevice)).bytes(order.device.stored());
    }
    [[nodiscard]] const std::vector<std::uint8_t>& result() const { return out_.result(); }

private:
    ByteWriter out_;
};

Parsed<Order> read_rename(ByteReader& in) {
    RenameDevice order;
    order.device = SPORVAKT_TRY(read_device(in));
    order.name = SPORVAKT_TRY(read_text(in, kGivenNameBytesMax));
    if (!is_given_name(order.name)) {
        return tl::unexpected(ParseError::Malformed);
    }
    return order;
}

Parsed<Order> read_password(ByteReader& in) {
    SetPasswordHash order{SPORVAKT_TRY(read_text(in, kPasswordHashBytesMax))};
    const bool is_printable = std::all_of(order.hash.begin(), order.hash.end(),
                                          [](char c) { return c > ' ' && c < '\x7f'; });
    if (order.hash.empty() || !is_printable) {
        return tl::unexpected(ParseError::Malformed);
    }
    return order;
}

Parsed<Order> read_group(ByteReader& in) {
    PutDeviceInGroup order;
    order.device = SPORVAKT_TRY(read_device(in));
    order.group = SPORVAKT_TRY(read_text(in, kGroupIdBytesMax));
    return order;
}

Parsed<Order> read_changes(ByteReader& in) {
    const Bytes changes = in.take_rest();
    return ChangePolicy{{changes.begin(), changes.end()}};
}

Parsed<bool> read_presence(ByteReader& in) {
    const std::uint8_t byte = SPORVAKT_TRY(in.u8());
    if (byte > 1) {
        return tl::unexpected(ParseError::Malformed);
    }
    return byte == 1;
}

Parsed<Order> read_erasure(ByteReader& in) {
    Erasure erasure;
    if (SPORVAKT_TRY(read_presence(in))) {
        erasure.device = SPORVAKT_TRY(read_device(in));
    }
    for (std::optional<Timestamp>* const time : {&erasure.from, &erasure.to}) {
        if (SPORVAKT_TRY(read_presence(in))) {
            *time = SPORVAKT_TRY(read_time(in));
        }
    }
    return EraseHistory{erasure};
}

Parsed<Order> read_order(ByteReader& in) {
    switch (Kind{SPORVAKT_TRY(in.u8())}) {
        case Kind::RenameDevice:
            return read_rename(in);
        case Kind::SetPasswordHash:
            return read_password(in);
        case Kind::PutDeviceInGroup:
            return read_group(in);
        case Kind::ChangePolicy:
            return read_changes(in);
        case Kind::EraseHistory:
            return read_erasure(in);
        case Kind::ForgetDevice:
            return ForgetDevice{SPORVAKT_TRY(read_device(in))};
    }
    return tl::unexpected(ParseError::Malformed);
}

}  // namespace

std::vector<std::uint8_t> encode(const Order& order) {
    Writer writer;
    std::visit(writer, order);
    return writer.result();
}

Parsed<Order> parse_order(Bytes bytes) {
    ByteReader in(bytes);
    Order order = SPORVAKT_TRY(read_order(in));
    if (!in.at_end()) {
        return tl::unexpected(ParseError::Malformed);
    }
    return order;
}

}  // namespace sporvakt::ledger
