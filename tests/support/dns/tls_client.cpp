#include "tests/support/dns/tls_client.h"

#include <array>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace sporvakt::test {

void TlsClient::Free::operator()(ssl_ctx_st* context) const {
    SSL_CTX_free(context);
}

void TlsClient::Free::operator()(ssl_st* session) const {
    SSL_free(session);
}

TlsClient::TlsClient(const Endpoint& server, const Wishes& wishes)
    : connection_(DnsClient::tcp(server)),
      context_(SSL_CTX_new(TLS_client_method())),
      session_(SSL_new(context_.get())) {
    SSL_set_fd(session_.get(), connection_.descriptor());
    SSL_set_max_proto_version(session_.get(), wishes.version_max);
    if (!wishes.alpn.empty()) {
        std::vector<unsigned char> offered{static_cast<unsigned char>(wishes.alpn.size())};
        offered.insert(offered.end(), wishes.alpn.begin(), wishes.alpn.end());
        SSL_set_alpn_protos(session_.get(), offered.data(), static_cast<unsigned>(offered.size()));
    }
    is_open_ = SSL_connect(session_.get()) == 1;
}

std::string TlsClient::alpn() const {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(session_.get(), &name, &length);
    return {name, name + length};
}

std::string TlsClient::version() const {
    return SSL_get_version(session_.get());
}

bool TlsClient::is_shown_for(const IpAddress& address) const {
    X509* const certificate = SSL_get0_peer_certificate(session_.get());
    return X509_check_ip(certificate, address.bytes().data(), address.bytes().size(), 0) == 1;
}

bool TlsClient::is_shown_for(const std::string& name) const {
    X509* const certificate = SSL_get0_peer_certificate(session_.get());
    return X509_check_host(certificate, name.data(), name.size(), 0, nullptr) == 1;
}

void TlsClient::send(const std::vector<std::uint8_t>& bytes) {
    SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()));
}

bool TlsClient::read_whole(std::vector<std::uint8_t>& bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        const int got =
            SSL_read(session_.get(), bytes.data() + at, static_cast<int>(bytes.size() - at));
        if (got <= 0) {
            return false;
        }
        at += static_cast<std::size_t>(got);
    }
    return true;
}

std::vector<std::uint8_t> TlsClient::receive_framed() {
    std::vector<std::uint8_t> bytes(2);
    if (!read_whole(bytes)) {
        return {};
    }
    bytes.resize(static_cast<std::size_t>(bytes[0] << 8U | bytes[1]));
    return read_whole(bytes) ? bytes : std::vector<std::uint8_t>{};
}

bool TlsClient::is_closed_by_server() {
    std::uint8_t byte = 0;
    const int got = SSL_read(session_.get(), &byte, 1);
    return SSL_get_error(session_.get(), got) == SSL_ERROR_ZERO_RETURN;
}

}  // namespace sporvakt::test
