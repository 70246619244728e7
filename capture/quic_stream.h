#pragma once

#include "capture/client_stream.h"
#include "capture/quic_keys.h"
#include "capture/segment_buffer.h"

#include <array>
#include <cstdint>
#include <optional>

namespace sporvakt::capture {

/// Reads the ClientHello out of the Initial packets that a client sends over QUIC: several to a
/// datagram, over several datagrams, in any order, after a Retry, with any connection ID.  Google's
/// own QUIC (versions Q0.., T05.), which nobody speaks any more, is left out.
///
/// Bounded: kHelloBytesMax bytes, kInitialsMax packets opened, kKeysMax keys derived.
class QuicStream {
public:
    static constexpr std::size_t kHelloBytesMax = std::size_t{16} * 1024;
    static constexpr std::size_t kInitialsMax = 32;  ///< Lost pieces are sent again and again.
    static constexpr std::size_t kDatagramsMax = 64;
    static constexpr std::size_t kKeysMax = 4;

    QuicStream() : hello_(kHelloBytesMax) {}

    /// A datagram from the client.
    Reading add(Bytes datagram, QuicCrypto& crypto);

    /// Once all is read: whether a later datagram holds another version of what was.  Opens at most
    /// kInitialsMax packets in all.
    bool is_contradicted_by(Bytes datagram, QuicCrypto& crypto);

    /// No more will come: takes what the beginning of a hello tells.
    void give_up();

    /// Whether some Initial was authentic: this is QUIC, whatever else we learn of it.
    [[nodiscard]] bool is_quic() const { return is_quic_; }

    [[nodiscard]] const Introduction& introduction() const { return introduction_; }

    /// Bytes of memory in use beside the object's own.
    [[nodiscard]] std::size_t held() const { return hello_.held(); }

private:
    Parsed<Bytes> open(const QuicInitial& initial, QuicCrypto& crypto);
    [[nodiscard]] bool may_derive_from(Bytes destination_id) const;
    Reading read_initial(const QuicInitial& initial, QuicCrypto& crypto);
    Reading understand();
    void doubt();

    SegmentBuffer hello_;
    std::optional<QuicKeys> keys_;
    std::array<std::uint8_t, 20> last_id_{};  ///< That keys were last derived from.
    std::size_t last_id_length_ = 0;
    std::size_t derivations_ = 0;
    std::size_t initials_ = 0;
    std::size_t datagrams_ = 0;
    bool is_quic_ = false;
    Introduction introduction_;
};

}  // namespace sporvakt::capture
