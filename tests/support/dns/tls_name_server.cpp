#include "tests/support/dns/tls_name_server.h"

#include "core/base/big_endian.h"
#include "dns/message/wire.h"
#include "tests/support/dns/dns_client.h"

#include <array>
#include <csignal>
#include <memory>
#include <vector>

#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

namespace sporvakt::test {
namespace {

constexpr int kPollMilliseconds = 50;

void set_patience(int socket) {
    const timeval patience{2, 0};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

bool read_exactly(SSL* session, std::uint8_t* to, std::size_t count) {
    std::size_t got = 0;
    while (got < count) {
        const int read = SSL_read(session, to + got, static_cast<int>(count - got));
        if (read <= 0) {
            return false;
        }
        got += static_cast<std::size_t>(read);
    }
    return true;
}

bool wait_readable(SSL* session, int connection, const std::stop_token& stop) {
    while (SSL_pending(session) == 0 && !stop.stop_requested()) {
        pollfd wait{connection, POLLIN, 0};
        if (poll(&wait, 1, kPollMilliseconds) > 0) {
            return true;
        }
    }
    return !stop.stop_requested();
}

}  // namespace

TlsNameServer::TlsNameServer(const TlsCertificate& certificate, const Endpoint& behind,
                             std::size_t answers_a_connection)
    : context_(certificate.server_context()),
      behind_(behind),
      answers_a_connection_(answers_a_connection),
      endpoint_{*IpAddress::from_text("127.0.0.1"), listener_.port} {
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

TlsNameServer::~TlsNameServer() {
    thread_ = {};
    conversations_.clear();
}

void TlsNameServer::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd wait{listener_.socket.get(), POLLIN, 0};
        if (poll(&wait, 1, kPollMilliseconds) <= 0) {
            continue;
        }
        auto connection =
            std::make_shared<FileDescriptor>(accept(listener_.socket.get(), nullptr, nullptr));
        ++connections_;
        set_patience(connection->get());
        conversations_.emplace_back(
            [this, connection](const std::stop_token& ended) { converse(*connection, ended); });
    }
}

void TlsNameServer::converse(const FileDescriptor& connection, const std::stop_token& stop) {
    // OpenSSL writes to a connection that the other side may have closed.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    SSL* session = SSL_new(context_.get());
    SSL_set_fd(session, connection.get());
    bool goes_on = SSL_accept(session) == 1;
    for (std::size_t answers = 0; goes_on && wait_readable(session, connection.get(), stop);
         ++answers) {
        if (answers_a_connection_ > 0 && answers == answers_a_connection_) {
            break;
        }
        std::array<std::uint8_t, 2> prefix{};
        goes_on = read_exactly(session, prefix.data(), prefix.size());
        std::vector<std::uint8_t> question(load16(prefix, 0));
        goes_on = goes_on && read_exactly(session, question.data(), question.size());
        if (goes_on) {
            ++questions_;
            const auto answer = DnsClient::framed(DnsClient::udp(behind_).ask(question));
            SSL_write(session, answer.data(), static_cast<int>(answer.size()));
        }
    }
    SSL_free(session);
    shutdown(connection.get(), SHUT_RDWR);
}

}  // namespace sporvakt::test
