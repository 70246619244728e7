#pragma once

#include "capture/segment_buffer.h"
#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <cstdint>
#include <optional>

namespace sporvakt::capture {

/// The versions whose Initials we can open: each has its own salt and labels.
enum class QuicVersion : std::uint8_t {
    V1,       ///< RFC 9001; drafts 33 and 34 are the same
    V2,       ///< RFC 9369
    Draft29,  ///< drafts 29 to 32
    Draft23,  ///< drafts 23 to 28, and Meta's mvfst
    Draft21,  ///< drafts 21 and 22, and an older mvfst
};

/// A protected Initial packet (RFC 9000 §17.2.2), as a view into its datagram.
struct QuicInitial {
    QuicVersion version = QuicVersion::V1;
    Bytes destination_id;           ///< 0 to 20 bytes
    Bytes token;                    ///< From a Retry, or for a later connection (§8.1).
    Bytes packet;                   ///< From the first byte to the last of the authentication tag.
    std::size_t number_offset = 0;  ///< Where the packet number begins.
};

/// Takes packets from the front of a datagram until one is an Initial (they may be coalesced,
/// RFC 9000 §12.2).  Empty: there is none (any more).
Parsed<std::optional<QuicInitial>> take_initial(ByteReader& datagram);

/// Puts the data of all CRYPTO frames among the frames of an opened Initial (RFC 9000 §12.4) into
/// `hello` at their offsets.  Padding, pings and acknowledgements are passed over.
///
/// Malformed: a frame that an Initial may not carry.  LimitExceeded: an offset beyond the buffer.
/// What came before the failure has been kept.
Parsed<void> collect_crypto(Bytes frames, SegmentBuffer& hello);

}  // namespace sporvakt::capture
