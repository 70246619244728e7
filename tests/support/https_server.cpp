#include "tests/support/https_server.h"

#include <array>
#include <csignal>
#include <memory>
#include <utility>

#include <fmt/core.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace sporvakt::test {

HttpsServer::HttpsServer(const TlsCertificate& certificate, std::string answer)
    : context_(certificate.server_context()),
      answer_(std::move(answer)),
      thread_([this] { serve(); }) {}

HttpsServer::~HttpsServer() {
    ::shutdown(listener_.socket.get(), SHUT_RDWR);  // accept() fails from now on
    thread_.join();
}

std::string HttpsServer::url(const std::string& path) const {
    return fmt::format("https://127.0.0.1:{}{}", listener_.port, path);
}

void HttpsServer::serve() {
    // OpenSSL writes to a connection that the other side may have closed.
    sigset_t broken_pipe{};
    ::sigemptyset(&broken_pipe);
    ::sigaddset(&broken_pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    while (true) {
        const FileDescriptor connection(
            ::accept4(listener_.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!connection.is_open()) {
            return;
        }
        converse(connection.get());
    }
}

void HttpsServer::converse(int connection) {
    constexpr timeval kPatience{2, 0};
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
    const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context_.get()), SSL_free);
    SSL_set_fd(session.get(), connection);
    if (SSL_accept(session.get()) != 1) {
        return;
    }
    std::string request;
    std::array<char, 4096> bytes{};
    while (request.find("\r\n\r\n") == std::string::npos) {
        const int count = SSL_read(session.get(), bytes.data(), static_cast<int>(bytes.size()));
        if (count <= 0) {
            return;
        }
        request.append(bytes.data(), static_cast<std::size_t>(count));
    }
    ++requests_;
    SSL_write(session.get(), answer_.data(), static_cast<int>(answer_.size()));
    SSL_shutdown(session.get());
}

}  // namespace sporvakt::test
