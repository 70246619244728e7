#include "capture/devices/dhcp_message.h"

#include "core/devices/device_name.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sporvakt::capture {
namespace {

constexpr std::uint8_t kOperationRequest = 1;
constexpr std::uint8_t kOperationReply = 2;
constexpr std::uint8_t kHardwareEthernet = 1;
constexpr std::size_t kHardwareAddressField = 16;
constexpr std::size_t kServerNameField = 64;
constexpr std::size_t kFileField = 128;
constexpr std::uint32_t kMagicCookie = 0x63825363;  // RFC 2132 §2
constexpr std::size_t kV4Length = 4;

// RFC 2132, RFC 4702
constexpr std::uint8_t kOptionPad = 0;
constexpr std::uint8_t kOptionHostName = 12;
constexpr std::uint8_t kOptionRequestedAddress = 50;
constexpr std::uint8_t kOptionOverload = 52;
constexpr std::uint8_t kOptionMessageType = 53;
constexpr std::uint8_t kOptionVendorClass = 60;
constexpr std::uint8_t kOptionClientFqdn = 81;
constexpr std::uint8_t kOptionEnd = 255;

constexpr std::uint8_t kOverloadFile = 1;
constexpr std::uint8_t kOverloadServerName = 2;

struct Options {
    std::uint8_t overload = 0;
    std::uint8_t message_type = 0;
    Bytes host_name;
    Bytes fqdn;
    Bytes vendor_class;
    std::optional<IpAddress> requested_address;
};

std::optional<IpAddress> specified(Bytes bytes) {
    const auto address = IpAddress::from_bytes(bytes);
    return address && !address->is_unspecified() ? std::optional(*address) : std::nullopt;
}

std::optional<std::uint8_t> single_byte(Bytes value) {
    return value.size() == 1 ? std::optional(value[0]) : std::nullopt;
}

void keep_option(std::uint8_t code, Bytes value, Options& options) {
    switch (code) {
        case kOptionHostName:
            options.host_name = value;
            break;
        case kOptionRequestedAddress:
            options.requested_address = specified(value);
            break;
        case kOptionOverload:
            options.overload = single_byte(value).value_or(0);
            break;
        case kOptionMessageType:
            options.message_type = single_byte(value).value_or(0);
            break;
        case kOptionVendorClass:
            options.vendor_class = value;
            break;
        case kOptionClientFqdn:
            options.fqdn = value;
            break;
        default:
            break;
    }
}

Parsed<void> read_options(Bytes bytes, Options& options) {
    ByteReader reader(bytes);
    while (!reader.at_end()) {
        const std::uint8_t code = SPORVAKT_TRY(reader.u8());
        if (code == kOptionEnd) {
            break;
        }
        if (code != kOptionPad) {
            keep_option(code, SPORVAKT_TRY(reader.take_vector8()), options);
        }
    }
    return {};
}

/// The first label of a name in DNS's wire form, or of one in text.
std::string first_label(Bytes name, bool is_wire) {
    if (is_wire) {
        ByteReader reader(name);
        const auto label = reader.take_vector8();
        return label ? devices::clean_name(as_text(*label)) : std::string();
    }
    const std::string_view text = as_text(name);
    return devices::clean_name(text.substr(0, text.find('.')));
}

/// RFC 4702 §2: flags, two reply codes, the name, in wire form when the flag E is set.
std::string name_in_fqdn(Bytes option) {
    constexpr std::size_t kHeader = 3;
    constexpr std::uint8_t kFlagEncoded = 0x04;
    if (option.size() <= kHeader) {
        return {};
    }
    return first_label(option.subspan(kHeader), (option[0] & kFlagEncoded) != 0);
}

/// RFC 2131 §3, RFC 2132 §9.6.  Without a type it is BOOTP, whose answers bind.
DhcpMessage::Kind kind_of(std::uint8_t operation, std::uint8_t message_type) {
    constexpr std::uint8_t kOffer = 2;
    constexpr std::uint8_t kNak = 6;
    if (operation == kOperationRequest) {
        return DhcpMessage::Kind::Question;
    }
    if (message_type == kOffer) {
        return DhcpMessage::Kind::Offer;
    }
    return message_type == kNak ? DhcpMessage::Kind::Refusal : DhcpMessage::Kind::Ack;
}

}  // namespace

Parsed<DhcpMessage> parse_dhcp(Bytes bytes) {
    ByteReader reader(bytes);
    const std::uint8_t operation = SPORVAKT_TRY(reader.u8());
    const std::uint8_t hardware = SPORVAKT_TRY(reader.u8());
    const std::uint8_t hardware_length = SPORVAKT_TRY(reader.u8());
    const bool is_known = operation == kOperationRequest || operation == kOperationReply;
    if (!is_known || hardware != kHardwareEthernet || hardware_length != MacAddress::kLength) {
        return tl::unexpected(ParseError::Malformed);
    }
    SPORVAKT_TRY(reader.take(1 + 4 + 2 + 2));  // hops, xid, secs, flags
    DhcpMessage message;
    message.client_address = specified(SPORVAKT_TRY(reader.take(kV4Length)));
    message.your_address = specified(SPORVAKT_TRY(reader.take(kV4Length)));
    SPORVAKT_TRY(reader.take(kV4Length));  // siaddr
    message.is_relayed = specified(SPORVAKT_TRY(reader.take(kV4Length))).has_value();
    const Bytes hardware_address = SPORVAKT_TRY(reader.take(kHardwareAddressField));
    message.client =
        SPORVAKT_TRY(MacAddress::from_bytes(hardware_address.first(MacAddress::kLength)));
    const Bytes server_name = SPORVAKT_TRY(reader.take(kServerNameField));
    const Bytes file = SPORVAKT_TRY(reader.take(kFileField));
    if (SPORVAKT_TRY(reader.u32()) != kMagicCookie) {
        return tl::unexpected(ParseError::Malformed);
    }
    Options options;
    SPORVAKT_TRY(read_options(reader.take_rest(), options));
    const std::uint8_t overload = options.overload;
    if ((overload & kOverloadFile) != 0) {
        SPORVAKT_TRY(read_options(file, options));
    }
    if ((overload & kOverloadServerName) != 0) {
        SPORVAKT_TRY(read_options(server_name, options));
    }
    message.kind = kind_of(operation, options.message_type);
    message.requested_address = options.requested_address;
    message.host_name = devices::clean_name(as_text(options.host_name));
    if (message.host_name.empty()) {
        message.host_name = name_in_fqdn(options.fqdn);
    }
    message.vendor_class = devices::clean_name(as_text(options.vendor_class));
    return message;
}

Parsed<std::optional<std::string>> parse_dhcp6_host_name(Bytes message) {
    // RFC 8415 §7.3: solicit, request, confirm, renew, rebind, information-request.
    constexpr std::array<std::uint8_t, 6> kFromClients{1, 3, 4, 5, 6, 11};
    constexpr std::uint16_t kOptionFqdn = 39;
    ByteReader reader(message);
    const std::uint8_t type = SPORVAKT_TRY(reader.u8());
    SPORVAKT_TRY(reader.u24());  // transaction
    if (std::find(kFromClients.begin(), kFromClients.end(), type) == kFromClients.end()) {
        return std::nullopt;
    }
    while (!reader.at_end()) {
        const std::uint16_t code = SPORVAKT_TRY(reader.u16());
        const Bytes option = SPORVAKT_TRY(reader.take_vector16());
        if (code == kOptionFqdn && option.size() > 1) {
            std::string name = first_label(option.subspan(1), /*is_wire=*/true);
            return name.empty() ? std::nullopt : std::optional(std::move(name));
        }
    }
    return std::nullopt;
}

}  // namespace sporvakt::capture
