#pragma once

// What a capture file, a live interface and its filter share of libpcap.  Only they include this.

#include "capture/sources/packet_filter.h"
#include "capture/sources/packet_source.h"

#include <chrono>
#include <memory>
#include <vector>

#include <pcap/pcap.h>

namespace sporvakt::capture {

struct ClosePcap {
    void operator()(pcap_t* handle) const { pcap_close(handle); }
};
using PcapHandle = std::unique_ptr<pcap_t, ClosePcap>;

/// What pcap_next_ex() said, with the packet where there is one.
struct PcapRead {
    static constexpr int kPacket = 1;
    static constexpr int kNothingYet = 0;

    int status = 0;     ///< kPacket, kNothingYet, or one of libpcap's PCAP_ERROR values.
    Delivery delivery;  ///< Arrival::Packet when the status is kPacket, else Arrival::None.
};

/// The next packet of the handle.  Its time is cut to our milliseconds.
inline PcapRead read_packet(pcap_t* handle, LinkType link) {
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    const int status = pcap_next_ex(handle, &header, &bytes);
    if (status != PcapRead::kPacket) {
        return {status, {}};
    }
    const Timestamp at(std::chrono::seconds(header->ts.tv_sec) +
                       std::chrono::milliseconds(header->ts.tv_usec / 1000));
    return {status,
            Delivery{Arrival::Packet, {at, link, Bytes(bytes, header->caplen), header->len}}};
}

/// The filter's program as libpcap wants it.
inline std::vector<bpf_insn> bpf_steps(const PacketFilter& filter) {
    std::vector<bpf_insn> steps;
    steps.reserve(filter.program().size());
    for (const PacketFilter::Instruction& step : filter.program()) {
        steps.push_back({step.code, step.if_true, step.if_false, step.operand});
    }
    return steps;
}

}  // namespace sporvakt::capture
