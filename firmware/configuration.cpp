#include "firmware/configuration.h"

#include "core/base/whole_file.h"
#include "dns/tap/frame_stream.h"
#include "firmware/answer_keys.h"
#include "firmware/capture_state.h"
#include "firmware/gate/gate_keys.h"
#include "firmware/history/ledger_keys.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <optional>
#include <span>

#include <fmt/core.h>
#include <toml++/toml.h>

namespace sporvakt::firmware {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1024} * 1024;
constexpr double kSpeedMax = 1000.0;
constexpr std::size_t kInterfaceNameMax = 15;  // IFNAMSIZ, without the zero behind it
constexpr std::int64_t kRingMegabytesMax = 512;
constexpr std::uint16_t kDnsPort = 53;
constexpr std::int64_t kRateLimitMax = 100'000;
constexpr std::size_t kSubscriptionsMax = 100;
constexpr std::int64_t kUpdateHoursMax = 720;

/// Reads a document key by key and gathers what is wrong with it.
class Reader {
public:
    Reader(std::string_view name, const toml::table& document) : name_(name), document_(document) {}

    Result<Configuration> read();

private:
    /// What a key means: reads its value into `configuration_`.
    struct Key {
        std::string_view name;
        void (Reader::*read)(std::string_view key, const toml::node& value);
    };
    struct Section {
        std::string_view name;
        std::span<const Key> keys;
    };

    void read_section(const Section& section, const toml::node& node);

    void dns_listen(std::string_view key, const toml::node& value);
    void dns_upstream(std::string_view key, const toml::node& value);
    void dns_listen_tls(std::string_view key, const toml::node& value);
    void dns_tls_certificate(std::string_view key, const toml::node& value);
    void dns_tls_key(std::string_view key, const toml::node& value);
    void dns_allow_from(std::string_view key, const toml::node& value);
    void dns_rate_limit(std::string_view key, const toml::node& value);
    void dns_rate_limit_exempt(std::string_view key, const toml::node& value);
    void dns_rate_limit_action(std::string_view key, const toml::node& value);
    void dns_answers(std::string_view key, const toml::node& value);
    void dns_upstream_certificates(std::string_view key, const toml::node& value);
    void dns_forward(std::string_view key, const toml::node& value);
    void dns_dnssec(std::string_view key, const toml::node& value);
    void dns_rebinding_allowed(std::string_view key, const toml::node& value);
    void dns_dnstap(std::string_view key, const toml::node& value);
    void capture_interfaces(std::string_view key, const toml::node& value);
    void capture_file(std::string_view key, const toml::node& value);
    void capture_speed(std::string_view key, const toml::node& value);
    void capture_promiscuous(std::string_view key, const toml::node& value);
    void capture_ring_mb(std::string_view key, const toml::node& value);
    void capture_bytes(std::string_view key, const toml::node& value);
    void gate_interfaces(std::string_view key, const toml::node& value);
    void gate_keys(std::string_view key, const toml::node& value);
    void web_listen(std::string_view key, const toml::node& value);
    void storage_dir(std::string_view key, const toml::node& value);
    void ledger_keys(std::string_view key, const toml::node& value);
    void list_files(std::string_view key, const toml::node& value);
    void list_subscriptions(std::string_view key, const toml::node& value);
    void list_update_hours(std::string_view key, const toml::node& value);

    void forward_zone(const toml::table& table);
    std::vector<dns::Forwarder> forwarders(std::string_view key, const toml::node& value);
    std::vector<Endpoint> listen_endpoints(std::string_view key, const toml::node& value);
    std::vector<std::string> interface_names(std::string_view key, const toml::node& value);
    std::vector<IpPrefix> networks(std::string_view key, const toml::node& value);
    void each_text(std::string_view key, const toml::node& value,
                   const std::function<void(const toml::node&, const std::string&)>& take);
    std::optional<std::string> text(std::string_view key, const toml::node& value);
    void fault(const toml::node& at, std::string_view what);

    static constexpr std::array kDns{
        Key{"listen", &Reader::dns_listen},
        Key{"upstream", &Reader::dns_upstream},
        Key{"listen_tls", &Reader::dns_listen_tls},
        Key{"tls_certificate", &Reader::dns_tls_certificate},
        Key{"tls_key", &Reader::dns_tls_key},
        Key{"upstream_certificates", &Reader::dns_upstream_certificates},
        Key{"forward", &Reader::dns_forward},
        Key{"dnssec", &Reader::dns_dnssec},
        Key{"rebinding_allowed", &Reader::dns_rebinding_allowed},
        Key{"dnstap", &Reader::dns_dnstap},
        Key{"allow_from", &Reader::dns_allow_from},
        Key{"rate_limit", &Reader::dns_rate_limit},
        Key{"rate_limit_exempt", &Reader::dns_rate_limit_exempt},
        Key{"rate_limit_action", &Reader::dns_rate_limit_action},
        Key{"blocking", &Reader::dns_answers},
        Key{"blocking_ttl", &Reader::dns_answers},
        Key{"canary_names", &Reader::dns_answers},
        Key{"strip_ech", &Reader::dns_answers},
        Key{"local_domain", &Reader::dns_answers},
        Key{"record", &Reader::dns_answers}};
    static constexpr std::array kCapture{Key{"interfaces", &Reader::capture_interfaces},
                                         Key{"file", &Reader::capture_file},
                                         Key{"speed", &Reader::capture_speed},
                                         Key{"promiscuous", &Reader::capture_promiscuous},
                                         Key{"ring_mb", &Reader::capture_ring_mb},
                                         Key{"bytes", &Reader::capture_bytes}};
    static constexpr std::array kGate{Key{"mode", &Reader::gate_keys},
                                      Key{"on_failure", &Reader::gate_keys},
                                      Key{"interfaces", &Reader::gate_interfaces},
                                      Key{"redirect_dns", &Reader::gate_keys},
                                      Key{"reject_dot", &Reader::gate_keys},
                                      Key{"reject_doh", &Reader::gate_keys}};
    static constexpr std::array kWeb{Key{"listen", &Reader::web_listen}};
    static constexpr std::array kStorage{Key{"dir", &Reader::storage_dir}};
    static constexpr std::array kLedger{Key{"keeps", &Reader::ledger_keys},
                                        Key{"detail_days", &Reader::ledger_keys},
                                        Key{"sum_days", &Reader::ledger_keys}};
    static constexpr std::array kLists{Key{"files", &Reader::list_files},
                                       Key{"subscriptions", &Reader::list_subscriptions},
                                       Key{"update_hours", &Reader::list_update_hours}};

    std::string_view name_;
    const toml::table& document_;
    Configuration configuration_;
    std::string faults_;
};

template <class Entries>
std::string names_of(const Entries& entries) {
    std::string names;
    for (const auto& entry : entries) {
        names += fmt::format("{}{}", names.empty() ? "" : ", ", entry.name);
    }
    return names;
}

Configuration defaults() {
    Configuration configuration;
    const IpAddress loopback = *IpAddress::from_text("127.0.0.1");
    configuration.dns.listen = {{loopback, kDnsPort}};
    configuration.dns.upstream.trust_anchors = "/usr/share/dns/root.key";  // dns-root-data
    configuration.web.listen = {{loopback, 8080}};
    configuration.storage_dir = "/var/lib/sporvakt";
    return configuration;
}

Result<Configuration> Reader::read() {
    static constexpr std::array kSections{
        Section{"dns", kDns},    Section{"capture", kCapture}, Section{"gate", kGate},
        Section{"web", kWeb},    Section{"storage", kStorage}, Section{"ledger", kLedger},
        Section{"lists", kLists}};
    configuration_ = defaults();
    for (const auto& [key, value] : document_) {
        const auto* const section =
            std::find_if(kSections.begin(), kSections.end(),
                         [&name = key](const Section& known) { return known.name == name.str(); });
        if (section == kSections.end()) {
            fault(value, fmt::format("unknown section '{}'; known are {}", key.str(),
                                     names_of(kSections)));
        } else {
            read_section(*section, value);
        }
    }
    if (!configuration_.capture.file.empty() && !configuration_.capture.interfaces.empty()) {
        fault(*document_["capture"].node(),
              "capture.file and capture.interfaces exclude each other; take one of them away");
    }
    if (configuration_.dns.tls_certificate.empty() != configuration_.dns.tls_key.empty()) {
        fault(*document_["dns"].node(),
              "dns.tls_certificate and dns.tls_key belong together; write both, or none for a "
              "certificate that sporvakt makes");
    }
    for (const std::string& what : gate_contradictions(configuration_)) {
        fault(document_["gate"] ? *document_["gate"].node() : document_, what);
    }
    if (!faults_.empty()) {
        faults_.pop_back();  // the last line's end
        return fail(Errc::InvalidInput, faults_);
    }
    return configuration_;
}

void Reader::read_section(const Section& section, const toml::node& node) {
    const toml::table* const table = node.as_table();
    if (table == nullptr) {
        fault(node, fmt::format("'{0}' must be a section; write [{0}] on a line of its own",
                                section.name));
        return;
    }
    for (const auto& [key, value] : *table) {
        const auto known =
            std::find_if(section.keys.begin(), section.keys.end(),
                         [&name = key](const Key& entry) { return entry.name == name.str(); });
        if (known == section.keys.end()) {
            fault(value, fmt::format("unknown key '{}' in [{}]; known are {}", key.str(),
                                     section.name, names_of(section.keys)));
        } else {
            (this->*known->read)(fmt::format("{}.{}", section.name, known->name), value);
        }
    }
}

void Reader::dns_listen(std::string_view key, const toml::node& value) {
    configuration_.dns.listen = listen_endpoints(key, value);
}

void Reader::web_listen(std::string_view key, const toml::node& value) {
    configuration_.web.listen = listen_endpoints(key, value);
}

void Reader::dns_upstream(std::string_view key, const toml::node& value) {
    configuration_.dns.upstream.forwarders = forwarders(key, value);
}

void Reader::dns_upstream_certificates(std::string_view key, const toml::node& value) {
    configuration_.dns.upstream.certificates = text(key, value).value_or("");
}

void Reader::dns_dnssec(std::string_view key, const toml::node& value) {
    const auto validates = value.value_exact<bool>();
    if (!validates) {
        fault(value, fmt::format("{} must be true or false, without quotes", key));
    } else if (!*validates) {
        configuration_.dns.upstream.trust_anchors.clear();
    }
}

void Reader::dns_rebinding_allowed(std::string_view key, const toml::node& value) {
    each_text(key, value, [&](const toml::node& at, const std::string& entry) {
        if (const auto zone = dns::zone_from_text(entry)) {
            configuration_.dns.answers.zones.may_lead_inside.add(*zone);
        } else {
            fault(at,
                  fmt::format("{}: '{}' is not a domain name; write \"plex.direct\"", key, entry));
        }
    });
}

void Reader::dns_dnstap(std::string_view key, const toml::node& value) {
    const auto path = text(key, value);
    if (path && (path->front() != '/' || path->size() > dns::FrameStream::kPathLengthMax)) {
        fault(value, fmt::format("{} must be the whole path of a Unix socket, at most {} "
                                 "characters; write \"/run/sporvakt/dnstap.sock\"",
                                 key, dns::FrameStream::kPathLengthMax));
        return;
    }
    configuration_.dns.dnstap = path.value_or("");
}

void Reader::dns_listen_tls(std::string_view key, const toml::node& value) {
    configuration_.dns.listen_tls = listen_endpoints(key, value);
}

void Reader::dns_tls_certificate(std::string_view key, const toml::node& value) {
    configuration_.dns.tls_certificate = text(key, value).value_or("");
}

void Reader::dns_tls_key(std::string_view key, const toml::node& value) {
    configuration_.dns.tls_key = text(key, value).value_or("");
}

void Reader::dns_allow_from(std::string_view key, const toml::node& value) {
    std::vector<IpPrefix>& allowed = configuration_.dns.admission.allow_from;
    allowed = networks(key, value);
    for (IpPrefix& own : dns::loopback_networks()) {
        allowed.push_back(own);  // this machine's own programs, whatever the list says
    }
}

void Reader::dns_rate_limit(std::string_view key, const toml::node& value) {
    const auto* const limit = value.as_integer();
    if (limit == nullptr || limit->get() < 0 || limit->get() > kRateLimitMax) {
        fault(value, fmt::format("{} must be a whole number of questions a second up to {}, or 0 "
                                 "for no limit",
                                 key, kRateLimitMax));
        return;
    }
    configuration_.dns.admission.rate_limit =
        limit->get() == 0 ? std::nullopt : std::optional(static_cast<unsigned>(limit->get()));
}

void Reader::dns_rate_limit_exempt(std::string_view key, const toml::node& value) {
    configuration_.dns.admission.rate_limit_exempt = networks(key, value);
}

void Reader::dns_rate_limit_action(std::string_view key, const toml::node& value) {
    const auto action = value.value<std::string>();
    if (action == "truncate") {
        configuration_.dns.admission.over_limit = dns::OverLimitAnswer::Truncate;
    } else if (action == "refuse") {
        configuration_.dns.admission.over_limit = dns::OverLimitAnswer::Refuse;
    } else {
        fault(value, fmt::format(R"({} must be "truncate" or "refuse")", key));
    }
}

void Reader::dns_answers(std::string_view key, const toml::node& value) {
    AnswerKeys(configuration_.dns, [this](const toml::node& at, std::string_view what) {
        fault(at, what);
    }).read(key, value);
}

void Reader::dns_forward(std::string_view key, const toml::node& value) {
    const toml::array* const zones = value.as_array();
    if (zones == nullptr || !zones->is_homogeneous(toml::node_type::table)) {
        fault(value, fmt::format("{0} must be written as [[{0}]] on a line of its own", key));
        return;
    }
    for (const toml::node& zone : *zones) {
        forward_zone(*zone.as_table());
    }
}

void Reader::forward_zone(const toml::table& table) {
    static constexpr std::string_view kKey = "dns.forward";
    std::optional<DomainName> name;
    std::vector<dns::Forwarder> asked;
    const std::size_t faults_before = faults_.size();
    for (const auto& [key, value] : table) {
        if (key == "zone") {
            const auto zone = dns::zone_from_text(value.value_or(std::string()));
            if (zone) {
                name = *zone;
            } else {
                fault(value, fmt::format("{}.zone must be a domain name in quotes; write zone = "
                                         "\"lan.example\"",
                                         kKey));
            }
        } else if (key == "upstream") {
            asked = forwarders(fmt::format("{}.upstream", kKey), value);
        } else {
            fault(value, fmt::format("unknown key '{}' in [[{}]]; known are zone, upstream",
                                     key.str(), kKey));
        }
    }
    if (faults_.size() != faults_before) {
        return;
    }
    auto& zones = configuration_.dns.upstream.zones;
    if (!name || asked.empty()) {
        fault(table, fmt::format(R"([[{}]] needs both zone = "lan.example" and upstream = ["..."])",
                                 kKey));
    } else if (std::any_of(zones.begin(), zones.end(),
                           [&](const dns::ForwardZone& other) { return other.zone == *name; })) {
        fault(table, fmt::format("{}: zone '{}' stands there twice; put all its upstreams into one "
                                 "list",
                                 kKey, name->text()));
    } else {
        zones.push_back({*name, std::move(asked)});
    }
}

std::vector<dns::Forwarder> Reader::forwarders(std::string_view key, const toml::node& value) {
    std::vector<dns::Forwarder> read;
    each_text(key, value, [&](const toml::node& at, const std::string& entry) {
        const auto forwarder = dns::Forwarder::from_text(entry);
        if (!forwarder) {
            fault(at, fmt::format("{}: {}", key, forwarder.error().message));
            return;
        }
        read.push_back(*forwarder);
        if (dns::mixes_transports(read)) {
            fault(at, fmt::format("{}: '{}' differs from those before it: either all are asked "
                                  "over TLS (\"ADDRESS@853#NAME\") or none; take one kind away",
                                  key, entry));
            read.pop_back();
        }
    });
    return read;
}

void Reader::capture_interfaces(std::string_view key, const toml::node& value) {
    configuration_.capture.interfaces = interface_names(key, value);
}

void Reader::gate_interfaces(std::string_view key, const toml::node& value) {
    configuration_.gate.interfaces = interface_names(key, value);
}

void Reader::gate_keys(std::string_view key, const toml::node& value) {
    GateKeys(configuration_.gate, [this](const toml::node& at, std::string_view what) {
        fault(at, what);
    }).read(key, value);
}

std::vector<std::string> Reader::interface_names(std::string_view key, const toml::node& value) {
    std::vector<std::string> names;
    each_text(key, value, [&](const toml::node& at, const std::string& name) {
        // The kernel's own rule for interface names (dev_valid_name).
        if (name.empty() || name.size() > kInterfaceNameMax || name == "." || name == ".." ||
            name.find_first_of("/: \t\n") != std::string::npos) {
            fault(at, fmt::format("{}: '{}' cannot be a network interface; `ip link` lists them",
                                  key, name));
            return;
        }
        if (std::find(names.begin(), names.end(), name) != names.end()) {
            fault(at, fmt::format("{}: '{}' stands there twice; take one away", key, name));
            return;
        }
        names.push_back(name);
    });
    if (names.size() > CaptureState::kInterfacesMax) {
        fault(value, fmt::format("{}: {} are too many; at most {}", key, names.size(),
                                 CaptureState::kInterfacesMax));
    }
    return names;
}

void Reader::capture_file(std::string_view key, const toml::node& value) {
    configuration_.capture.file = text(key, value).value_or("");
}

void Reader::capture_speed(std::string_view key, const toml::node& value) {
    const auto speed = value.value<double>();
    if (!value.is_number() || !speed || !(*speed > 0.0 && *speed <= kSpeedMax)) {
        fault(value, fmt::format("{} must be a number over 0 and up to {}", key, kSpeedMax));
        return;
    }
    configuration_.capture.speed = *speed;
}

void Reader::capture_promiscuous(std::string_view key, const toml::node& value) {
    const auto text = value.value<std::string>();
    std::optional<capture::Reach>& reach = configuration_.capture.reach;
    if (text == "always") {
        reach = capture::Reach::Everything;
    } else if (text == "never") {
        reach = capture::Reach::OwnFrames;
    } else if (text == "auto") {
        reach.reset();
    } else {
        fault(value, fmt::format(R"({} must be "auto", "always" or "never")", key));
    }
}

void Reader::capture_ring_mb(std::string_view key, const toml::node& value) {
    const auto* const size = value.as_integer();
    if (size == nullptr || size->get() < 1 || size->get() > kRingMegabytesMax) {
        fault(value, fmt::format("{} must be a whole number of megabytes from 1 to {}", key,
                                 kRingMegabytesMax));
        return;
    }
    configuration_.capture.ring_bytes = static_cast<std::size_t>(size->get()) * 1024 * 1024;
}

void Reader::capture_bytes(std::string_view key, const toml::node& value) {
    const auto counts = value.value_exact<bool>();
    if (!counts) {
        fault(value, fmt::format("{} must be true or false, without quotes", key));
        return;
    }
    configuration_.capture.wanted = *counts ? capture::Wanted::Bytes : capture::Wanted::Handshakes;
}

void Reader::storage_dir(std::string_view key, const toml::node& value) {
    configuration_.storage_dir = text(key, value).value_or("");
}

void Reader::ledger_keys(std::string_view key, const toml::node& value) {
    LedgerKeys(configuration_.ledger, [this](const toml::node& at, std::string_view what) {
        fault(at, what);
    }).read(key, value);
}

void Reader::list_files(std::string_view key, const toml::node& value) {
    each_text(key, value, [&](const toml::node& at, const std::string& path) {
        if (path.empty()) {
            fault(at, fmt::format("{}: an entry is empty; write the path of a list", key));
            return;
        }
        configuration_.list_files.push_back(path);
    });
}

// Whether an entry is in the registry is known once that is read (firmware/lists/subscription.h).
void Reader::list_subscriptions(std::string_view key, const toml::node& value) {
    auto& entries = configuration_.subscribed.entries;
    each_text(key, value, [&](const toml::node& at, const std::string& entry) {
        if (std::find(entries.begin(), entries.end(), entry) != entries.end()) {
            fault(at, fmt::format("{}: '{}' stands there twice; take one away", key, entry));
        } else {
            entries.push_back(entry);
        }
    });
    if (entries.size() > kSubscriptionsMax) {
        fault(value, fmt::format("{}: more than {} lists", key, kSubscriptionsMax));
    }
}

void Reader::list_update_hours(std::string_view key, const toml::node& value) {
    const auto* const hours = value.as_integer();
    if (hours == nullptr || hours->get() < 1 || hours->get() > kUpdateHoursMax) {
        fault(value,
              fmt::format("{} must be a whole number of hours from 1 to {}", key, kUpdateHoursMax));
        return;
    }
    configuration_.subscribed.update_every = std::chrono::hours(hours->get());
}

std::vector<Endpoint> Reader::listen_endpoints(std::string_view key, const toml::node& value) {
    std::vector<Endpoint> endpoints;
    const std::size_t faults_before = faults_.size();
    each_text(key, value, [&](const toml::node& at, const std::string& entry) {
        const auto endpoint = Endpoint::from_text(entry);
        if (!endpoint || endpoint->port == 0) {
            fault(at, fmt::format("{}: '{}' is not an address with a port; write "
                                  "\"127.0.0.1:5300\" or \"[::1]:5300\"",
                                  key, entry));
        } else if (std::find(endpoints.begin(), endpoints.end(), *endpoint) != endpoints.end()) {
            fault(at, fmt::format("{}: '{}' stands there twice; take one away", key, entry));
        } else {
            endpoints.push_back(*endpoint);
        }
    });
    if (endpoints.empty() && faults_.size() == faults_before) {
        fault(value, fmt::format("{} is empty; write at least one address with a port", key));
    }
    return endpoints;
}

std::vector<IpPrefix> Reader::networks(std::string_view key, const toml::node& value) {
    std::vector<IpPrefix> prefixes;
    each_text(key, value, [&](const toml::node& at, const std::string& entry) {
        if (const auto prefix = IpPrefix::from_text(entry)) {
            prefixes.push_back(*prefix);
        } else {
            fault(at, fmt::format("{}: '{}' is not a network; write its first address and its "
                                  "length, \"192.168.1.0/24\" or \"fd00::/8\", or one address",
                                  key, entry));
        }
    });
    return prefixes;
}

void Reader::each_text(std::string_view key, const toml::node& value,
                       const std::function<void(const toml::node&, const std::string&)>& take) {
    const toml::array* const entries = value.as_array();
    if (entries == nullptr) {
        fault(value, fmt::format("{0} must be a list of texts; write {1} = [\"...\"]", key,
                                 key.substr(key.find('.') + 1)));
        return;
    }
    for (const toml::node& entry : *entries) {
        const auto* const content = entry.as_string();
        if (content == nullptr) {
            fault(entry, fmt::format("{}: every entry must be a text in quotes", key));
        } else {
            take(entry, content->get());
        }
    }
}

std::optional<std::string> Reader::text(std::string_view key, const toml::node& value) {
    const auto* const content = value.as_string();
    if (content == nullptr || content->get().empty()) {
        fault(value, fmt::format("{} must be a text in quotes, and not empty", key));
        return std::nullopt;
    }
    return content->get();
}

void Reader::fault(const toml::node& at, std::string_view what) {
    faults_ += fmt::format("{}:{}: {}\n", name_, at.source().begin.line, what);
}

}  // namespace

Result<Configuration> parse_configuration(std::string_view text, std::string_view name) {
    try {
        const toml::table document = toml::parse(text, name);
        return Reader(name, document).read();
    } catch (const toml::parse_error& error) {
        return fail(Errc::InvalidInput,
                    fmt::format("{}:{}: {}; see https://toml.io for how to write it", name,
                                error.source().begin.line, error.description()));
    }
}

Result<Configuration> read_configuration(const std::string& path) {
    return parse_configuration(SPORVAKT_TRY(read_whole_file(path, kFileBytesMax)), path);
}

}  // namespace sporvakt::firmware
