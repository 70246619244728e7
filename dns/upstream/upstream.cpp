#include "dns/upstream/upstream.h"

#include <array>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <unbound-event.h>
#include <unbound.h>

namespace sporvakt::dns {
namespace {

struct ContextDeleter {
    void operator()(ub_ctx* context) const { ub_ctx_delete(context); }
};
using Context = std::unique_ptr<ub_ctx, ContextDeleter>;

struct Option {
    const char* name;
    const char* value;
};

constexpr std::array kOptions{
    // Our own cache answers clients; this one is for delegations and parts of answers.
    Option{"msg-cache-size:", "512k"},
    Option{"msg-cache-slabs:", "1"},
    Option{"rrset-cache-size:", "1m"},
    Option{"rrset-cache-slabs:", "1"},
    Option{"key-cache-size:", "512k"},
    Option{"key-cache-slabs:", "1"},
    Option{"infra-cache-slabs:", "1"},
    Option{"neg-cache-size:", "256k"},
    // A Raspberry Pi has 1024 descriptors a process, for all workers and clients.
    Option{"outgoing-range:", "96"},
    Option{"outgoing-num-tcp:", "8"},
    Option{"num-queries-per-thread:", "512"},
    // A forwarder on this machine (stubby, dnscrypt-proxy, a test) is a forwarder.
    Option{"do-not-query-localhost:", "no"},
    Option{"qname-minimisation:", "yes"},
    Option{"aggressive-nsec:", "yes"},
    // Special-use names are answered before (special_names.h); one place decides.
    Option{"unblock-lan-zones:", "yes"},
};

class UnboundUpstream final : public Upstream {
public:
    explicit UnboundUpstream(Context context) : context_(std::move(context)) {}
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
        auto& call = calls_[exchange];
        call = std::make_unique<Call>(Call{*this, listener, exchange});
        const int refused =
            ub_resolve_event(context_.get(), question.name.c_str(), static_cast<int>(question.type),
                             1, call.get(), on_result, nullptr);
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

    // NOLINTNEXTLINE(readability-function-size): libunbound's signature
    static void on_result(void* data, int rcode, void* packet, int length, int security,
                          char* /*why_bogus*/, int /*was_ratelimited*/) noexcept {
        const auto& call = *static_cast<Call*>(data);
        if (call.upstream.is_closing_) {
            return;
        }
        UpstreamReply reply;
        if (rcode == 0 && packet != nullptr && length > 0) {
            reply.message =
                Bytes(static_cast<const std::uint8_t*>(packet), static_cast<std::size_t>(length));
        }
        if (security != 0) {
            reply.security = security == 1 ? Security::Bogus : Security::Secure;
        }
        call.upstream.finish(call.exchange, call.listener, reply);
    }

    void finish(std::uint64_t exchange, UpstreamListener& listener, const UpstreamReply& reply) {
        calls_.erase(exchange);
        listener.on_reply(exchange, reply);
    }

    bool is_closing_ = false;
    std::unordered_map<std::uint64_t, std::unique_ptr<Call>> calls_;
    Context context_;  // last: goes first, and calls back while it goes
};

tl::unexpected<Error> unbound_failure(const std::string& what, int code) {
    return fail(Errc::Unavailable, fmt::format("upstream: {}: {}", what, ub_strerror(code)));
}

Result<void> configure(ub_ctx* context, std::span<const Endpoint> forwarders) {
    // Its messages name what people look up; ours are counts.
    ub_ctx_debugout(context, nullptr);
    for (const Option& option : kOptions) {
        if (const int code = ub_ctx_set_option(context, option.name, option.value); code != 0) {
            return unbound_failure(
                fmt::format("libunbound refuses {} {}", option.name, option.value), code);
        }
    }
    for (const Endpoint& forwarder : forwarders) {
        const std::string text = fmt::format("{}@{}", forwarder.address.text(), forwarder.port);
        if (const int code = ub_ctx_set_fwd(context, text.c_str()); code != 0) {
            return unbound_failure(fmt::format("[dns] upstream {} is refused", text), code);
        }
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<Upstream>> open_upstream(EventLoop& loop,
                                                std::span<const Endpoint> forwarders) {
    Context context(ub_ctx_create_event(loop.base()));
    if (!context) {
        return fail(Errc::Unavailable, "upstream: libunbound cannot start on this event loop");
    }
    SPORVAKT_TRY(configure(context.get(), forwarders));
    return std::make_unique<UnboundUpstream>(std::move(context));
}

}  // namespace sporvakt::dns
