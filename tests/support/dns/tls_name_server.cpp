#include "tests/support/dns/tls_name_server.h"

#include "core/base/assert.h"
#include "core/base/big_endian.h"
#include "dns/message/wire.h"
#include "dns/serving/sockets.h"
#include "tests/support/dns/dns_client.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <vector>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
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

struct TlsCertificate::Parts {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
};

TlsCertificate::TlsCertificate(const std::string& name) : parts_(std::make_unique<Parts>()) {
    X509* made = parts_->certificate;
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, parts_->key);
    X509_NAME* subject = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_ASC,
        static_cast<const unsigned char*>(static_cast<const void*>(name.c_str())), -1, -1, 0);
    X509_set_issuer_name(made, subject);
    X509_EXTENSION* names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str());
    X509_add_ext(made, names, -1);
    X509_EXTENSION_free(names);
    SPORVAKT_ASSERT(X509_sign(made, parts_->key, EVP_sha256()) > 0);
}

TlsCertificate::~TlsCertificate() {
    X509_free(parts_->certificate);
    EVP_PKEY_free(parts_->key);
}

void TlsCertificate::write_pem(const std::string& path) const {
    std::FILE* file = std::fopen(path.c_str(), "we");
    PEM_write_X509(file, parts_->certificate);
    std::fclose(file);
}

struct TlsNameServer::Context {
    Context() : tls(SSL_CTX_new(TLS_server_method())) {}
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    Context(Context&&) = delete;
    Context& operator=(Context&&) = delete;
    ~Context() { SSL_CTX_free(tls); }

    SSL_CTX* tls;
};

TlsNameServer::TlsNameServer(const TlsCertificate& certificate, const Endpoint& behind,
                             std::size_t answers_a_connection)
    : context_(std::make_unique<Context>()),
      behind_(behind),
      answers_a_connection_(answers_a_connection),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    SSL_CTX_use_certificate(context_->tls, certificate.parts_->certificate);
    SSL_CTX_use_PrivateKey(context_->tls, certificate.parts_->key);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
    const bool listens = bind(listener_.get(), generic, length) == 0 &&
                         listen(listener_.get(), 16) == 0 &&
                         getsockname(listener_.get(), generic, &length) == 0;
    SPORVAKT_ASSERT(listens);
    endpoint_ = {*IpAddress::from_text("127.0.0.1"), ntohs(address.sin_port)};
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

TlsNameServer::~TlsNameServer() {
    thread_ = {};
    conversations_.clear();
}

void TlsNameServer::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd wait{listener_.get(), POLLIN, 0};
        if (poll(&wait, 1, kPollMilliseconds) <= 0) {
            continue;
        }
        auto connection =
            std::make_shared<FileDescriptor>(accept(listener_.get(), nullptr, nullptr));
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
    SSL* session = SSL_new(context_->tls);
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
