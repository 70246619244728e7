#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/ip_address.h"
#include "dns/serving/sockets.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace sporvakt::test {

/// A device that asks for names: one socket, connected, so that only answers from the very address
/// that was asked arrive.  Waits five seconds at most; what did not come is empty.
class DnsClient {
public:
    /// `from` is one of this machine's addresses: 127.0.0.0/8 has many devices in it.
    DnsClient(int type, const Endpoint& server, const IpAddress& from)
        : socket_(socket(family_of(server.address), type, 0)) {
        const timeval patience{5, 0};
        setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        if (!from.is_unspecified()) {
            const Name own({from, 0});
            is_connected_ = bind(socket_.get(), own.address(), own.length) == 0;
        }
        const Name name(server);
        is_connected_ = is_connected_ && connect(socket_.get(), name.address(), name.length) == 0;
    }
    static DnsClient udp(const Endpoint& server, const IpAddress& from = IpAddress()) {
        return {SOCK_DGRAM, server, from};
    }
    static DnsClient tcp(const Endpoint& server, const IpAddress& from = IpAddress()) {
        return {SOCK_STREAM, server, from};
    }

    [[nodiscard]] int descriptor() const { return socket_.get(); }
    /// That the server sees.
    [[nodiscard]] std::uint16_t port() const {
        const auto own = dns::local_endpoint(socket_);
        return own ? own->port : std::uint16_t{0};
    }
    [[nodiscard]] bool is_connected() const { return is_connected_; }

    void send(const std::vector<std::uint8_t>& bytes) {
        [[maybe_unused]] const auto sent =
            ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    /// As much as goes without waiting for the server to read.
    void send_some(const std::vector<std::uint8_t>& bytes) {
        [[maybe_unused]] const auto sent =
            ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    std::vector<std::uint8_t> receive() {
        std::vector<std::uint8_t> bytes(65535);
        const auto got = recv(socket_.get(), bytes.data(), bytes.size(), 0);
        bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return bytes;
    }
    std::vector<std::uint8_t> ask(const std::vector<std::uint8_t>& query) {
        send(query);
        return receive();
    }

    /// What is there within the patience; empty when nothing came.
    std::vector<std::uint8_t> receive_within(std::chrono::milliseconds patience) {
        pollfd one{socket_.get(), POLLIN, 0};
        return poll(&one, 1, static_cast<int>(patience.count())) > 0 ? receive()
                                                                     : std::vector<std::uint8_t>{};
    }

    /// With TCP's length in front (RFC 1035 §4.2.2).
    static std::vector<std::uint8_t> framed(const std::vector<std::uint8_t>& message) {
        std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(message.size() >> 8U),
                                        static_cast<std::uint8_t>(message.size())};
        bytes.insert(bytes.end(), message.begin(), message.end());
        return bytes;
    }
    std::vector<std::uint8_t> receive_framed() {
        std::array<std::uint8_t, 2> prefix{};
        if (recv(socket_.get(), prefix.data(), prefix.size(), MSG_WAITALL) != 2) {
            return {};
        }
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(prefix[0] << 8U | prefix[1]));
        const auto got = recv(socket_.get(), bytes.data(), bytes.size(), MSG_WAITALL);
        bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return bytes;
    }

    /// The other side has closed the connection.
    bool is_closed_by_server() {
        std::uint8_t byte = 0;
        return recv(socket_.get(), &byte, 1, 0) == 0;
    }
    void end_sending() { shutdown(socket_.get(), SHUT_WR); }

private:
    struct Name {
        explicit Name(const Endpoint& endpoint) {
            const Bytes bytes = endpoint.address.bytes();
            if (endpoint.address.family() == IpFamily::V4) {
                auto* v4 = static_cast<sockaddr_in*>(static_cast<void*>(&storage));
                v4->sin_family = AF_INET;
                v4->sin_port = htons(endpoint.port);
                std::memcpy(&v4->sin_addr, bytes.data(), bytes.size());
                length = sizeof(*v4);
            } else {
                auto* v6 = static_cast<sockaddr_in6*>(static_cast<void*>(&storage));
                v6->sin6_family = AF_INET6;
                v6->sin6_port = htons(endpoint.port);
                std::memcpy(&v6->sin6_addr, bytes.data(), bytes.size());
                length = sizeof(*v6);
            }
        }
        [[nodiscard]] const sockaddr* address() const {
            return static_cast<const sockaddr*>(static_cast<const void*>(&storage));
        }
        sockaddr_storage storage{};
        socklen_t length = 0;
    };
    static int family_of(const IpAddress& address) {
        return address.family() == IpFamily::V4 ? AF_INET : AF_INET6;
    }

    FileDescriptor socket_;
    bool is_connected_ = true;
};

}  // namespace sporvakt::test
