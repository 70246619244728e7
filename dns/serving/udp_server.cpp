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

/// Answers that had to wait: each reply from the Internet brings one, and many come in one turn.
/// A system call for each, and a waking of the client, were a seventh of what a miss cost.
struct UdpServer::LateBatch {
    std::array<std::array<std::uint8_t, kUdpSizeOurs>, kBatch> answers{};
    std::array<UdpPeer, kBatch> peers{};
    std::array<iovec, kBatch> parts{};
    std::array<mmsghdr, kBatch> to_send{};
    std::size_t count = 0;
    std::size_t socket = 0;  ///< The one of all of them.

    void add(const UdpPeer& peer, Bytes answer) {
        UdpPeer& to = peers[count] = peer;
        std::copy(answer.begin(), answer.end(), answers[count].begin());
        parts[count] = {answers[count].data(), answer.size()};
        msghdr& header = to_send[count].msg_hdr;
        header = {};
        header.msg_name = &to.address;
        header.msg_namelen = to.address_length;
        header.msg_iov = &parts[count];
        header.msg_iovlen = 1;
        header.msg_control = to.control_length > 0 ? to.control.data() : nullptr;
        header.msg_controllen = to.control_length;
        socket = peer.socket;
        ++count;
    }
};

UdpServer::UdpServer(EventLoop& loop, std::vector<FileDescriptor> sockets, Answering& answering,
                     Counters& counters)
    : sockets_(std::move(sockets)),
      answering_(answering),
      counters_(counters),
      batch_(std::make_unique<Batch>()),
      late_(std::make_unique<LateBatch>()) {
    loop.after_each_turn([this] { send_late(); });
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
        const std::size_t answers = answer_all(socket, received);
        send_all(socket, std::span(batch_->to_send).first(answers));
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

void UdpServer::send_all(std::size_t socket, std::span<mmsghdr> answers) {
    while (!answers.empty()) {
        const int count = sendmmsg(sockets_[socket].get(), answers.data(),
                                   static_cast<unsigned>(answers.size()), MSG_DONTWAIT);
        if (count <= 0) {
            counters_.add(Count::SendFailed);
        }
        // One that fails is lost (its client will ask again); the others are not.
        answers = answers.subspan(static_cast<std::size_t>(std::max(count, 1)));
    }
}

void UdpServer::send(const UdpPeer& peer, Bytes answer) {
    if (late_->count == kBatch || late_->socket != peer.socket) {
        send_late();
    }
    late_->add(peer, answer);
}

void UdpServer::send_late() {
    send_all(late_->socket, std::span(late_->to_send).first(late_->count));
    late_->count = 0;
}

}  // namespace sporvakt::dns
