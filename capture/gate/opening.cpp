#include "capture/gate/opening.h"

#include <optional>

namespace sporvakt::capture {
namespace {

std::variant<ClientStream, QuicStream> stream_of(const Frame& first) {
    if (!first.is_tcp()) {
        return QuicStream();
    }
    return ClientStream(first.has_flags(kTcpSyn) ? std::optional(first.tcp_sequence + 1)
                                                 : std::nullopt);
}

/// A packet with a long header (RFC 9000 §17.2): what every QUIC connection begins with.  Other
/// protocols over UDP begin with other bits (RFC 9443 §2).
bool is_long_header(Bytes datagram) {
    constexpr std::uint8_t kLongAndFixed = 0xc0;
    constexpr std::size_t kShortestHeader = 7;
    return datagram.size() >= kShortestHeader && (datagram[0] & kLongAndFixed) == kLongAndFixed;
}

}  // namespace

Opening::Opening(const Frame& first) : stream_(stream_of(first)) {}

OpeningState Opening::add(const Frame& frame, QuicCrypto& crypto) {
    if (auto* segments = std::get_if<ClientStream>(&stream_)) {
        return add_segment(*segments, frame);
    }
    return add_datagram(std::get<QuicStream>(stream_), frame.payload, crypto);
}

OpeningState Opening::add_segment(ClientStream& stream, const Frame& frame) const {
    const bool is_syn = frame.has_flags(kTcpSyn);  // data with a SYN is numbered after it
    if (stream.add(frame.tcp_sequence + (is_syn ? 1 : 0), frame.payload) == Reading::Done) {
        return OpeningState::Read;
    }
    return stream.has_start() ? OpeningState::GoesOn : OpeningState::Foreign;
}

OpeningState Opening::add_datagram(QuicStream& stream, Bytes datagram, QuicCrypto& crypto) {
    if (!is_long_header(datagram)) {
        // Between Initials nothing else comes that we could wait for.
        return stream.is_quic() ? OpeningState::GoesOn : OpeningState::Foreign;
    }
    return stream.add(datagram, crypto) == Reading::Done ? OpeningState::Read
                                                         : OpeningState::GoesOn;
}

const Introduction& Opening::so_far() {
    std::visit([](auto& stream) { stream.give_up(); }, stream_);
    return introduction();
}

const Introduction& Opening::introduction() const {
    return std::visit(
        [](const auto& stream) -> const Introduction& { return stream.introduction(); }, stream_);
}

}  // namespace sporvakt::capture
