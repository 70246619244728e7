#include "capture/quic_stream.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace sporvakt;
using namespace sporvakt::capture;

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void check_introduction(const Introduction& introduction) {
    if (introduction.name) {
        const auto again = DomainName::from_text(introduction.name->text());
        require(again && *again == *introduction.name);
    }
}

/// Every packet taken lies in the datagram, behind the one before.
void check_packets(Bytes datagram) {
    ByteReader reader(datagram);
    const std::uint8_t* end = datagram.data();
    while (true) {
        const auto initial = take_initial(reader);
        if (!initial || !*initial) {
            return;
        }
        const QuicInitial& packet = **initial;
        require(packet.packet.data() >= end && packet.number_offset < packet.packet.size());
        require(packet.destination_id.size() <= 20);
        end = packet.packet.data() + packet.packet.size();
        require(end <= datagram.data() + datagram.size());
    }
}

}  // namespace

// The tag of a packet cannot be guessed, so what lies behind it is fuzzed as well by itself: the
// same bytes as the frames of an opened Initial.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, size);
    check_packets(bytes);

    QuicCrypto crypto;
    QuicStream stream;
    stream.add(bytes, crypto);
    stream.add(bytes, crypto);
    stream.give_up();
    check_introduction(stream.introduction());

    SegmentBuffer hello(QuicStream::kHelloBytesMax);
    static_cast<void>(collect_crypto(bytes, hello));
    require(hello.from(0).size() <= QuicStream::kHelloBytesMax);
    return 0;
}
