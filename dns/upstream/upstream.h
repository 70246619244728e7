#pragma once

#include "core/base/byte_reader.h"
#include "core/base/ip_address.h"
#include "core/base/record_type.h"
#include "core/base/result.h"
#include "dns/serving/event_loop.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace sporvakt::dns {

/// What the validator says (RFC 4035 §4.3).
enum class Security : std::uint8_t { Insecure, Secure, Bogus };

/// What the Internet said.  `message` is empty when it said nothing usable, and lives for the call.
struct UpstreamReply {
    Bytes message;
    Security security = Security::Insecure;
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

/// libunbound on the loop: asks `forwarders`, or recurses from the root when there are none.
Result<std::unique_ptr<Upstream>> open_upstream(EventLoop& loop,
                                                std::span<const Endpoint> forwarders);

}  // namespace sporvakt::dns
