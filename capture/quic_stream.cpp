#include "capture/quic_stream.h"

#include <algorithm>

namespace sporvakt::capture {
namespace {

constexpr std::size_t kHandshakeHeader = 4;

}  // namespace

Reading QuicStream::add(Bytes datagram, QuicCrypto& crypto) {
    if (++datagrams_ > kDatagramsMax) {
        give_up();
        return Reading::Done;
    }
    ByteReader reader(datagram);
    while (true) {
        const auto initial = take_initial(reader);
        if (!initial || !*initial) {
            return Reading::GoesOn;
        }
        if (++initials_ > kInitialsMax) {
            give_up();
            return Reading::Done;
        }
        if (read_initial(**initial, crypto) == Reading::Done) {
            return Reading::Done;
        }
    }
}

bool QuicStream::may_derive_from(Bytes destination_id) const {
    const bool is_tried =
        std::equal(destination_id.begin(), destination_id.end(), last_id_.begin(),
                   last_id_.begin() + static_cast<std::ptrdiff_t>(last_id_length_));
    return derivations_ < kKeysMax && (derivations_ == 0 || !is_tried);
}

/// With the keys of the flow's first Initial; if those do not fit, with keys from this packet's own
/// ID.  That one rule covers Retry (RFC 9001 §5.2), a spoofed first packet and a reused port.
Parsed<Bytes> QuicStream::open(const QuicInitial& initial, QuicCrypto& crypto) {
    if (keys_) {
        if (const auto frames = crypto.open(initial, *keys_)) {
            return *frames;
        }
    }
    if (!may_derive_from(initial.destination_id)) {
        return tl::unexpected(ParseError::Malformed);
    }
    ++derivations_;
    last_id_length_ = initial.destination_id.size();
    std::copy(initial.destination_id.begin(), initial.destination_id.end(), last_id_.begin());
    const QuicKeys keys = crypto.client_keys(initial.version, initial.destination_id);
    const auto frames = crypto.open(initial, keys);
    if (frames) {
        keys_ = keys;
        hello_.clear();
    }
    return frames;
}

Reading QuicStream::read_initial(const QuicInitial& initial, QuicCrypto& crypto) {
    const auto frames = open(initial, crypto);
    if (!frames) {
        return Reading::GoesOn;
    }
    is_quic_ = true;
    const auto collected = collect_crypto(*frames, hello_);
    if (!collected && collected.error() == ParseError::LimitExceeded) {
        give_up();
        return Reading::Done;
    }
    return understand();
}

Reading QuicStream::understand() {
    const Bytes bytes = hello_.from(0);
    if (bytes.size() < kHandshakeHeader) {
        return Reading::GoesOn;
    }
    const auto hello = parse_client_hello(bytes);
    if (!hello && hello.error() == ParseError::Truncated) {
        const std::size_t length = (std::size_t{bytes[1]} << 16U) | (bytes[2] << 8U) | bytes[3];
        if (bytes.size() < kHandshakeHeader + length && length <= kHelloBytesMax) {
            return Reading::GoesOn;
        }
    }
    introduction_.origin = NameOrigin::Quic;
    if (hello) {
        introduction_.name = hello->server_name;
        introduction_.has_encrypted_hello = hello->has_encrypted_hello;
    }
    introduction_.has_bad_name = !hello;
    doubt();
    return Reading::Done;
}

bool QuicStream::is_contradicted_by(Bytes datagram, QuicCrypto& crypto) {
    ByteReader reader(datagram);
    while (keys_ && ++initials_ <= kInitialsMax) {
        const auto initial = take_initial(reader);
        if (!initial || !*initial) {
            break;
        }
        if (const auto frames = crypto.open(**initial, *keys_)) {
            static_cast<void>(collect_crypto(*frames, hello_));
        }
    }
    return hello_.is_contradicted();
}

/// CRYPTO frames that contradict each other (RFC 9000 §2.2 forbids it) name nothing.
void QuicStream::doubt() {
    if (hello_.is_contradicted()) {
        introduction_.origin = NameOrigin::Ambiguous;
        introduction_.name.reset();
    }
}

void QuicStream::give_up() {
    const auto hello = parse_client_hello_start(hello_.from(0));
    if (introduction_.origin == NameOrigin::None && hello && hello->server_name) {
        introduction_.origin = NameOrigin::Quic;
        introduction_.name = hello->server_name;
        introduction_.has_encrypted_hello = hello->has_encrypted_hello;
        doubt();
    }
}

}  // namespace sporvakt::capture
