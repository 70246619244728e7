#include "tests/support/dns/fake_name_server.h"

#include "core/base/assert.h"
#include "core/base/big_endian.h"
#include "dns/message/query.h"
#include "dns/message/wire.h"
#include "tests/support/dns/dns_builder.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <thread>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sporvakt::test {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::size_t kUdpReplyMax = 1232;

sockaddr* as_sockaddr(void* address) {
    return static_cast<sockaddr*>(address);
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool bind_loopback(const FileDescriptor& socket, std::uint16_t port) {
    sockaddr_in address = loopback(port);
    return bind(socket.get(), as_sockaddr(&address), sizeof(address)) == 0;
}

std::uint16_t port_of(const FileDescriptor& socket) {
    sockaddr_in address{};
    socklen_t length = sizeof(address);
    getsockname(socket.get(), as_sockaddr(&address), &length);
    return ntohs(address.sin_port);
}

Octets read_exactly(int socket, std::size_t count) {
    Octets bytes(count);
    const auto got = recv(socket, bytes.data(), count, MSG_WAITALL);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

Octets without_records(Octets reply) {
    const auto question_end = dns::end_of_name(reply, dns::kHeaderLength);
    reply.resize(question_end.value_or(dns::kHeaderLength) + 4);
    for (const std::size_t count_at : {6U, 8U, 10U}) {
        store16(reply, count_at, 0);
    }
    return reply;
}

// A byte a millisecond, each in a segment of its own.
void send_in_bits(int socket, const Octets& bytes) {
    const int no_delay = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof(no_delay));
    for (const std::uint8_t byte : bytes) {
        send(socket, &byte, 1, MSG_NOSIGNAL);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

}  // namespace

FakeNameServer::FakeNameServer() : wake_(eventfd(0, EFD_NONBLOCK)) {
    bool is_bound = false;
    for (int attempt = 0; attempt < 16 && !is_bound; ++attempt) {
        udp_ = FileDescriptor(socket(AF_INET, SOCK_DGRAM, 0));
        tcp_ = FileDescriptor(socket(AF_INET, SOCK_STREAM, 0));
        is_bound = bind_loopback(udp_, 0) && bind_loopback(tcp_, port_of(udp_)) &&
                   listen(tcp_.get(), 16) == 0;
    }
    SPORVAKT_ASSERT(is_bound);
    constexpr std::array<std::uint8_t, 4> kLoopback{127, 0, 0, 1};
    endpoint_ = Endpoint{*IpAddress::from_bytes(kLoopback), port_of(udp_)};
    thread_ = std::jthread([this] { serve(); });
}

FakeNameServer::~FakeNameServer() {
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
    }
    eventfd_write(wake_.get(), 1);
}

void FakeNameServer::tell(const std::string& name, std::uint16_t type, Octets reply) {
    const std::lock_guard lock(mutex_);
    replies_[{name, type}] = std::move(reply);
}

Manner FakeNameServer::manner() const {
    const std::lock_guard lock(mutex_);
    return manner_;
}

void FakeNameServer::behave(Manner manner) {
    const std::lock_guard lock(mutex_);
    manner_ = manner;
}

Octets FakeNameServer::distort(Octets reply) const {
    const Manner how = manner();
    switch (how) {
        case Manner::Truthful:
            return reply;
        case Manner::Silent:
            return {};
        case Manner::WrongId:
            reply.at(1) ^= 1U;
            return reply;
        case Manner::WrongQuestion: {
            auto other =
                DnsBuilder::reply("other.test", 1).a("other.test", {192, 0, 2, 66}).build();
            store16(other, 0, load16(reply, 0));
            return other;
        }
        case Manner::NoQuestion:
            return DnsBuilder(0x8180)
                .id(load16(reply, 0))
                .a("shop.example", {192, 0, 2, 66})
                .build();
        case Manner::Refused:
        case Manner::NoSuchName:
            reply = without_records(std::move(reply));
            store16(reply, 2, how == Manner::Refused ? 0x8185 : 0x8183);
            return reply;
        case Manner::Garbage:
            return {reply.at(0), reply.at(1), 0x81, 0x80, 0, 1, 0xff, 0xff, 0, 0, 0, 0, 0xc0, 0x0c};
        case Manner::BitsOverTcp:
            reply = without_records(std::move(reply));
            store16(reply, 2, static_cast<std::uint16_t>(load16(reply, 2) | 0x0200U));
            return reply;
    }
    return reply;
}

void FakeNameServer::hold() {
    const std::lock_guard lock(mutex_);
    is_holding_ = true;
}

void FakeNameServer::release() {
    {
        const std::lock_guard lock(mutex_);
        is_holding_ = false;
    }
    eventfd_write(wake_.get(), 1);
}

std::size_t FakeNameServer::asked(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = asked_.find(name);
    return found == asked_.end() ? 0 : found->second;
}

void FakeNameServer::serve() {
    for (;;) {
        std::array<pollfd, 3> waits{pollfd{udp_.get(), POLLIN, 0}, pollfd{tcp_.get(), POLLIN, 0},
                                    pollfd{wake_.get(), POLLIN, 0}};
        poll(waits.data(), waits.size(), -1);
        if (waits[0].revents != 0) {
            receive();
        }
        if (waits[1].revents != 0) {
            accept_and_answer();
        }
        if (waits[2].revents != 0) {
            eventfd_t unread = 0;
            eventfd_read(wake_.get(), &unread);
            send_held();
        }
        const std::lock_guard lock(mutex_);
        if (is_ending_) {
            return;
        }
    }
}

void FakeNameServer::receive() {
    Octets message(4096);
    Octets peer(sizeof(sockaddr_in));
    socklen_t length = sizeof(sockaddr_in);
    const auto got =
        recvfrom(udp_.get(), message.data(), message.size(), 0, as_sockaddr(peer.data()), &length);
    if (got <= 0) {
        return;
    }
    message.resize(static_cast<std::size_t>(got));
    Octets reply = reply_to(message);
    {
        const std::lock_guard lock(mutex_);
        if (is_holding_) {
            held_.push_back({std::move(reply), std::move(peer)});
            return;
        }
    }
    send_to(peer, std::move(reply));
}

void FakeNameServer::send_held() {
    std::vector<Held> held;
    {
        const std::lock_guard lock(mutex_);
        if (!is_holding_) {
            held.swap(held_);
        }
    }
    for (Held& one : held) {
        send_to(one.peer, std::move(one.message));
    }
}

void FakeNameServer::send_to(const Octets& peer, Octets reply) {
    if (reply.size() > kUdpReplyMax) {
        reply = without_records(std::move(reply));
        store16(reply, 2, static_cast<std::uint16_t>(load16(reply, 2) | 0x0200U));
    }
    reply = distort(std::move(reply));
    if (reply.empty()) {
        return;
    }
    Octets to = peer;
    sendto(udp_.get(), reply.data(), reply.size(), 0, as_sockaddr(to.data()), sizeof(sockaddr_in));
}

void FakeNameServer::accept_and_answer() {
    const FileDescriptor client(accept(tcp_.get(), nullptr, nullptr));
    const timeval patience{2, 0};
    setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    const Octets prefix = read_exactly(client.get(), 2);
    if (prefix.size() != 2) {
        return;
    }
    ++asked_over_tcp_;
    const Octets reply = reply_to(read_exactly(client.get(), load16(prefix, 0)));
    Octets framed(2);
    store16(framed, 0, static_cast<std::uint16_t>(reply.size()));
    framed.insert(framed.end(), reply.begin(), reply.end());
    if (manner() == Manner::BitsOverTcp) {
        send_in_bits(client.get(), framed);
    } else {
        send(client.get(), framed.data(), framed.size(), MSG_NOSIGNAL);
    }
}

Octets FakeNameServer::reply_to(const Octets& message) {
    const auto query = dns::Query::parse(message);
    if (!query) {
        return DnsBuilder(0x8181).build();
    }
    const std::string name(query->name());
    const auto type = static_cast<std::uint16_t>(query->type());
    const std::lock_guard lock(mutex_);
    ++asked_[name];
    const auto found = replies_.find({name, type});
    Octets reply = found != replies_.end()
                       ? found->second
                       : DnsBuilder::reply(name, type).rcode(3).soa("example", 60).build();
    store16(reply, 0, query->id());
    const Bytes question = query->question();
    std::copy(question.begin(), question.end(), reply.begin() + dns::kHeaderLength);
    return reply;
}

}  // namespace sporvakt::test
