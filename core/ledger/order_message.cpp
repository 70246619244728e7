#include "core/ledger/order_message.h"

#include "core/base/byte_writer.h"
#include "core/ledger/fields.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace sporvakt::ledger {
namespace {

enum class Kind : std::uint8_t { RenameDevice = 1, SetPasswordHash = 2, SetNameRule = 3 };

/// One row of the table of well-formed byte sequences (RFC 3629 §4).
struct Utf8Form {
    std::uint8_t lead_first;
    std::uint8_t lead_last;
    std::uint8_t length;
    std::uint8_t second_first;
    std::uint8_t second_last;
};

constexpr std::array<Utf8Form, 8> kUtf8Forms{{{0x20, 0x7e, 1, 0, 0},  // no control characters
                                              {0xc2, 0xdf, 2, 0x80, 0xbf},
                                              {0xe0, 0xe0, 3, 0xa0, 0xbf},
                                              {0xe1, 0xec, 3, 0x80, 0xbf},
                                              {0xed, 0xed, 3, 0x80, 0x9f},
                                              {0xee, 0xef, 3, 0x80, 0xbf},
                                              {0xf0, 0xf0, 4, 0x90, 0xbf},
                                              {0xf1, 0xf4, 4, 0x80, 0xbf}}};

/// How many bytes the first character has; 0 when it is none that a name may have.
std::size_t character_length(Bytes rest) {
    const auto* const form = std::find_if(
        kUtf8Forms.begin(), kUtf8Forms.end(),
        [&](const Utf8Form& one) { return rest[0] >= one.lead_first && rest[0] <= one.lead_last; });
    if (form == kUtf8Forms.end() || rest.size() < form->length) {
        return 0;
    }
    const Bytes more = rest.subspan(1, form->length - std::size_t{1});
    const bool is_continued = std::all_of(more.begin(), more.end(),
                                          [](std::uint8_t byte) { return (byte & 0xc0U) == 0x80; });
    const bool is_shortest =
        more.empty() || (more[0] >= form->second_first && more[0] <= form->second_last);
    const bool is_in_range = rest[0] != 0xf4 || more[0] <= 0x8f;
    return is_continued && is_shortest && is_in_range ? form->length : 0;
}

bool is_given_name(std::string_view text) {
    Bytes rest = as_bytes(text);
    std::size_t count = 0;
    while (!rest.empty() && count < kGivenNameCharactersMax) {
        const std::size_t length = character_length(rest);
        if (length == 0) {
            return false;
        }
        rest = rest.subspan(length);
        ++count;
    }
    return rest.empty();
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
    void operator()(const SetNameRule& order) {
        out_.u8(static_cast<std::uint8_t>(Kind::SetNameRule))
            .text16(order.name)
            .u8(static_cast<std::uint8_t>(order.rule));
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

Parsed<Order> read_name_rule(ByteReader& in) {
    SetNameRule order;
    order.name = SPORVAKT_TRY(read_name(in));
    const std::uint8_t rule = SPORVAKT_TRY(in.u8());
    if (rule > static_cast<std::uint8_t>(SetNameRule::Rule::Allow)) {
        return tl::unexpected(ParseError::Malformed);
    }
    order.rule = SetNameRule::Rule{rule};
    return order;
}

Parsed<Order> read_order(ByteReader& in) {
    switch (Kind{SPORVAKT_TRY(in.u8())}) {
        case Kind::RenameDevice:
            return read_rename(in);
        case Kind::SetPasswordHash:
            return read_password(in);
        case Kind::SetNameRule:
            return read_name_rule(in);
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
