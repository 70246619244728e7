#pragma once

#include "core/base/byte_reader.h"
#include "dns/tls/tls_context.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct ssl_st;  // OpenSSL's

namespace sporvakt::dns {

/// One side of one TLS connection, apart from its socket: bytes from the network in, bytes for the
/// network out.  Not thread-safe.  Keeps some 50 KiB at most.
class TlsSession {
public:
    enum class State : std::uint8_t {
        Handshake,
        Open,
        Ended,   ///< The peer sends no more.
        Broken,  ///< No TLS, or none that we accept: send what is to be sent, and close.
    };

    /// We serve, the peer begins.
    explicit TlsSession(const TlsContext& context);

    /// We begin(), the peer serves.  It must show a certificate for `name` (RFC 8310 §8.1), else no
    /// byte of ours is encrypted for it.
    TlsSession(const TlsTrust& trust, const std::string& name);

    /// Appends to `to_peer` the first bytes of whoever begins.
    void begin(std::vector<std::uint8_t>& to_peer);

    /// Takes what the peer sent.  What it says is appended to `plain`, what must be sent in return
    /// to `to_peer`.
    State receive(Bytes from_peer, std::vector<std::uint8_t>& plain,
                  std::vector<std::uint8_t>& to_peer);

    /// Appends to `to_peer` what brings the peer these bytes.  Only when is_open().
    void send(Bytes plain, std::vector<std::uint8_t>& to_peer);

    /// Appends to `to_peer` what tells the peer that nothing more comes (close_notify).
    void end(std::vector<std::uint8_t>& to_peer);

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] bool is_open() const { return state_ == State::Open || state_ == State::Ended; }

    /// Why the handshake failed, e.g. "hostname mismatch"; empty when it did not.
    [[nodiscard]] const std::string& failure() const { return failure_; }

private:
    struct Deleter {
        void operator()(ssl_st* session) const;
    };
    explicit TlsSession(const SslContext& context);
    void drain(std::vector<std::uint8_t>& to_peer);

    std::unique_ptr<ssl_st, Deleter> session_;
    State state_ = State::Handshake;
    std::string failure_;
};

}  // namespace sporvakt::dns
