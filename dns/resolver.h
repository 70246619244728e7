#pragma once

#include "core/base/ip_address.h"
#include "core/base/result.h"
#include "dns/answering.h"
#include "dns/answers/answer_settings.h"
#include "dns/counters.h"
#include "dns/serving/admission.h"
#include "dns/serving/sockets.h"
#include "dns/tls/tls_context.h"
#include "dns/upstream/upstream.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace sporvakt::dns {

struct ResolverSettings {
    UpstreamSettings upstream;

    /// What all cached answers together may take.
    std::size_t cache_bytes = std::size_t{8} * 1024 * 1024;

    /// How long a client waits for the Internet before it is told SERVFAIL; stub resolvers give up
    /// after 5 s themselves.
    std::chrono::milliseconds upstream_timeout{3500};

    /// Who may ask, and how much.
    AdmissionSettings admission;

    AnswerSettings answers;

    /// The Unix socket where somebody reads dnstap: every question that is let in, with its
    /// answer, by whom and when.  Empty: none.
    std::string dnstap;

    /// Our certificate; needed when ResolverSockets has sockets for TLS.
    std::shared_ptr<const TlsContext> tls;
};

/// Answers the questions of the house: one thread for each entry of ResolverSockets::workers, each
/// with its own sockets, event loop and libunbound context; shared are the policy, the answer cache
/// and the table of questions under way.  Members may be called from any thread.
class Resolver {
public:
    /// Answers queries from when it returns.
    static Result<std::unique_ptr<Resolver>> start(const ResolverSettings& settings,
                                                   ResolverSockets sockets,
                                                   const ResolverInputs& inputs);

    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;
    Resolver(Resolver&&) = delete;
    Resolver& operator=(Resolver&&) = delete;
    ~Resolver();  ///< Stops.

    /// Ends all threads and waits for them; questions under way get no answer.  May be repeated.
    void stop();

    /// The sum over all threads; may be a moment old.
    [[nodiscard]] ResolverCounts counts() const;

    /// Where it listens.
    [[nodiscard]] const std::vector<Endpoint>& endpoints() const;

private:
    struct Parts;
    explicit Resolver(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace sporvakt::dns
