#include "capture/client_stream.h"

#include "capture/http_host.h"

#include <algorithm>

namespace sporvakt::capture {
namespace {

// Room in front of the first segment seen, for those that were sent before it: needed only when
// the SYN, and with it the first sequence number, was not seen.
constexpr std::uint32_t kRoomInFront = 4096;
constexpr std::size_t kSearchedSegmentsMax = 64;
constexpr std::uint8_t kRecordHandshake = 22;  // RFC 8446 §5.1
constexpr std::uint8_t kHandshakeClientHello = 1;
constexpr std::size_t kRecordLengthMax = (1U << 14U) + 256;  // RFC 5246 §6.2.3
constexpr std::size_t kHandshakeHeader = 4;

bool begins_like_hello(Bytes segment) {
    return segment.size() >= 6 && segment[0] == kRecordHandshake && segment[1] == 3 &&
           segment[2] <= 4 && segment[5] == kHandshakeClientHello;
}

/// Some stacks fill an empty ACK with zeros that look like payload.
bool is_padding(Bytes segment) {
    constexpr std::size_t kPaddingMax = 6;
    return segment.size() <= kPaddingMax &&
           std::all_of(segment.begin(), segment.end(), [](std::uint8_t b) { return b == 0; });
}

/// A handshake message out of the records that carry it.
struct Handshake {
    Bytes first;                       ///< What the first record holds.
    std::vector<std::uint8_t> joined;  ///< All of it, when there are more.
    bool is_whole = false;

    [[nodiscard]] Bytes bytes() const { return joined.empty() ? first : Bytes(joined); }
};

Parsed<Bytes> take_record(ByteReader& stream) {
    if (SPORVAKT_TRY(stream.u8()) != kRecordHandshake || SPORVAKT_TRY(stream.u8()) != 3) {
        return tl::unexpected(ParseError::Malformed);
    }
    SPORVAKT_TRY(stream.u8());
    const std::size_t length = SPORVAKT_TRY(stream.u16());
    if (length == 0 || length > kRecordLengthMax) {
        return tl::unexpected(ParseError::Malformed);
    }
    return stream.remaining() < length ? stream.take_rest() : stream.take(length);
}

/// Whether all of the message is there.  Malformed: it is no ClientHello of acceptable size.
Parsed<bool> is_whole_hello(Bytes message) {
    if (!message.empty() && message[0] != kHandshakeClientHello) {
        return tl::unexpected(ParseError::Malformed);
    }
    if (message.size() < kHandshakeHeader) {
        return false;
    }
    const std::size_t length = (std::size_t{message[1]} << 16U) | (message[2] << 8U) | message[3];
    if (length > ClientStream::kStreamBytesMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    return message.size() >= kHandshakeHeader + length;
}

Parsed<Handshake> join_records(Bytes bytes) {
    ByteReader stream(bytes);
    Handshake message;
    for (std::size_t count = 0; count < ClientStream::kRecordsMax; ++count) {
        const auto record = take_record(stream);
        if (!record) {
            if (record.error() == ParseError::Truncated) {
                return message;
            }
            return tl::unexpected(record.error());
        }
        if (count == 0) {
            message.first = *record;
        } else {
            if (count == 1) {
                message.joined.assign(message.first.begin(), message.first.end());
            }
            message.joined.insert(message.joined.end(), record->begin(), record->end());
        }
        message.is_whole = SPORVAKT_TRY(is_whole_hello(message.bytes()));
        if (message.is_whole || stream.at_end()) {
            return message;
        }
    }
    return tl::unexpected(ParseError::LimitExceeded);
}

}  // namespace

bool begins_like_introduction(Bytes segment) {
    return begins_like_hello(segment) || begins_like_http(segment);
}

ClientStream::ClientStream(std::optional<std::uint32_t> first_sequence)
    : buffer_(kStreamBytesMax + kRoomInFront) {
    if (first_sequence) {
        restart(*first_sequence);
    }
}

/// From here on the stream is what begins with the byte of this number.
void ClientStream::restart(std::uint32_t sequence) {
    buffer_.clear();
    base_ = sequence;
    has_base_ = true;
    start_ = 0;
    is_mismatch_ = false;
}

Reading ClientStream::add(std::uint32_t sequence, Bytes payload) {
    is_mismatch_ = false;
    if (payload.empty()) {
        return Reading::GoesOn;
    }
    if (++segments_ > kSegmentsMax) {
        give_up();
        return Reading::Done;
    }
    if (!has_base_) {
        base_ = sequence - kRoomInFront;
        has_base_ = true;
    }
    auto offset = static_cast<std::int32_t>(sequence - base_);  // wraps as sequence numbers do
    if (offset < 0) {
        const auto before = static_cast<std::size_t>(-std::int64_t{offset});
        if (before >= payload.size()) {
            return Reading::GoesOn;
        }
        payload = payload.subspan(before);
        sequence += static_cast<std::uint32_t>(before);
        offset = 0;
    }
    const auto place = static_cast<std::size_t>(offset);
    const Reading reading = start_ ? read(place, payload) : search(place, payload);
    return is_mismatch_ ? mismatch(sequence, payload) : reading;
}

/// The first sequence number is not known: keeps segments until one begins like a hello.
Reading ClientStream::search(std::size_t offset, Bytes payload) {
    if (segments_ > kSearchedSegmentsMax) {
        return Reading::Done;
    }
    if (!buffer_.put(offset, payload)) {
        buffer_.clear();  // far from where we began: only a segment that begins a hello helps
        has_base_ = false;
        if (!begins_like_introduction(payload)) {
            return Reading::GoesOn;
        }
        base_ += static_cast<std::uint32_t>(offset);
        restart(base_);
        return read(0, payload);
    }
    if (!begins_like_introduction(payload)) {
        return Reading::GoesOn;
    }
    start_ = offset;
    return understand(buffer_.from(offset));
}

Reading ClientStream::read(std::size_t offset, Bytes payload) {
    if (is_padding(payload) && (offset == *start_ || !buffer_.agrees_with(offset, payload))) {
        return Reading::GoesOn;
    }
    if (!buffer_.put(offset, payload)) {
        give_up();
        return Reading::Done;
    }
    return understand(buffer_.from(*start_));
}

Reading ClientStream::understand(Bytes stream) {
    if (stream.empty()) {
        return Reading::GoesOn;
    }
    return stream[0] == kRecordHandshake ? read_tls(stream) : read_http(stream);
}

Reading ClientStream::read_tls(Bytes stream) {
    const auto message = join_records(stream);
    if (!message) {
        is_mismatch_ = message.error() == ParseError::Malformed;
        return Reading::Done;
    }
    if (!message->is_whole) {
        return Reading::GoesOn;
    }
    accept(parse_client_hello(message->bytes()));
    return done();
}

/// What can be read in two ways names nothing.
Reading ClientStream::done() {
    if (buffer_.is_contradicted()) {
        introduction_.origin = NameOrigin::Ambiguous;
        introduction_.name.reset();
    }
    return Reading::Done;
}

bool ClientStream::is_contradicted_by(std::uint32_t sequence, Bytes payload) const {
    auto offset = static_cast<std::int64_t>(static_cast<std::int32_t>(sequence - base_));
    if (offset < 0) {
        const auto before = std::min(static_cast<std::size_t>(-offset), payload.size());
        payload = payload.subspan(before);
        offset = 0;
    }
    return !is_padding(payload) && !buffer_.agrees_with(static_cast<std::size_t>(offset), payload);
}

Reading ClientStream::read_http(Bytes stream) {
    const auto request = parse_http_request(stream);
    if (!request) {
        is_mismatch_ = request.error() == ParseError::Malformed;
        return request.error() == ParseError::Truncated ? Reading::GoesOn : Reading::Done;
    }
    if (request->opens_tunnel) {
        is_mismatch_ = true;
        introduction_.is_via_proxy = true;
        return Reading::GoesOn;
    }
    introduction_.origin = NameOrigin::Http;
    introduction_.name = request->host;
    return done();
}

/// What came first is not for us (a proxy's greeting, an empty ACK's padding): the next segment
/// that begins like a hello may be.
Reading ClientStream::mismatch(std::uint32_t sequence, Bytes payload) {
    is_mismatch_ = false;
    if (segments_ > kSearchedSegmentsMax) {
        return Reading::Done;
    }
    const bool is_first = start_ && sequence == base_ + static_cast<std::uint32_t>(*start_);
    if (!is_first && begins_like_hello(payload)) {
        restart(sequence);
        return read(0, payload);
    }
    buffer_.clear();
    start_.reset();
    has_base_ = false;
    return Reading::GoesOn;
}

void ClientStream::accept(const Parsed<ClientHello>& hello) {
    introduction_.origin = NameOrigin::Tls;
    if (!hello) {
        introduction_.has_bad_name = true;
        return;
    }
    introduction_.name = hello->server_name;
    introduction_.has_encrypted_hello = hello->has_encrypted_hello;
}

void ClientStream::give_up() {
    if (introduction_.origin != NameOrigin::None || !start_) {
        return;
    }
    const Bytes stream = buffer_.from(*start_);
    if (stream.empty() || stream[0] != kRecordHandshake) {
        return;
    }
    const auto message = join_records(stream);
    if (!message) {
        return;
    }
    const auto hello = parse_client_hello_start(message->bytes());
    if (hello && hello->server_name) {
        accept(hello);
        static_cast<void>(done());
    }
}

}  // namespace sporvakt::capture
