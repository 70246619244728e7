#include "dns/tls/tls_session.h"

#include "core/base/assert.h"

#include <array>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace sporvakt::dns {
namespace {

constexpr std::size_t kRecordLengthMax = 16384;  // RFC 8446 §5.1

// Empty is "not yet", not "the end".
BIO* new_memory() {
    BIO* const memory = BIO_new(BIO_s_mem());
    SPORVAKT_ASSERT(memory != nullptr);
    BIO_set_mem_eof_return(memory, -1);
    return memory;
}

std::string why_no_handshake(const SSL* session) {
    const auto verdict = SSL_get_verify_result(session);
    if (verdict != X509_V_OK) {
        return std::string("its certificate is refused: ") + X509_verify_cert_error_string(verdict);
    }
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason != nullptr ? reason : "the connection was closed";
}

}  // namespace

void TlsSession::Deleter::operator()(ssl_st* session) const {
    SSL_free(session);
}

TlsSession::TlsSession(const SslContext& context) : session_(SSL_new(context.get())) {
    SPORVAKT_ASSERT(session_ != nullptr);
    SSL_set_bio(session_.get(), new_memory(), new_memory());  // the session frees them
}

TlsSession::TlsSession(const TlsContext& context) : TlsSession(context.context_) {
    SSL_set_accept_state(session_.get());
}

TlsSession::TlsSession(const TlsTrust& trust, const std::string& name)
    : TlsSession(trust.context_) {
    SSL* const session = session_.get();
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    std::string host = name;
    const auto host_set =  // what SSL_set_tlsext_host_name() does, without its cast
        SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
    const bool is_set = SSL_set1_host(session, name.c_str()) == 1 && host_set == 1;
    SPORVAKT_ASSERT(is_set);
    SSL_set_connect_state(session);
}

void TlsSession::begin(std::vector<std::uint8_t>& to_peer) {
    ERR_clear_error();
    SSL_do_handshake(session_.get());  // it cannot end yet
    drain(to_peer);
}

TlsSession::State TlsSession::receive(Bytes from_peer, std::vector<std::uint8_t>& plain,
                                      std::vector<std::uint8_t>& to_peer) {
    if (state_ == State::Broken || from_peer.empty()) {
        return state_;
    }
    ERR_clear_error();  // of this thread, whoever left it there
    const int taken = BIO_write(SSL_get_rbio(session_.get()), from_peer.data(),
                                static_cast<int>(from_peer.size()));
    SPORVAKT_ASSERT(taken == static_cast<int>(from_peer.size()));
    std::array<std::uint8_t, kRecordLengthMax> record{};
    int count = 0;
    while ((count = SSL_read(session_.get(), record.data(), static_cast<int>(record.size()))) > 0) {
        plain.insert(plain.end(), record.begin(), record.begin() + count);
    }
    const int error = SSL_get_error(session_.get(), count);
    const bool has_shaken_hands = SSL_is_init_finished(session_.get()) == 1;
    if (error == SSL_ERROR_WANT_READ) {
        state_ = has_shaken_hands ? State::Open : State::Handshake;
    } else if (has_shaken_hands) {
        state_ = error == SSL_ERROR_ZERO_RETURN ? State::Ended : State::Broken;
    } else {
        state_ = State::Broken;
        failure_ = why_no_handshake(session_.get());
    }
    drain(to_peer);
    return state_;
}

void TlsSession::send(Bytes plain, std::vector<std::uint8_t>& to_peer) {
    SPORVAKT_ASSERT(is_open());
    ERR_clear_error();
    // Into memory: all of it is taken, unless the session is broken.
    if (!plain.empty() &&
        SSL_write(session_.get(), plain.data(), static_cast<int>(plain.size())) <= 0) {
        state_ = State::Broken;
    }
    drain(to_peer);
}

void TlsSession::end(std::vector<std::uint8_t>& to_peer) {
    if (is_open()) {
        ERR_clear_error();
        SSL_shutdown(session_.get());
        drain(to_peer);
    }
}

void TlsSession::drain(std::vector<std::uint8_t>& to_peer) {
    BIO* const memory = SSL_get_wbio(session_.get());
    const std::size_t pending = BIO_ctrl_pending(memory);
    const std::size_t before = to_peer.size();
    to_peer.resize(before + pending);
    if (pending > 0) {
        const int count = BIO_read(memory, to_peer.data() + before, static_cast<int>(pending));
        SPORVAKT_ASSERT(count == static_cast<int>(pending));
    }
}

}  // namespace sporvakt::dns
