#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/ip_address.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

namespace sporvakt::test {

/// A device that asks 127.0.0.1 for names: one socket, connected.  Waits five seconds at most;
/// what did not come is empty.
class DnsClient {
public:
    DnsClient(int type, const Endpoint& server) : socket_(socket(AF_INET, type, 0)) {
        const timeval patience{5, 0};
        setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(server.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        is_connected_ = connect(socket_.get(), static_cast<sockaddr*>(static_cast<void*>(&address)),
                                sizeof(address)) == 0;
    }
    static DnsClient udp(const Endpoint& server) { return {SOCK_DGRAM, server}; }
    static DnsClient tcp(const Endpoint& server) { return {SOCK_STREAM, server}; }

    [[nodiscard]] bool is_connected() const { return is_connected_; }

    void send(const std::vector<std::uint8_t>& bytes) {
        [[maybe_unused]] const auto sent =
            ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
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
    FileDescriptor socket_;
    bool is_connected_ = false;
};

}  // namespace sporvakt::test
