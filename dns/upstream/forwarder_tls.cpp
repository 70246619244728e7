#include "dns/upstream/forwarder_tls.h"

#include "core/base/assert.h"

#include <array>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace sporvakt::dns {
namespace {

constexpr std::array<unsigned char, 4> kApplicationProtocol{3, 'd', 'o', 't'};  // RFC 7858, IANA

std::string last_error() {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason == nullptr ? "the connection was closed" : reason;
}

}  // namespace

void TlsTrust::Deleter::operator()(ssl_ctx_st* context) const {
    SSL_CTX_free(context);
}

Result<TlsTrust> TlsTrust::load(const std::string& certificates) {
    TlsTrust trust(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* context = trust.context_.get();
    ERR_clear_error();
    if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_load_verify_file(context, certificates.c_str()) != 1) {
        return fail(Errc::InvalidInput,
                    "upstream: cannot take certificates of authorities from " + certificates +
                        ": " + last_error() +
                        "; install ca-certificates, or correct [dns] upstream_certificates");
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    return trust;
}

void ForwarderTls::Deleter::operator()(ssl_st* session) const {
    SSL_free(session);
}

ForwarderTls::ForwarderTls(const TlsTrust& trust, const std::string& name)
    : session_(SSL_new(trust.context_.get())) {
    SPORVAKT_ASSERT(session_ != nullptr);
    SSL* session = session_.get();
    SSL_set_bio(session, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    std::string host = name;
    const auto host_set =  // what SSL_set_tlsext_host_name() does, without its cast
        SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
    const bool is_set =
        SSL_set1_host(session, name.c_str()) == 1 && host_set == 1 &&
        SSL_set_alpn_protos(session, kApplicationProtocol.data(), kApplicationProtocol.size()) == 0;
    SPORVAKT_ASSERT(is_set);
    SSL_set_connect_state(session);
    shake_hands();
}

void ForwarderTls::shake_hands() {
    ERR_clear_error();
    const int result = SSL_do_handshake(session_.get());
    if (result == 1) {
        state_ = State::Open;
    } else if (SSL_get_error(session_.get(), result) != SSL_ERROR_WANT_READ) {
        fail_handshake();
    }
}

void ForwarderTls::fail_handshake() {
    const auto verdict = SSL_get_verify_result(session_.get());
    failure_ = verdict == X509_V_OK ? last_error()
                                    : std::string("its certificate is refused: ") +
                                          X509_verify_cert_error_string(verdict);
    state_ = State::Over;
}

void ForwarderTls::receive(Bytes encrypted, std::vector<std::uint8_t>& plain) {
    BIO_write(SSL_get_rbio(session_.get()), encrypted.data(), static_cast<int>(encrypted.size()));
    if (state_ == State::Handshake) {
        shake_hands();
    }
    std::array<std::uint8_t, 16384> bytes{};  // a record (RFC 8446 §5.1)
    while (state_ == State::Open) {
        ERR_clear_error();
        const int count = SSL_read(session_.get(), bytes.data(), bytes.size());
        if (count > 0) {
            plain.insert(plain.end(), bytes.begin(), bytes.begin() + count);
            continue;
        }
        if (SSL_get_error(session_.get(), count) != SSL_ERROR_WANT_READ) {
            state_ = State::Over;
        }
        return;
    }
}

void ForwarderTls::send(Bytes plain) {
    SPORVAKT_ASSERT(state_ == State::Open);
    ERR_clear_error();
    // A memory BIO takes everything at once.
    if (SSL_write(session_.get(), plain.data(), static_cast<int>(plain.size())) <= 0) {
        state_ = State::Over;
    }
}

std::vector<std::uint8_t> ForwarderTls::take_output() {
    BIO* output = SSL_get_wbio(session_.get());
    std::vector<std::uint8_t> bytes(BIO_ctrl_pending(output));
    if (!bytes.empty()) {
        BIO_read(output, bytes.data(), static_cast<int>(bytes.size()));
    }
    return bytes;
}

}  // namespace sporvakt::dns
