#include "dns/upstream/unbound_context.h"

#include "core/base/file_descriptor.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unbound-event.h>
#include <unbound.h>
#include <unistd.h>

namespace sporvakt::dns {
namespace {

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
    // A socket for each question under way (Forwarding::kExchangeCountMax).  With fewer, those of a
    // zone that is silent would hold them all, and everybody else would wait for one.
    Option{"outgoing-range:", "512"},
    Option{"outgoing-num-tcp:", "8"},
    Option{"num-queries-per-thread:", "512"},
    // A forwarder on this machine (stubby, dnscrypt-proxy, a test) is a forwarder.
    Option{"do-not-query-localhost:", "no"},
    Option{"qname-minimisation:", "yes"},
    Option{"aggressive-nsec:", "yes"},
    // Special-use names are answered before (special_names.h); one place decides.
    Option{"unblock-lan-zones:", "yes"},
};

// What libunbound would answer itself besides unblock-lan-zones; a house may forward these.
constexpr std::array<std::string_view, 7> kBuiltInZones{
    "localhost.",
    "127.in-addr.arpa.",
    "home.arpa.",
    "onion.",
    "test.",
    "invalid.",
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa."};

// libunbound answers it itself, at once.
constexpr const char* kTrialName = "trial.sporvakt.invalid.";

tl::unexpected<Error> unbound_failure(const std::string& what, int code) {
    return fail(Errc::Unavailable, fmt::format("upstream: {}: {}", what, ub_strerror(code)));
}

Result<void> set_option(ub_ctx* context, const std::string& name, const std::string& value) {
    if (const int code = ub_ctx_set_option(context, name.c_str(), value.c_str()); code != 0) {
        return unbound_failure(fmt::format("libunbound refuses {} {}", name, value), code);
    }
    return {};
}

// The values are addresses and names of few characters (forwarder.h), so quotes are enough.
std::string forward_zone_text(std::string_view zone, const std::vector<Forwarder>& forwarders) {
    // Not cached there: our own cache does, and asks anew when it means to.
    std::string text = fmt::format("forward-zone:\n name: \"{}\"\n forward-no-cache: yes\n", zone);
    for (const Forwarder& forwarder : forwarders) {
        text += fmt::format(" forward-addr: \"{}\"\n", forwarder.text());
    }
    return text;
}

std::string configuration_text(const UpstreamSettings& settings) {
    std::string text = fmt::format("server:\n local-zone: \"{}\" static\n", kTrialName);
    for (const std::string_view zone : kBuiltInZones) {
        text += fmt::format(" local-zone: \"{}\" nodefault\n", zone);
    }
    if (!settings.forwarders.empty()) {
        text += forward_zone_text(".", settings.forwarders);
    }
    for (const ForwardZone& zone : settings.zones) {
        text += forward_zone_text(zone.zone.text() + ".", zone.forwarders);
    }
    return text;
}

/// libunbound takes zones from a file only: here from one in memory.
Result<void> read_configuration(ub_ctx* context, const std::string& text) {
    const FileDescriptor file(memfd_create("unbound.conf", MFD_CLOEXEC));
    if (!file.is_open() ||
        write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        return system_failure("upstream: cannot make a file in memory");
    }
    const std::string path = fmt::format("/proc/self/fd/{}", file.get());
    if (const int code = ub_ctx_config(context, path.c_str()); code != 0) {
        return unbound_failure("libunbound refuses the zones to forward", code);
    }
    return {};
}

Result<void> set_validation(ub_ctx* context, const UpstreamSettings& settings) {
    if (settings.trust_anchors.empty()) {
        return set_option(context, "module-config:", "iterator");  // without it costs less
    }
    if (access(settings.trust_anchors.c_str(), R_OK) != 0) {
        return system_failure(
            fmt::format("upstream: cannot read DNSSEC's root keys in {} (install "
                        "dns-root-data, or write dnssec = false)",
                        settings.trust_anchors));
    }
    const int code = ub_ctx_add_ta_file(context, settings.trust_anchors.c_str());
    if (code != 0) {
        return unbound_failure("libunbound refuses " + settings.trust_anchors, code);
    }
    for (const ForwardZone& zone : settings.zones) {
        SPORVAKT_TRY(set_option(context, "domain-insecure:", zone.zone.text()));
    }
    return {};
}

void ignore_trial(void* /*data*/, int /*rcode*/, void* /*packet*/, int /*length*/, int /*security*/,
                  char* /*why_bogus*/, int /*was_ratelimited*/) noexcept {}

/// libunbound reads the keys at its first question: have it do so while somebody can still be told.
Result<void> try_out(ub_ctx* context) {
    const int code = ub_resolve_event(context, kTrialName, 1, 1, nullptr, ignore_trial, nullptr);
    if (code != 0) {
        return unbound_failure(
            "libunbound cannot start; are the files of [dns] dnssec and "
            "upstream_certificates in order?",
            code);
    }
    return {};
}

Result<void> configure(ub_ctx* context, const UpstreamSettings& settings) {
    // Its messages name what people look up; ours are counts.
    ub_ctx_debugout(context, nullptr);
    for (const Option& option : kOptions) {
        SPORVAKT_TRY(set_option(context, option.name, option.value));
    }
    SPORVAKT_TRY(read_configuration(context, configuration_text(settings)));
    SPORVAKT_TRY(set_validation(context, settings));
    return try_out(context);
}

}  // namespace

void UnboundContextDeleter::operator()(ub_ctx* context) const {
    ub_ctx_delete(context);
}

Result<UnboundContext> make_unbound_context(event_base* base, const UpstreamSettings& settings) {
    UnboundContext context(ub_ctx_create_event(base));
    if (!context) {
        return fail(Errc::Unavailable, "upstream: libunbound cannot start on this event loop");
    }
    SPORVAKT_TRY(configure(context.get(), settings));
    return context;
}

}  // namespace sporvakt::dns
