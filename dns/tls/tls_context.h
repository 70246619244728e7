#pragma once

#include "core/base/result.h"

#include <memory>
#include <string>
#include <utility>

struct ssl_ctx_st;  // OpenSSL's

namespace sporvakt::dns {

// What TLS sessions are made from (tls_session.h).  Both are immutable and thread-safe, and may go
// before the sessions do.

struct SslContextDeleter {
    void operator()(ssl_ctx_st* context) const;
};
using SslContext = std::unique_ptr<ssl_ctx_st, SslContextDeleter>;

/// Where a certificate, with all between it and its root, and its private key lie: PEM files.
struct TlsFiles {
    std::string certificate;
    std::string key;
};

/// How we serve DNS over TLS (RFC 7858): our certificate, TLS 1.2 or 1.3 (RFC 9325), ALPN "dot".
/// Sessions are resumed by tickets alone, so that no client makes us keep anything.
class TlsContext {
public:
    /// An error names the file, and what is wrong with it.
    static Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files);

private:
    friend class TlsSession;
    explicit TlsContext(SslContext context) : context_(std::move(context)) {}

    SslContext context_;
};

/// The authorities that may vouch for a forwarder.
class TlsTrust {
public:
    /// A PEM file with their certificates.
    static Result<TlsTrust> load(const std::string& certificates);

private:
    friend class TlsSession;
    explicit TlsTrust(SslContext context) : context_(std::move(context)) {}

    SslContext context_;
};

}  // namespace sporvakt::dns
