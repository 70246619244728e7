#include "tests/support/http_client.h"

#include <array>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace sporvakt::test {
namespace {

constexpr int kPatienceSeconds = 20;

bool connect_to(int socket, const Endpoint& server) {
    const Bytes address = server.address.bytes();
    if (server.address.family() == IpFamily::V4) {
        sockaddr_in target{};
        target.sin_family = AF_INET;
        target.sin_port = htons(server.port);
        std::memcpy(&target.sin_addr, address.data(), address.size());
        return ::connect(socket, reinterpret_cast<const sockaddr*>(&target), sizeof target) == 0;
    }
    sockaddr_in6 target{};
    target.sin6_family = AF_INET6;
    target.sin6_port = htons(server.port);
    std::memcpy(&target.sin6_addr, address.data(), address.size());
    return ::connect(socket, reinterpret_cast<const sockaddr*>(&target), sizeof target) == 0;
}

}  // namespace

HttpClient::HttpClient(const Endpoint& server)
    : socket_(::socket(server.address.family() == IpFamily::V4 ? AF_INET : AF_INET6,
                       SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{kPatienceSeconds, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!connect_to(socket_.get(), server)) {
        std::abort();  // no test can say anything without it
    }
}

void HttpClient::send(const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto count =
            ::send(socket_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) {
            return;  // the server closed: what it said before is still to be read
        }
        sent += static_cast<std::size_t>(count);
    }
}

std::string HttpClient::read_to_end() {
    while (receive_more()) {
    }
    return take(received_.size());
}

std::string HttpClient::read_until(const std::string& end) {
    while (received_.find(end) == std::string::npos && receive_more()) {
    }
    const std::size_t at = received_.find(end);
    return take(at == std::string::npos ? received_.size() : at + end.size());
}

std::string HttpClient::read_text_frame() {
    constexpr std::size_t kShortLengthMax = 125;
    const auto byte = [this](std::size_t at) { return static_cast<unsigned char>(received_[at]); };
    for (;;) {
        while (received_.size() < 4 && receive_more()) {
        }
        if (received_.size() < 2) {
            return {};
        }
        std::size_t head = 2;
        std::size_t length = byte(1);
        if (length > kShortLengthMax) {
            // The server's messages are far below 64 KiB in tests.
            head = 4;
            length = static_cast<std::size_t>(byte(2)) << 8U | byte(3);
        }
        while (received_.size() < head + length && receive_more()) {
        }
        const bool is_text = byte(0) == 0x81;
        take(head);
        auto payload = take(length);
        if (is_text) {
            return payload;
        }
    }
}

bool HttpClient::receive_more() {
    std::array<char, 16384> buffer{};
    const auto count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) {
        return false;
    }
    received_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
}

std::string HttpClient::take(std::size_t count) {
    std::string taken = received_.substr(0, count);
    received_.erase(0, count);
    return taken;
}

}  // namespace sporvakt::test
