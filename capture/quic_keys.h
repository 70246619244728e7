#pragma once

#include "capture/quic_packet.h"
#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace sporvakt::capture {

/// What protects a client's Initial packets (RFC 9001 §5.2).  Not secret: anybody who sees the
/// connection ID can derive them.
struct QuicKeys {
    std::array<std::uint8_t, 16> key{};
    std::array<std::uint8_t, 12> iv{};
    std::array<std::uint8_t, 16> header_protection{};

    friend bool operator==(const QuicKeys&, const QuicKeys&) = default;
};

/// Opens Initial packets.  Keeps its cipher contexts between packets, which makes it seven times
/// cheaper; so one for each thread.  Not thread-safe.
class QuicCrypto {
public:
    QuicCrypto();
    QuicCrypto(const QuicCrypto&) = delete;
    QuicCrypto& operator=(const QuicCrypto&) = delete;
    QuicCrypto(QuicCrypto&&) = delete;
    QuicCrypto& operator=(QuicCrypto&&) = delete;
    ~QuicCrypto();

    /// The client's keys for a connection whose first Initial was sent to this ID.
    [[nodiscard]] QuicKeys client_keys(QuicVersion version, Bytes destination_id) const;

    /// The frames inside; valid until the next call.  Malformed: not protected with these keys.
    Parsed<Bytes> open(const QuicInitial& initial, const QuicKeys& keys);

private:
    class Ciphers;
    std::unique_ptr<Ciphers> ciphers_;
    std::vector<std::uint8_t> header_;
    std::vector<std::uint8_t> plain_;
};

}  // namespace sporvakt::capture
