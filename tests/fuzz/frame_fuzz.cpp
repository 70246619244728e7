#include "capture/frame.h"

#include "capture/ip_fragments.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace sporvakt;
using namespace sporvakt::capture;

namespace {

bool lies_within(Bytes inner, Bytes outer) {
    return inner.empty() || (inner.data() >= outer.data() &&
                             inner.data() + inner.size() <= outer.data() + outer.size());
}

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

}  // namespace

// The first byte chooses the link, the second how much more was sent than captured.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const Bytes bytes = Bytes(data, size).subspan(2);
    Packet packet;
    packet.link = static_cast<LinkType>(data[0] % 8);
    packet.bytes = bytes;
    packet.wire_length = static_cast<std::uint32_t>(bytes.size() + data[1]);
    const auto frame = decode_frame(packet);
    if (!frame) {
        return 0;
    }
    // Views point into the packet, and no more payload is claimed than the datagram can hold.
    require(lies_within(frame->payload, bytes) && lies_within(frame->network, bytes));
    require(frame->payload.size() <= frame->payload_length);
    require(frame->payload_length <= frame->ip_length);
    if (frame->fragment) {
        IpFragments fragments;
        const auto first = fragments.add(*frame);
        const auto second = fragments.add(*frame);
        // What is told of them is no more than what came, and none of it twice.
        const auto told = [](const std::optional<Frame>& one) { return one ? one->packets : 0; };
        require(told(first) + told(second) <= 2);
        require(!first || first->payload.size() <= IpFragments::kDatagramBytesMax);
    }
    return 0;
}
