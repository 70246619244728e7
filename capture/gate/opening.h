#pragma once

#include "capture/client_stream.h"
#include "capture/frame.h"
#include "capture/quic_keys.h"
#include "capture/quic_stream.h"

#include <cstdint>
#include <variant>

namespace sporvakt::capture {

enum class OpeningState : std::uint8_t {
    GoesOn,   ///< More must come before the name is known.
    Read,     ///< introduction() says all there is to know.
    Foreign,  ///< It does not begin like anything that names where it goes.
};

/// What the client of one flow has sent so far, read for the name that it is going to: a TLS
/// ClientHello, an HTTP request or QUIC Initials.  Bounded by ClientStream and QuicStream.
class Opening {
public:
    /// `first` is the first packet seen of the flow; a SYN says where the client's bytes begin.
    explicit Opening(const Frame& first);

    /// A packet with payload from the client.
    OpeningState add(const Frame& frame, QuicCrypto& crypto);

    /// Takes what the beginning tells, for when the rest cannot be waited for.  More may be added.
    const Introduction& so_far();

    [[nodiscard]] const Introduction& introduction() const;

private:
    OpeningState add_segment(ClientStream& stream, const Frame& frame) const;
    static OpeningState add_datagram(QuicStream& stream, Bytes datagram, QuicCrypto& crypto);

    std::variant<ClientStream, QuicStream> stream_;
};

}  // namespace sporvakt::capture
