#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

struct ssl_ctx_st;  // OpenSSL's
struct ssl_st;

namespace sporvakt::dns {

/// Where a certificate, with all between it and its root, and its private key lie: PEM files.
struct TlsFiles {
    std::string certificate;
    std::string key;
};

/// How we serve DNS over TLS (RFC 7858): our certificate, TLS 1.2 or 1.3 (RFC 9325), ALPN "dot".
/// Sessions are resumed by tickets alone, so that no client makes us keep anything.  Immutable;
/// thread-safe.
class TlsContext {
public:
    /// An error names the file, and what is wrong with it.
    static Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files);

private:
    friend class TlsSession;
    struct Free {
        void operator()(ssl_ctx_st* context) const;
    };
    explicit TlsContext(std::unique_ptr<ssl_ctx_st, Free> context) : context_(std::move(context)) {}

    std::unique_ptr<ssl_ctx_st, Free> context_;
};

/// One client's TLS, apart from its socket: bytes from the network in, bytes for the network out.
/// Not thread-safe.  Keeps some 50 KiB at most.
class TlsSession {
public:
    enum class State : std::uint8_t {
        Handshake,
        Open,
        Ended,   ///< The client sends no more.
        Broken,  ///< No TLS, or none that we accept: send what is to be sent, and close.
    };

    /// `context` may go before the session does.
    explicit TlsSession(const TlsContext& context);

    /// Takes what the client sent.  What it says is appended to `plain`, what must be sent in
    /// return to `to_client`.
    State receive(Bytes from_client, std::vector<std::uint8_t>& plain,
                  std::vector<std::uint8_t>& to_client);

    /// Appends to `to_client` what brings the client these bytes.  Only when is_open().
    void send(Bytes plain, std::vector<std::uint8_t>& to_client);

    /// Appends to `to_client` what tells the client that nothing more comes (close_notify).
    void end(std::vector<std::uint8_t>& to_client);

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] bool is_open() const { return state_ == State::Open || state_ == State::Ended; }

private:
    struct Free {
        void operator()(ssl_st* session) const;
    };
    void drain(std::vector<std::uint8_t>& to_client);

    std::unique_ptr<ssl_st, Free> session_;
    State state_ = State::Handshake;
};

}  // namespace sporvakt::dns
