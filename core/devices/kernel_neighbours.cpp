#include "core/devices/kernel_neighbours.h"

#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace sporvakt::devices {
namespace {

constexpr std::size_t kDatagramBytesMax = std::size_t{64} * 1024;
constexpr std::chrono::seconds kAnswerTimeout{1};

/// The kernel answers in its own byte order, and aligns to four bytes.
template <class T>
Parsed<T> take_struct(ByteReader& reader) {
    const Bytes bytes = SPORVAKT_TRY(reader.take(sizeof(T)));
    T value{};
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
}

/// The bytes behind a header that counts itself in its length, and the padding after them.
Parsed<Bytes> take_body(ByteReader& reader, std::size_t length, std::size_t header_length) {
    if (length < header_length) {
        return tl::unexpected(ParseError::Malformed);
    }
    const Bytes body = SPORVAKT_TRY(reader.take(length - header_length));
    const std::size_t padding = NLMSG_ALIGN(length) - length;
    SPORVAKT_TRY(reader.take(std::min(padding, reader.remaining())));
    return body;
}

/// Nothing for an entry that names no device: not reached, or not on Ethernet.
Parsed<std::optional<Neighbour>> parse_neighbour(Bytes message) {
    constexpr std::uint16_t kUnusable = NUD_INCOMPLETE | NUD_FAILED | NUD_NOARP;
    ByteReader reader(message);
    const auto entry = SPORVAKT_TRY(take_struct<ndmsg>(reader));
    std::optional<IpAddress> address;
    std::optional<MacAddress> mac;
    while (!reader.at_end()) {
        const auto header = SPORVAKT_TRY(take_struct<rtattr>(reader));
        const Bytes body = SPORVAKT_TRY(take_body(reader, header.rta_len, sizeof(rtattr)));
        if (header.rta_type == NDA_DST) {
            address = SPORVAKT_TRY(IpAddress::from_bytes(body));
        } else if (header.rta_type == NDA_LLADDR && body.size() == MacAddress::kLength) {
            mac = SPORVAKT_TRY(MacAddress::from_bytes(body));
        }
    }
    if ((entry.ndm_state & kUnusable) != 0 || !address || !mac) {
        return std::nullopt;
    }
    return Neighbour{*address, *mac};
}

}  // namespace

Parsed<NeighbourDump> parse_neighbour_dump(Bytes datagram, std::uint32_t sequence) {
    NeighbourDump dump;
    ByteReader reader(datagram);
    while (!reader.at_end() && !dump.is_last) {
        const auto header = SPORVAKT_TRY(take_struct<nlmsghdr>(reader));
        const Bytes body = SPORVAKT_TRY(take_body(reader, header.nlmsg_len, sizeof(nlmsghdr)));
        if (header.nlmsg_seq != sequence) {
            continue;  // the rest of an answer that we gave up on
        }
        dump.is_last = header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR;
        if (header.nlmsg_type == RTM_NEWNEIGH) {
            if (const auto neighbour = SPORVAKT_TRY(parse_neighbour(body))) {
                dump.neighbours.push_back(*neighbour);
            }
        }
    }
    return dump;
}

Result<std::unique_ptr<KernelNeighbours>> KernelNeighbours::open() {
    FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    const timeval timeout{kAnswerTimeout.count(), 0};
    if (!socket.is_open() ||
        setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) != 0) {
        return system_failure("devices: cannot ask the kernel for its neighbours (netlink)");
    }
    return std::unique_ptr<KernelNeighbours>(new KernelNeighbours(std::move(socket)));
}

Result<std::vector<Neighbour>> KernelNeighbours::read() {
    const std::lock_guard lock(turn_);
    const std::uint32_t sequence = ++sequence_;
    SPORVAKT_TRY(ask(sequence));
    std::vector<Neighbour> neighbours;
    std::vector<std::uint8_t> buffer(kDatagramBytesMax);
    while (true) {
        const ssize_t length = recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (length <= 0) {
            return system_failure("devices: the kernel does not name its neighbours");
        }
        const auto dump =
            parse_neighbour_dump(Bytes(buffer).first(static_cast<std::size_t>(length)), sequence);
        if (!dump) {
            return fail(Errc::Unavailable, "devices: the kernel's neighbours are not readable");
        }
        for (const Neighbour& neighbour : dump->neighbours) {
            if (neighbours.size() < NeighbourTable::kNeighbourCountMax) {
                neighbours.push_back(neighbour);
            }
        }
        if (dump->is_last) {
            return neighbours;
        }
    }
}

Result<void> KernelNeighbours::ask(std::uint32_t sequence) {
    struct {
        nlmsghdr header;
        ndmsg body;
    } request{};
    request.header.nlmsg_len = sizeof(request);
    request.header.nlmsg_type = RTM_GETNEIGH;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.header.nlmsg_seq = sequence;
    request.body.ndm_family = AF_UNSPEC;  // both families
    if (send(socket_.get(), &request, sizeof(request), 0) != ssize_t{sizeof(request)}) {
        return system_failure("devices: cannot ask the kernel for its neighbours");
    }
    return {};
}

}  // namespace sporvakt::devices
