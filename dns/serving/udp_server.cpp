#include "dns/serving/udp_server.h"

#include <algorithm>
#include <array>
#include <utility>

#include <sys/socket.h>

namespace sporvakt::dns {

/// One batch's buffers, allocated once.
struct UdpServer::Batch {
    std::array<std::array<std::uint8_t, kQueryLengthMax>, kBatch> queries{};
    std::array<std::array<std::uint8_t, kUdpSizeOurs>, kBatch> answers{};
    std::array<UdpPeer, kBatch> peers{};
    std::array<iovec, kBatch> query_parts{};
    std::array<iovec, kBatch> answer_parts{};
    std::array<mmsghdr, kBatch> received{};
    std::array<mmsghdr, kBatch> to_send{};

    void prepare(std::size_t at) {
        UdpPeer& peer = peers[at];
        query_parts[at] = {queries[at].data(), queries[at].size()};
        msghdr& header = received[at].msg_hdr;
        header = {};
        header.msg_name = &peer.address;
        header.msg_namelen = sizeof(peer.address);
        header.msg_iov = &query_parts[at];
        header.msg_iovlen = 1;
        header.msg_control = peer.control.data();
        header.msg_controllen = peer.control.size();
    }

    /// Puts the answer to query `from` at place `at` of those to send: same peer, same control.
    void queue(std::size_t at, std::size_t from, std::size_t length) {
        answer_parts[at] = {answers[from].data(), length};
        msghdr& header = to_send[at].msg_hdr;
        header = received[from].msg_hdr;
        header.msg_iov = &answer_parts[at];
        header.msg_flags = 0;
        if (header.msg_controllen == 0) {
            header.msg_control = nullptr;
        }
    }
};

UdpServer::UdpServer(EventLoop& loop, std::vector<FileDescriptor> sockets, Answering& answering,
                     Counters& counters)
    : sockets_(std::move(sockets)),
      answering_(answering),
      counters_(counters),
      batch_(std::make_unique<Batch>()) {
    for (std::size_t at = 0; at < sockets_.size(); ++at) {
        watches_.push_back(loop.when_readable(sockets_[at].get(), [this, at] { read(at); }));
    }
}

UdpServer::~UdpServer() = default;

void UdpServer::read(std::size_t socket) {
    for (int turn = 0; turn < kBatchesInARow; ++turn) {
        const std::size_t received = receive(socket);
        if (received == 0) {
            return;
        }
        answering_.refresh();
        send_all(socket, answer_all(socket, received));
        if (received < kBatch) {
            return;
        }
    }
}

std::size_t UdpServer::receive(std::size_t socket) {
    for (std::size_t at = 0; at < kBatch; ++at) {
        batch_->prepare(at);
    }
    const int count =
        recvmmsg(sockets_[socket].get(), batch_->received.data(), kBatch, MSG_DONTWAIT, nullptr);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

std::size_t UdpServer::answer_all(std::size_t socket, std::size_t received) {
    std::size_t answers = 0;
    for (std::size_t at = 0; at < received; ++at) {
        UdpPeer& peer = batch_->peers[at];
        const msghdr& header = batch_->received[at].msg_hdr;
        const auto address = address_of(peer.address);
        // Port 0 cannot be answered; the kernel would refuse, and an attacker would have made us
        // try.
        if (!address || port_of(peer.address) == 0) {
            counters_.add(Count::Received);
            counters_.add(Count::NoWayBack);
            continue;
        }
        peer.socket = socket;
        peer.address_length = header.msg_namelen;
        peer.control_length = header.msg_controllen;
        const Client client{Transport::Udp, *address, {}, peer, 0};
        const Bytes message = Bytes(batch_->queries[at]).first(batch_->received[at].msg_len);
        const Reply reply = answering_.answer(message, client, batch_->answers[at]);
        if (reply.kind == Reply::Kind::Now) {
            batch_->queue(answers++, at, reply.length);
        }
    }
    return answers;
}

void UdpServer::send_all(std::size_t socket, std::size_t answers) {
    std::size_t sent = 0;
    while (sent < answers) {
        const int count = sendmmsg(sockets_[socket].get(), &batch_->to_send[sent],
                                   static_cast<unsigned>(answers - sent), MSG_DONTWAIT);
        if (count <= 0) {
            counters_.add(Count::SendFailed);
            ++sent;  // that one is lost (its client will ask again); the others are not
            continue;
        }
        sent += static_cast<std::size_t>(count);
    }
}

void UdpServer::send(const UdpPeer& peer, Bytes answer) {
    UdpPeer to = peer;
    std::array<std::uint8_t, kUdpSizeOurs> bytes{};
    std::copy(answer.begin(), answer.end(), bytes.begin());
    iovec part{bytes.data(), answer.size()};
    msghdr header{};
    header.msg_name = &to.address;
    header.msg_namelen = to.address_length;
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = to.control_length > 0 ? to.control.data() : nullptr;
    header.msg_controllen = to.control_length;
    if (sendmsg(sockets_.at(peer.socket).get(), &header, MSG_DONTWAIT) < 0) {
        counters_.add(Count::SendFailed);
    }
}

}  // namespace sporvakt::dns
