#pragma once

#include "core/base/result.h"
#include "dns/upstream/upstream.h"

#include <memory>

struct event_base;  // libevent's
struct ub_ctx;      // libunbound's

namespace sporvakt::dns {

struct UnboundContextDeleter {
    void operator()(ub_ctx* context) const;
};
using UnboundContext = std::unique_ptr<ub_ctx, UnboundContextDeleter>;

/// A libunbound context on the event base, set up and tried out.  Forwarders are asked in the
/// clear, whatever they are: Debian's libunbound has no TLS (tls_forwarder.h has).
Result<UnboundContext> make_unbound_context(event_base* base, const UpstreamSettings& settings);

}  // namespace sporvakt::dns
