#include "capture/gate/packet_queue.h"

#include "core/base/file_descriptor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <poll.h>
#include <sys/socket.h>

namespace sporvakt::capture {
namespace {

// A whole IP datagram (the kernel gives segments of one write together) and what stands before it.
constexpr std::uint32_t kPacketBytesMax = 0xffff;
constexpr std::size_t kMessageBytesMax = kPacketBytesMax + 4096;
constexpr std::size_t kOrderBytesMax = 512;
// Room for a burst until we are scheduled: packets that find none count as if we were not there.
constexpr int kReceiveBuffer = 8 * 1024 * 1024;

struct SocketCloser {
    void operator()(mnl_socket* socket) const { ::mnl_socket_close(socket); }
};
using SocketHandle = std::unique_ptr<mnl_socket, SocketCloser>;

/// Storage for one message to the kernel, aligned as netlink wants it.
struct Order {
    alignas(nlmsghdr) std::array<char, kOrderBytesMax> bytes{};
};

std::string reason_of(int error, std::uint16_t number) {
    if (error == EPERM || error == EBUSY) {
        return fmt::format(
            "cannot read the kernel's packet queue {}: that takes the right "
            "CAP_NET_ADMIN (AmbientCapabilities= in the unit, or root), and no "
            "other program may have the queue; or set [gate] mode = \"off\"",
            number);
    }
    return fmt::format(
        "cannot read the kernel's packet queue {}: {}; load the module "
        "nfnetlink_queue (modprobe nfnetlink_queue), or set [gate] mode = \"off\"",
        number, ::strerrordesc_np(error));
}

std::uint32_t verdict_of(Ruling ruling) {
    return ruling == Ruling::Drop ? NF_DROP : NF_ACCEPT;
}

std::uint32_t mark_after(std::uint32_t mark, Ruling ruling) {
    switch (ruling) {
        case Ruling::PassFlow:
            return mark | kGatePassMark;
        case Ruling::CutFlow:
            return mark | kGateCutMark;
        case Ruling::Pass:
        case Ruling::Drop:
            break;
    }
    return mark;
}

std::optional<MacAddress> mac_of(const nlattr* attribute) {
    if (attribute == nullptr) {
        return std::nullopt;
    }
    nfqnl_msg_packet_hw hardware{};
    std::memcpy(&hardware, ::mnl_attr_get_payload(attribute),
                std::min<std::size_t>(::mnl_attr_get_payload_len(attribute), sizeof hardware));
    if (ntohs(hardware.hw_addrlen) != MacAddress::kLength) {
        return std::nullopt;
    }
    std::array<std::uint8_t, MacAddress::kLength> bytes{};
    std::copy_n(std::begin(hardware.hw_addr), bytes.size(), bytes.begin());
    return MacAddress(bytes);
}

/// Nothing for a message that is no packet.
std::optional<QueuedPacket> packet_of(const nlmsghdr* message) {
    std::array<nlattr*, NFQA_MAX + 1> attributes{};
    if (::nfq_nlmsg_parse(message, attributes.data()) < 0 ||
        attributes[NFQA_PACKET_HDR] == nullptr || attributes[NFQA_PAYLOAD] == nullptr) {
        return std::nullopt;
    }
    nfqnl_msg_packet_hdr header{};
    std::memcpy(&header, ::mnl_attr_get_payload(attributes[NFQA_PACKET_HDR]), sizeof header);
    QueuedPacket packet;
    packet.ticket.id = ntohl(header.packet_id);
    if (attributes[NFQA_MARK] != nullptr) {
        packet.ticket.mark = ntohl(::mnl_attr_get_u32(attributes[NFQA_MARK]));
    }
    packet.source_mac = mac_of(attributes[NFQA_HWADDR]);
    packet.bytes = {
        static_cast<const std::uint8_t*>(::mnl_attr_get_payload(attributes[NFQA_PAYLOAD])),
        ::mnl_attr_get_payload_len(attributes[NFQA_PAYLOAD])};
    return packet;
}

}  // namespace

class PacketQueue::Socket {
public:
    explicit Socket(SocketHandle handle) : handle_(std::move(handle)), message_(kMessageBytesMax) {}

    [[nodiscard]] int descriptor() const { return ::mnl_socket_get_fd(handle_.get()); }

    bool send(const nlmsghdr* order) {
        return ::mnl_socket_sendto(handle_.get(), order, order->nlmsg_len) >= 0;
    }

    /// The kernel's errno for the order; 0 when it did it.
    int obey(nlmsghdr* order) {
        order->nlmsg_flags |= NLM_F_ACK;
        order->nlmsg_seq = ++sequence_;
        if (!send(order)) {
            return errno;
        }
        const ssize_t length = ::recv(descriptor(), message_.data(), message_.size(), 0);
        if (length < 0) {
            return errno;
        }
        const int answer =
            ::mnl_cb_run(message_.data(), static_cast<std::size_t>(length), sequence_,
                         ::mnl_socket_get_portid(handle_.get()), nullptr, nullptr);
        return answer < 0 ? errno : 0;
    }

    /// 0: there is none now.  Negative: errno says why.
    ssize_t receive() {
        return ::recv(descriptor(), message_.data(), message_.size(), MSG_DONTWAIT);
    }

    void each_packet(ssize_t length, const std::function<void(const QueuedPacket&)>& take) const {
        int left = static_cast<int>(length);
        const auto* message =
            static_cast<const nlmsghdr*>(static_cast<const void*>(message_.data()));
        for (; ::mnl_nlmsg_ok(message, left); message = ::mnl_nlmsg_next(message, &left)) {
            if (message->nlmsg_type == ((NFNL_SUBSYS_QUEUE << 8U) | NFQNL_MSG_PACKET)) {
                if (const auto packet = packet_of(message)) {
                    take(*packet);
                }
            }
        }
    }

private:
    SocketHandle handle_;
    std::vector<char> message_;
    unsigned sequence_ = 0;
};

PacketQueue::PacketQueue(std::uint16_t number, std::unique_ptr<Socket> socket)
    : number_(number), socket_(std::move(socket)) {}

PacketQueue::~PacketQueue() = default;

Result<std::unique_ptr<PacketQueue>> PacketQueue::open(std::uint16_t number, OnFailure on_failure) {
    SocketHandle handle(::mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC));
    if (!handle || ::mnl_socket_bind(handle.get(), 0, MNL_SOCKET_AUTOPID) < 0) {
        return fail(Errc::Unavailable, reason_of(errno, number));
    }
    auto socket = std::make_unique<Socket>(std::move(handle));
    Order bind;
    nlmsghdr* message = ::nfq_nlmsg_put(bind.bytes.data(), NFQNL_MSG_CONFIG, number);
    ::nfq_nlmsg_cfg_put_cmd(message, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
    int error = socket->obey(message);
    if (error == 0) {
        Order parameters;
        message = ::nfq_nlmsg_put(parameters.bytes.data(), NFQNL_MSG_CONFIG, number);
        ::nfq_nlmsg_cfg_put_params(message, NFQNL_COPY_PACKET, kPacketBytesMax);
        ::nfq_nlmsg_cfg_put_qmaxlen(message, kWaitingMax);
        const std::uint32_t flags =
            NFQA_CFG_F_GSO | (on_failure == OnFailure::Open ? NFQA_CFG_F_FAIL_OPEN : 0U);
        ::mnl_attr_put_u32(message, NFQA_CFG_FLAGS, htonl(flags));
        ::mnl_attr_put_u32(message, NFQA_CFG_MASK, htonl(NFQA_CFG_F_GSO | NFQA_CFG_F_FAIL_OPEN));
        error = socket->obey(message);
    }
    if (error != 0) {
        return fail(Errc::Unavailable, reason_of(error, number));
    }
    const int on = 1;
    // Best effort: without these a burst loses some packets earlier.
    ::setsockopt(socket->descriptor(), SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof on);
    ::setsockopt(socket->descriptor(), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer,
                 sizeof kReceiveBuffer);
    return std::unique_ptr<PacketQueue>(new PacketQueue(number, std::move(socket)));
}

Result<void> PacketQueue::receive(std::chrono::milliseconds patience,
                                  const std::function<void(const QueuedPacket&)>& take) {
    std::array<pollfd, 1> watched{{{socket_->descriptor(), POLLIN, 0}}};
    (void)::poll(watched.data(), watched.size(), static_cast<int>(patience.count()));
    for (std::size_t count = 0; count < kBatchMax; ++count) {
        const ssize_t length = socket_->receive();
        if (length > 0) {
            socket_->each_packet(length, take);
        } else if (errno == EAGAIN) {
            break;
        } else if (errno != EINTR && errno != ENOBUFS) {
            return system_failure("the kernel's packet queue failed");
        }
    }
    return {};
}

std::uint64_t PacketQueue::dropped() const {
    std::ifstream table("/proc/self/net/netfilter/nfnetlink_queue");
    const std::string text((std::istreambuf_iterator<char>(table)), {});
    return dropped_by_queue(text, number_);
}

// A line a queue: number, port, waiting, copy mode and range, dropped for want of room in the queue
// and in our socket, and more (net/netfilter/nfnetlink_queue.c, seq_show).
std::uint64_t dropped_by_queue(std::string_view table, std::uint16_t number) {
    std::istringstream lines{std::string(table)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields(line);
        std::array<std::uint64_t, 7> values{};
        for (std::uint64_t& value : values) {
            fields >> value;
        }
        if (fields && values[0] == number) {
            return values[5] + values[6];
        }
    }
    return 0;
}

void PacketQueue::rule(const PacketTicket& packet, Ruling ruling) {
    Order order;
    nlmsghdr* message = ::nfq_nlmsg_put(order.bytes.data(), NFQNL_MSG_VERDICT, number_);
    ::nfq_nlmsg_verdict_put(message, static_cast<int>(packet.id),
                            static_cast<int>(verdict_of(ruling)));
    const std::uint32_t mark = mark_after(packet.mark, ruling);
    if (mark != packet.mark) {
        ::nfq_nlmsg_verdict_put_mark(message, mark);
    }
    failures_ += socket_->send(message) ? 0U : 1U;
}

}  // namespace sporvakt::capture
