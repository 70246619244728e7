#pragma once

#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/devices/device_id.h"

#include <cstdint>
#include <string>

namespace sporvakt::capture {

/// What told us a flow's name.
enum class NameOrigin : std::uint8_t { None, Tls, Quic, Http, Dns };

/// Whether the visible name of a TLS hello is the real one.  Every Chromium hello carries the
/// extension of Encrypted Client Hello, mostly with random contents ("grease", RFC 9849 §6.2).
enum class EncryptedHello : std::uint8_t { None, Grease, Hidden };

enum class FlowTransport : std::uint8_t { Tcp, Udp, Quic };

/// All about one flow, as `replay --flows` prints it.  The client is who opened it.
struct FlowSummary {
    FlowTransport transport = FlowTransport::Tcp;
    Endpoint client;
    Endpoint server;
    devices::DeviceId device;
    std::string name;  ///< In DomainName's form; a claim of the client.  Empty without one.
    NameOrigin origin = NameOrigin::None;
    EncryptedHello encrypted_hello = EncryptedHello::None;
    bool answered = false;       ///< The server sent payload.
    std::uint64_t bytes_up = 0;  ///< IP bytes from the client.
    std::uint64_t bytes_down = 0;
    Timestamp first_seen;
    Timestamp last_seen;
};

}  // namespace sporvakt::capture
