#pragma once

#include "core/base/byte_reader.h"
#include "core/base/record_type.h"
#include "core/base/result.h"
#include "dns/message/wire.h"
#include "dns/serving/event_loop.h"
#include "dns/upstream/forwarder.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sporvakt::dns {

/// What the validator says (RFC 4035 §4.3).
enum class Security : std::uint8_t { Insecure, Secure, Bogus };

/// What the Internet said.  `message` is empty when it said nothing usable, and lives for the call.
struct UpstreamReply {
    Bytes message;
    Security security = Security::Insecure;
    ExtendedError fault = ExtendedError::DnssecBogus;  ///< Of a bogus one: what is wrong with it.
};

/// Who asked the Internet.
class UpstreamListener {
public:
    UpstreamListener() = default;
    UpstreamListener(const UpstreamListener&) = delete;
    UpstreamListener& operator=(const UpstreamListener&) = delete;
    UpstreamListener(UpstreamListener&&) = delete;
    UpstreamListener& operator=(UpstreamListener&&) = delete;
    virtual ~UpstreamListener() = default;

    /// Once for each ask(), perhaps before that returns; must not ask() in here.
    virtual void on_reply(std::uint64_t exchange, const UpstreamReply& reply) = 0;
};

struct UpstreamQuestion {
    std::string name;  ///< Text with escapes (RFC 1035 §5.1).
    RecordType type = RecordType::A;
};

/// The Internet, as one worker reaches it.  Belongs to that worker's thread.
class Upstream {
public:
    Upstream() = default;
    Upstream(const Upstream&) = delete;
    Upstream& operator=(const Upstream&) = delete;
    Upstream(Upstream&&) = delete;
    Upstream& operator=(Upstream&&) = delete;
    virtual ~Upstream() = default;  ///< After this no on_reply() comes.

    /// `exchange` is the caller's number for it.  `listener` must outlive this.
    virtual void ask(const UpstreamQuestion& question, std::uint64_t exchange,
                     UpstreamListener& listener) = 0;
};

/// Whom the Internet is asked through.  A value.
struct UpstreamSettings {
    /// All over TLS or all in the clear; libunbound prefers those that answer.  Empty: recursion
    /// from the root servers.
    std::vector<Forwarder> forwarders;

    /// Zones with forwarders of their own; nothing in them is validated, for no chain of trust
    /// leads into a house.
    std::vector<ForwardZone> zones;

    /// The authorities whose certificates forwarders over TLS may show: a PEM file.
    std::string certificates = "/etc/ssl/certs/ca-certificates.crt";

    /// DNSSEC's root keys, DNSKEY or DS records in zone-file form; empty: nothing is validated.
    std::string trust_anchors;

    friend bool operator==(const UpstreamSettings&, const UpstreamSettings&) = default;
};

/// libunbound on the loop.  Fails when a setting contradicts another or a file cannot be read.
Result<std::unique_ptr<Upstream>> open_upstream(EventLoop& loop, UpstreamSettings settings);

}  // namespace sporvakt::dns
