#pragma once

#include "core/base/byte_reader.h"
#include "core/base/ip_address.h"
#include "dns/serving/client.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sporvakt::dns {

/// Wall-clock time as dnstap has it.
using TapTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// What one dnstap frame tells: a message, between whom, when.  Views live for the call.
struct TapMessage {
    /// The numbers of dnstap.proto's Message.Type: CLIENT_QUERY, CLIENT_RESPONSE.
    enum class Kind : std::uint8_t { Query = 5, Response = 6 };

    Kind kind = Kind::Query;
    Transport transport = Transport::Udp;
    Endpoint client{};
    Endpoint own{};
    TapTime asked{};
    TapTime answered{};  ///< Of a response.
    Bytes message{};     ///< As on the wire, without TCP's length.
};

/// All of a frame but the DNS message, which follows it as the frame's last bytes, so that it is
/// copied once only.  A value; nothing is allocated.
///
/// A frame is a Dnstap of dnstap.proto (https://dnstap.info) in protobuf's encoding: our identity,
/// and a Message with exactly what TapMessage has.  Written by hand: it is eleven fields of four
/// kinds (docs/adr/0008).
class TapPrefix {
public:
    /// What frames name as their writer.
    static constexpr std::string_view kIdentity = "sporvakt";

    explicit TapPrefix(const TapMessage& told);

    [[nodiscard]] Bytes bytes() const { return Bytes(bytes_).first(length_); }

private:
    static constexpr std::size_t kLengthMax = 128;

    std::array<std::uint8_t, kLengthMax> bytes_{};
    std::size_t length_ = 0;
};

}  // namespace sporvakt::dns
