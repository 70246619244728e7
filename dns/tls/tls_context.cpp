#include "dns/tls/tls_context.h"

#include "dns/tls/alpn.h"

#include <string_view>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace sporvakt::dns {
namespace {

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

std::string_view reason() {
    const char* const text = ERR_reason_error_string(ERR_peek_last_error());
    return text != nullptr ? text : "unknown";
}

tl::unexpected<Error> failure(const std::string& path, std::string_view what) {
    return fail(Errc::InvalidInput, fmt::format("{}: {}: {}", path, what, reason()));
}

bool configure_server(SSL_CTX* context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
}

bool configure_client(SSL_CTX* context) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_alpn_protos(context, kAlpnDot.data(), kAlpnDot.size()) == 0;
}

}  // namespace

void SslContextDeleter::operator()(ssl_ctx_st* context) const {
    SSL_CTX_free(context);
}

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files) {
    ERR_clear_error();
    SslContext context(SSL_CTX_new(TLS_server_method()));
    if (!context || !configure_server(context.get())) {
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

Result<TlsTrust> TlsTrust::load(const std::string& certificates) {
    ERR_clear_error();
    SslContext context(SSL_CTX_new(TLS_client_method()));
    if (!context || !configure_client(context.get()) ||
        SSL_CTX_load_verify_file(context.get(), certificates.c_str()) != 1) {
        return fail(Errc::InvalidInput,
                    fmt::format("upstream: cannot take certificates of authorities from {}: {}; "
                                "install ca-certificates, or correct [dns] upstream_certificates",
                                certificates, reason()));
    }
    return TlsTrust(std::move(context));
}

}  // namespace sporvakt::dns
