#pragma once

#include "capture/quic_packet.h"
#include "tests/support/packets/packet_builder.h"

#include <cstdint>

namespace sporvakt::test {

struct InitialFields {
    capture::QuicVersion version = capture::QuicVersion::V1;
    Octets destination_id = from_hex("8394c8f03e515708");
    Octets source_id{};
    Octets token{};
    /// Of the connection whose keys protect the packet; empty: the packet's own.
    Octets key_id{};
    std::uint32_t number = 0;
    std::uint8_t number_length = 2;
};

/// A CRYPTO frame (RFC 9000 §19.6).
Octets crypto_frame(std::uint16_t offset, const Octets& data);

/// A protected Initial with these frames, padded so that it can be sampled.
Octets quic_initial(const InitialFields& fields, const Octets& frames);

/// A UDP payload of at least 1,200 bytes, as clients must send (RFC 9000 §14.1).
Octets padded_datagram(Octets packets);

}  // namespace sporvakt::test
