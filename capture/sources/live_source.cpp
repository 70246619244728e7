#include "capture/sources/live_source.h"

#include "capture/sources/network_card.h"
#include "capture/sources/pcap_handle.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <poll.h>
#include <sys/sysinfo.h>

namespace sporvakt::capture {
namespace {

constexpr std::uint64_t kMegabyte = std::uint64_t{1024} * 1024;

// How long a quiet network may keep a request to stop waiting.
constexpr int kQuietMilliseconds = 100;

class LiveSource final : public PacketSource {
public:
    LiveSource(std::string interface, PcapHandle handle)
        : interface_(std::move(interface)),
          handle_(std::move(handle)),
          link_(link_type_of(pcap_datalink(handle_.get()))) {}

    /// Waits at most kQuietMilliseconds.  The waiting is ours: with TPACKET_V3 libpcap's own
    /// poll(2) has no time limit, and its timeout only hands over blocks that hold a packet
    /// already.
    Result<Delivery> next() override {
        const PcapRead read = read_packet(handle_.get(), link_);
        if (read.status == PcapRead::kPacket) {
            return read.delivery;
        }
        if (read.status == PcapRead::kNothingYet) {
            pollfd waiting{pcap_get_selectable_fd(handle_.get()), POLLIN, 0};
            static_cast<void>(::poll(&waiting, 1, kQuietMilliseconds));
            return Delivery{};
        }
        return fail(Errc::Unavailable, fmt::format("capturing on {} stopped: {}", interface_,
                                                   pcap_geterr(handle_.get())));
    }

    [[nodiscard]] CaptureLoss loss() const override {
        pcap_stat statistics{};
        if (pcap_stats(handle_.get(), &statistics) != 0) {
            return {};
        }
        // Not ps_ifdrop, which libpcap reads from /sys by name: it jumps when a card is replaced.
        return {statistics.ps_recv, statistics.ps_drop};
    }

private:
    std::string interface_;
    PcapHandle handle_;
    LinkType link_;
};

}  // namespace

std::size_t ring_bytes_for(std::uint64_t memory_bytes) {
    // A board "of 512 MB" keeps some for its graphics; one of 1 GB shows more than 600.
    constexpr std::uint64_t kSmall = 512 * kMegabyte;
    return memory_bytes <= kSmall ? 16 * kMegabyte : 32 * kMegabyte;
}

std::uint64_t machine_memory() {
    struct sysinfo machine {};
    return ::sysinfo(&machine) == 0 ? std::uint64_t{machine.totalram} * machine.mem_unit : 0;
}

namespace {

Error refusal(const std::string& interface, std::string_view reason) {
    return {Errc::Unavailable, fmt::format("cannot capture on {}: {}", interface, reason)};
}

/// Only Ethernet's frames are filtered: on others, which are slow, everything is taken whole.
bool set_filter(pcap_t* handle, const PacketFilter& filter) {
    if (link_type_of(pcap_datalink(handle)) != LinkType::Ethernet) {
        return true;
    }
    std::vector<bpf_insn> steps = bpf_steps(filter);
    bpf_program program{static_cast<u_int>(steps.size()), steps.data()};
    return pcap_setfilter(handle, &program) == 0;
}

}  // namespace

Result<std::unique_ptr<PacketSource>> open_interface(const LiveSettings& settings) {
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    PcapHandle handle(pcap_create(settings.interface.c_str(), reason.data()));
    if (!handle) {
        return tl::unexpected(refusal(settings.interface, reason.data()));
    }
    // Not immediate mode: it would make libpcap use TPACKET_V2, one wake-up for every packet.
    pcap_set_snaplen(handle.get(), static_cast<int>(PacketFilter::kWholeBytes));
    pcap_set_promisc(handle.get(), settings.reach == Reach::Everything ? 1 : 0);
    pcap_set_buffer_size(handle.get(), static_cast<int>(settings.ring_bytes));
    pcap_set_timeout(handle.get(), static_cast<int>(settings.block_timeout.count()));
    if (pcap_activate(handle.get()) < 0) {
        return tl::unexpected(
            refusal(settings.interface,
                    fmt::format("{}. Is the name right, and does the program have CAP_NET_RAW?",
                                pcap_geterr(handle.get()))));
    }
    const auto card = find_card(settings.interface);
    const auto gateway = settings.reach == Reach::OwnFrames && card ? card->mac : std::nullopt;
    if (!set_filter(handle.get(), PacketFilter(settings.wanted, gateway))) {
        return tl::unexpected(refusal(settings.interface, pcap_geterr(handle.get())));
    }
    if (pcap_setnonblock(handle.get(), 1, reason.data()) != 0) {
        return tl::unexpected(refusal(settings.interface, reason.data()));
    }
    return std::make_unique<LiveSource>(settings.interface, std::move(handle));
}

}  // namespace sporvakt::capture
