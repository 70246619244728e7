#pragma once

#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/devices/bypass.h"
#include "core/devices/device_id.h"

#include <cstdint>
#include <string>

namespace sporvakt::capture {

/// What told us a flow's name.  Ambiguous: the client sent two versions of its introduction for the
/// same place, and which of them the server read cannot be seen; no name is taken from it.
enum class NameOrigin : std::uint8_t { None, Tls, Quic, Http, Dns, Ambiguous };

/// Whether the visible name of a TLS hello is the real one.  Every Chromium hello carries the
/// extension of Encrypted Client Hello, mostly with random contents ("grease", RFC 9849 §6.2).
enum class EncryptedHello : std::uint8_t { None, Grease, Hidden };

enum class FlowTransport : std::uint8_t { Tcp, Udp, Quic };

/// How far a name is to be believed that was inferred from what the device resolved.
enum class Certainty : std::uint8_t {
    Likely,     ///< The only name that the device resolved to the address lately.
    Uncertain,  ///< Several names share the address, or the answer had run out.
};

/// The likely name of a flow, by the answers that its device got.  Empty without one.
struct Inference {
    std::string name;  ///< In DomainName's form.
    Certainty certainty = Certainty::Likely;

    friend bool operator==(const Inference&, const Inference&) = default;
};

using devices::Bypass;

/// All about one flow, as `replay --flows` prints it.  The client is who opened it.
struct FlowSummary {
    FlowTransport transport = FlowTransport::Tcp;
    Endpoint client;
    Endpoint server;
    devices::DeviceId device;
    std::string name;  ///< In DomainName's form; a claim of the client.  Empty without one.
    NameOrigin origin = NameOrigin::None;
    Inference inferred;  ///< By DNS, whatever the client claimed.
    EncryptedHello encrypted_hello = EncryptedHello::None;
    Bypass bypass = Bypass::None;
    bool answered = false;       ///< The server sent payload.
    std::uint64_t bytes_up = 0;  ///< IP bytes from the client.
    std::uint64_t bytes_down = 0;
    std::uint32_t packets_up = 0;
    std::uint32_t packets_down = 0;
    Timestamp first_seen;
    Timestamp last_seen;
};

}  // namespace sporvakt::capture
