#include "dns/serving/tls_session.h"

#include "core/base/assert.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace sporvakt::dns {
namespace {

// As on the wire: a length, and the name (RFC 7858 §3.2 leaves it to IANA's registry).
constexpr std::array<unsigned char, 4> kAlpnDot{3, 'd', 'o', 't'};
constexpr std::size_t kRecordLengthMax = 16384;

// A client that speaks another protocol must not be answered as if it were this one (RFC 7301
// §3.2); one that names none is a plain DoT client.
// NOLINTNEXTLINE(readability-function-size): OpenSSL's signature
int choose_protocol(SSL* /*session*/, const unsigned char** chosen, unsigned char* chosen_length,
                    const unsigned char* offered, unsigned offered_length, void* /*unused*/) {
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, chosen_length, kAlpnDot.data(), kAlpnDot.size(), offered,
                              offered_length) != OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

tl::unexpected<Error> failure(const std::string& path, std::string_view what) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    return fail(Errc::InvalidInput,
                fmt::format("{}: {}: {}", path, what, reason != nullptr ? reason : "unknown"));
}

bool configure(SSL_CTX* context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
}

// Empty is "not yet", not "the end".
BIO* new_memory() {
    BIO* const memory = BIO_new(BIO_s_mem());
    SPORVAKT_ASSERT(memory != nullptr);
    BIO_set_mem_eof_return(memory, -1);
    return memory;
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const {
    SSL_CTX_free(context);
}

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files) {
    ERR_clear_error();
    std::unique_ptr<ssl_ctx_st, Free> context(SSL_CTX_new(TLS_server_method()));
    if (!context || !configure(context.get())) {
        return failure("TLS", "OpenSSL cannot be set up");
    }
    if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1) {
        return failure(files.certificate, "cannot be used as a certificate");
    }
    if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context.get()) != 1) {
        return failure(files.key, "cannot be used as the certificate's private key");
    }
    return std::shared_ptr<const TlsContext>(new TlsContext(std::move(context)));
}

void TlsSession::Free::operator()(ssl_st* session) const {
    SSL_free(session);
}

TlsSession::TlsSession(const TlsContext& context) : session_(SSL_new(context.context_.get())) {
    SPORVAKT_ASSERT(session_ != nullptr);
    SSL_set_bio(session_.get(), new_memory(), new_memory());  // the session frees them
    SSL_set_accept_state(session_.get());
}

TlsSession::State TlsSession::receive(Bytes from_client, std::vector<std::uint8_t>& plain,
                                      std::vector<std::uint8_t>& to_client) {
    if (state_ == State::Broken || from_client.empty()) {
        return state_;
    }
    ERR_clear_error();  // of this thread, whoever left it there
    const int taken = BIO_write(SSL_get_rbio(session_.get()), from_client.data(),
                                static_cast<int>(from_client.size()));
    SPORVAKT_ASSERT(taken == static_cast<int>(from_client.size()));
    std::array<std::uint8_t, kRecordLengthMax> record{};
    int count = 0;
    while ((count = SSL_read(session_.get(), record.data(), static_cast<int>(record.size()))) > 0) {
        plain.insert(plain.end(), record.begin(), record.begin() + count);
    }
    switch (SSL_get_error(session_.get(), count)) {
        case SSL_ERROR_WANT_READ:
            state_ = SSL_is_init_finished(session_.get()) == 1 ? State::Open : State::Handshake;
            break;
        case SSL_ERROR_ZERO_RETURN:
            state_ = State::Ended;
            break;
        default:
            state_ = State::Broken;
    }
    drain(to_client);
    return state_;
}

void TlsSession::send(Bytes plain, std::vector<std::uint8_t>& to_client) {
    SPORVAKT_ASSERT(is_open());
    ERR_clear_error();
    // Into memory: all of it is taken, unless the session is broken.
    if (!plain.empty() &&
        SSL_write(session_.get(), plain.data(), static_cast<int>(plain.size())) <= 0) {
        state_ = State::Broken;
    }
    drain(to_client);
}

void TlsSession::end(std::vector<std::uint8_t>& to_client) {
    if (is_open()) {
        ERR_clear_error();
        SSL_shutdown(session_.get());
        drain(to_client);
    }
}

void TlsSession::drain(std::vector<std::uint8_t>& to_client) {
    BIO* const memory = SSL_get_wbio(session_.get());
    const std::size_t pending = BIO_ctrl_pending(memory);
    const std::size_t before = to_client.size();
    to_client.resize(before + pending);
    if (pending > 0) {
        const int count = BIO_read(memory, to_client.data() + before, static_cast<int>(pending));
        SPORVAKT_ASSERT(count == static_cast<int>(pending));
    }
}

}  // namespace sporvakt::dns
