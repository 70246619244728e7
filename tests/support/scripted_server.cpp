#include "tests/support/scripted_server.h"

#include <array>

#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace sporvakt::test {
namespace {

constexpr timeval kSendPatience{2, 0};

std::string read_request(int socket) {
    std::string request;
    std::array<char, 4096> bytes{};
    while (request.find("\r\n\r\n") == std::string::npos) {
        pollfd watched{socket, POLLIN, 0};
        const ssize_t count =
            ::poll(&watched, 1, 2'000) == 1 ? ::recv(socket, bytes.data(), bytes.size(), 0) : 0;
        if (count <= 0) {
            break;
        }
        request.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return request;
}

}  // namespace

bool ScriptedServer::Visitor::send(const std::string& bytes) const {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const ssize_t count =
            ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

bool ScriptedServer::Visitor::wait(std::chrono::milliseconds time) const {
    pollfd watched{socket_, POLLIN | POLLRDHUP, 0};
    return ::poll(&watched, 1, static_cast<int>(time.count())) == 0;
}

ScriptedServer::ScriptedServer(Answer answer, Begin begin) : answer_(std::move(answer)) {
    if (begin == Begin::Now) {
        start();
    }
}

void ScriptedServer::start() {
    thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
    ::shutdown(listening_.socket.get(), SHUT_RDWR);  // accept() fails from now on
    if (thread_.joinable()) {
        thread_.join();
    }
}

std::string ScriptedServer::url(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", listening_.port, path);
}

std::vector<std::string> ScriptedServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void ScriptedServer::serve() {
    while (true) {
        const FileDescriptor socket(
            ::accept4(listening_.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!socket.is_open()) {
            return;
        }
        ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &kSendPatience, sizeof(kSendPatience));
        const Visitor visitor(socket.get(), read_request(socket.get()));
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(visitor.request());
        }
        answer_(visitor);
    }
}

std::string http_answer(const std::string& status, const std::string& header_lines,
                        const std::string& body) {
    return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n{}", status,
                       header_lines, body.size(), body);
}

}  // namespace sporvakt::test
