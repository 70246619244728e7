#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct ssl_ctx_st;  // OpenSSL's
struct ssl_st;

namespace sporvakt::dns {

/// The authorities that may vouch for a forwarder.  Must outlive the sessions made with it.
class TlsTrust {
public:
    /// A PEM file with their certificates.
    static Result<TlsTrust> load(const std::string& certificates);

private:
    friend class ForwarderTls;
    struct Deleter {
        void operator()(ssl_ctx_st* context) const;
    };
    explicit TlsTrust(ssl_ctx_st* context) : context_(context) {}

    std::unique_ptr<ssl_ctx_st, Deleter> context_;
};

/// Our side of one TLS connection, bytes in and bytes out; the socket is the caller's.  The other
/// side must show a certificate for the name that it was opened with (RFC 8310 §8.1), else no byte
/// of ours is encrypted for it.  Not thread-safe.
class ForwarderTls {
public:
    enum class State : std::uint8_t {
        Handshake,
        Open,
        Over,  ///< Refused, broken, or closed by the other side.
    };

    /// Begins the handshake: take_output() has its first bytes.
    ForwarderTls(const TlsTrust& trust, const std::string& name);

    /// What came from the other side.  Decrypted bytes are appended to `plain`.
    void receive(Bytes encrypted, std::vector<std::uint8_t>& plain);

    /// To be sent encrypted.  Only while Open.
    void send(Bytes plain);

    /// What the other side is to get now.
    [[nodiscard]] std::vector<std::uint8_t> take_output();

    [[nodiscard]] State state() const { return state_; }

    /// Why the handshake failed, e.g. "hostname mismatch"; empty when it did not.
    [[nodiscard]] const std::string& failure() const { return failure_; }

private:
    struct Deleter {
        void operator()(ssl_st* session) const;
    };
    void shake_hands();
    void fail_handshake();

    std::unique_ptr<ssl_st, Deleter> session_;
    State state_ = State::Handshake;
    std::string failure_;
};

}  // namespace sporvakt::dns
