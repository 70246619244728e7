#include "dns/tap/tap_message.h"

#include "core/base/assert.h"

#include <algorithm>
#include <span>

namespace sporvakt::dns {
namespace {

// Numbers of dnstap.proto.
namespace dnstap {
constexpr unsigned kIdentity = 1;
constexpr unsigned kMessage = 14;
constexpr unsigned kType = 15;
constexpr std::uint64_t kTypeMessage = 1;
}  // namespace dnstap
namespace message {
constexpr unsigned kType = 1;
constexpr unsigned kSocketFamily = 2;
constexpr unsigned kSocketProtocol = 3;
constexpr unsigned kQueryAddress = 4;
constexpr unsigned kResponseAddress = 5;
constexpr unsigned kQueryPort = 6;
constexpr unsigned kResponsePort = 7;
constexpr unsigned kQueryTimeSec = 8;
constexpr unsigned kQueryTimeNsec = 9;
constexpr unsigned kQueryMessage = 10;
constexpr unsigned kResponseTimeSec = 12;
constexpr unsigned kResponseTimeNsec = 13;
constexpr unsigned kResponseMessage = 14;
}  // namespace message

std::uint64_t family_of(const IpAddress& address) {
    return address.family() == IpFamily::V4 ? 1 : 2;
}

std::uint64_t protocol_of(Transport transport) {
    switch (transport) {
        case Transport::Udp:
            return 1;
        case Transport::Tcp:
            return 2;
        case Transport::Tls:
            return 3;
    }
    return 0;
}

/// Protobuf's wire format, as far as dnstap needs it: fields behind each other in bytes of others.
class Fields {
public:
    explicit Fields(std::span<std::uint8_t> out) : out_(out) {}

    Fields& number(unsigned field, std::uint64_t value) {
        key(field, kVarint);
        return varint(value);
    }
    Fields& fixed32(unsigned field, std::uint32_t value) {
        key(field, kFixed32);
        for (unsigned shift = 0; shift < 32; shift += 8) {  // little-endian
            byte(static_cast<std::uint8_t>(value >> shift));
        }
        return *this;
    }
    Fields& bytes(unsigned field, Bytes value) {
        length(field, value.size());
        return raw(value);
    }
    /// A field of bytes that the caller puts behind this.
    Fields& length(unsigned field, std::size_t value) {
        key(field, kBytes);
        return varint(value);
    }
    Fields& raw(Bytes value) {
        SPORVAKT_ASSERT(value.size() <= out_.size() - length_);
        std::copy(value.begin(), value.end(), out_.begin() + static_cast<std::ptrdiff_t>(length_));
        length_ += value.size();
        return *this;
    }
    Fields& time(unsigned seconds_field, unsigned nanoseconds_field, TapTime at) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
        number(seconds_field, static_cast<std::uint64_t>(seconds.time_since_epoch().count()));
        return fixed32(nanoseconds_field, static_cast<std::uint32_t>((at - seconds).count()));
    }

    [[nodiscard]] Bytes written() const { return Bytes(out_).first(length_); }

private:
    static constexpr unsigned kVarint = 0;
    static constexpr unsigned kBytes = 2;
    static constexpr unsigned kFixed32 = 5;

    void key(unsigned field, unsigned wire_type) { varint(field << 3U | wire_type); }
    Fields& varint(std::uint64_t value) {
        for (; value > 0x7f; value >>= 7U) {
            byte(static_cast<std::uint8_t>(value | 0x80U));
        }
        byte(static_cast<std::uint8_t>(value));
        return *this;
    }
    void byte(std::uint8_t value) {
        SPORVAKT_ASSERT(length_ < out_.size());
        out_[length_++] = value;
    }

    std::span<std::uint8_t> out_;
    std::size_t length_ = 0;
};

}  // namespace

TapPrefix::TapPrefix(const TapMessage& told) {
    std::array<std::uint8_t, kLengthMax> inner_bytes{};
    Fields inner(inner_bytes);
    inner.number(message::kType, static_cast<std::uint64_t>(told.kind))
        .number(message::kSocketFamily, family_of(told.client.address))
        .number(message::kSocketProtocol, protocol_of(told.transport))
        .bytes(message::kQueryAddress, told.client.address.bytes())
        .bytes(message::kResponseAddress, told.own.address.bytes())
        .number(message::kQueryPort, told.client.port)
        .number(message::kResponsePort, told.own.port)
        .time(message::kQueryTimeSec, message::kQueryTimeNsec, told.asked);
    if (told.kind == TapMessage::Kind::Query) {
        inner.length(message::kQueryMessage, told.message.size());
    } else {
        inner.time(message::kResponseTimeSec, message::kResponseTimeNsec, told.answered)
            .length(message::kResponseMessage, told.message.size());
    }
    Fields outer(bytes_);
    outer.bytes(dnstap::kIdentity, as_bytes(kIdentity))
        .number(dnstap::kType, dnstap::kTypeMessage)
        .length(dnstap::kMessage, inner.written().size() + told.message.size())
        .raw(inner.written());
    length_ = outer.written().size();
}

}  // namespace sporvakt::dns
