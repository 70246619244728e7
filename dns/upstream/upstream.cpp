#include "dns/upstream/upstream.h"

#include "core/base/log.h"
#include "dns/upstream/tls_forwarder.h"
#include "dns/upstream/unbound_context.h"
#include "dns/upstream/validation_failure.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unbound-event.h>
#include <unbound.h>

namespace sporvakt::dns {
namespace {

/// In the order in which they stand on each other.
struct TlsForwarders {
    std::unique_ptr<TlsTrust> trust;
    std::vector<std::unique_ptr<TlsForwarder>> all;
};

class UnboundUpstream final : public Upstream {
public:
    UnboundUpstream(UnboundContext context, TlsForwarders encrypted)
        : encrypted_(std::move(encrypted)), context_(std::move(context)) {}
    UnboundUpstream(const UnboundUpstream&) = delete;
    UnboundUpstream& operator=(const UnboundUpstream&) = delete;
    UnboundUpstream(UnboundUpstream&&) = delete;
    UnboundUpstream& operator=(UnboundUpstream&&) = delete;

    ~UnboundUpstream() override {
        is_closing_ = true;  // libunbound calls back for what is under way
        context_.reset();
    }

    void ask(const UpstreamQuestion& question, std::uint64_t exchange,
             UpstreamListener& listener) override {
        Call& call = calls_.emplace(exchange, Call{*this, listener, exchange}).first->second;
        const int refused =
            ub_resolve_event(context_.get(), question.name.c_str(), static_cast<int>(question.type),
                             1, &call, on_result, nullptr);
        if (refused != 0) {
            finish(exchange, listener, UpstreamReply{});
        }
    }

private:
    struct Call {
        UnboundUpstream& upstream;
        UpstreamListener& listener;
        std::uint64_t exchange;
    };

    // libunbound's signature.
    // NOLINTBEGIN(readability-function-size,readability-non-const-parameter)
    static void on_result(void* data, int rcode, void* packet, int length, int security,
                          char* why_bogus, int /*was_ratelimited*/) noexcept {
        // NOLINTEND(readability-function-size,readability-non-const-parameter)
        const auto& call = *static_cast<Call*>(data);
        if (call.upstream.is_closing_) {
            return;
        }
        UpstreamReply reply;
        if (rcode == 0 && packet != nullptr && length > 0) {
            reply.message =
                Bytes(static_cast<const std::uint8_t*>(packet), static_cast<std::size_t>(length));
        }
        if (security == kBogus) {
            reply.security = Security::Bogus;
            reply.fault = call.upstream.explain(why_bogus == nullptr ? "" : why_bogus);
        } else if (security != 0) {
            reply.security = Security::Secure;
            call.upstream.hinted_ = ValidationHint::None;
        }
        call.upstream.finish(call.exchange, call.listener, reply);
    }

    void finish(std::uint64_t exchange, UpstreamListener& listener, const UpstreamReply& reply) {
        calls_.erase(exchange);
        listener.on_reply(exchange, reply);
    }

    /// Says once what the owner can do, and again when it has worked in between.
    ExtendedError explain(std::string_view why_bogus) {
        const ValidationFailure failure = explain_validation(why_bogus);
        if (failure.hint != ValidationHint::None && failure.hint != hinted_) {
            hinted_ = failure.hint;
            log::warning(advice(failure.hint));
        }
        return failure.code;
    }

    static constexpr int kBogus = 1;  // of unbound-event.h's "sec"

    bool is_closing_ = false;
    ValidationHint hinted_ = ValidationHint::None;
    std::unordered_map<std::uint64_t, Call> calls_;  // libunbound keeps their addresses
    TlsForwarders encrypted_;
    UnboundContext context_;  // last: goes first, and calls back while it goes
};

Result<void> check_transports(std::string_view key, const std::vector<Forwarder>& forwarders) {
    if (mixes_transports(forwarders)) {
        return fail(Errc::InvalidInput,
                    fmt::format("upstream: {} mixes DNS over TLS and plain DNS", key));
    }
    return {};
}

/// Puts a TlsForwarder in the place of each that is asked over TLS.
Result<void> encrypt(std::vector<Forwarder>& forwarders, EventLoop& loop,
                     TlsForwarders& encrypted) {
    for (Forwarder& forwarder : forwarders) {
        if (forwarder.uses_tls()) {
            encrypted.all.push_back(
                SPORVAKT_TRY(TlsForwarder::open(loop, forwarder, *encrypted.trust)));
            forwarder = Forwarder{encrypted.all.back()->local(), {}};
        }
    }
    return {};
}

bool is_any_over_tls(const UpstreamSettings& settings) {
    const auto over_tls = [](const std::vector<Forwarder>& forwarders) {
        return !forwarders.empty() && forwarders.front().uses_tls();
    };
    return over_tls(settings.forwarders) ||
           std::any_of(settings.zones.begin(), settings.zones.end(),
                       [&](const ForwardZone& zone) { return over_tls(zone.forwarders); });
}

}  // namespace

Result<std::unique_ptr<Upstream>> open_upstream(EventLoop& loop, UpstreamSettings settings) {
    SPORVAKT_TRY(check_transports("[dns] upstream", settings.forwarders));
    for (const ForwardZone& zone : settings.zones) {
        SPORVAKT_TRY(check_transports("[[dns.forward]] of " + zone.zone.text(), zone.forwarders));
    }
    TlsForwarders encrypted;
    if (is_any_over_tls(settings)) {
        TlsTrust trust = SPORVAKT_TRY(TlsTrust::load(settings.certificates));
        encrypted.trust = std::make_unique<TlsTrust>(std::move(trust));
        SPORVAKT_TRY(encrypt(settings.forwarders, loop, encrypted));
        for (ForwardZone& zone : settings.zones) {
            SPORVAKT_TRY(encrypt(zone.forwarders, loop, encrypted));
        }
    }
    UnboundContext context = SPORVAKT_TRY(make_unbound_context(loop.base(), settings));
    return std::make_unique<UnboundUpstream>(std::move(context), std::move(encrypted));
}

}  // namespace sporvakt::dns
