#include "dns/message/inspection.h"

#include "core/base/domain_name.h"
#include "core/base/ip_address.h"
#include "dns/message/encrypted_hello.h"
#include "dns/message/inside_address.h"
#include "dns/message/packet.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace sporvakt::dns {
namespace {

using std::chrono::seconds;

struct TextDeleter {
    void operator()(char* text) const { std::free(text); }  // NOLINT(*-no-malloc): ldns's own
};

/// Collects where an answer leads to.
class Targets {
public:
    /// A name as text.  What no host can be called is no target: nothing connects to it.
    void add_name(std::string_view text) {
        if (auto name = DomainName::from_text(text)) {
            names_.push_back(name->text());
        }
    }

    Parsed<void> add_address(Bytes bytes) {
        const IpAddress address = SPORVAKT_TRY(IpAddress::from_bytes(bytes));
        leads_inside_ = leads_inside_ || is_inside_address(address);
        addresses_.push_back(address.text());
        return {};
    }

    [[nodiscard]] bool leads_inside() const { return leads_inside_; }

    Parsed<std::vector<std::string>> all() {
        names_.insert(names_.end(), addresses_.begin(), addresses_.end());
        if (names_.size() > kTargetsMax) {
            return tl::unexpected(ParseError::LimitExceeded);
        }
        return std::move(names_);
    }

private:
    std::vector<std::string> names_;
    std::vector<std::string> addresses_;
    bool leads_inside_ = false;
};

// ipv4hint and ipv6hint hold whole addresses, one behind the other (RFC 9460 §7.3).
Parsed<void> add_hints(Bytes hints, std::size_t width, Targets& targets) {
    if (hints.empty() || hints.size() % width != 0) {
        return tl::unexpected(ParseError::Malformed);
    }
    for (; !hints.empty(); hints = hints.subspan(width)) {
        SPORVAKT_TRY(targets.add_address(hints.first(width)));
    }
    return {};
}

// Names in SVCB are never compressed (RFC 9460 §2.2).
Parsed<std::string> read_name(ByteReader& reader) {
    std::string text;
    for (;;) {
        const Bytes label = SPORVAKT_TRY(reader.take_vector8());
        if (label.empty()) {
            return text;
        }
        if (label.size() > DomainName::kMaxLabelLength) {
            return tl::unexpected(ParseError::Malformed);
        }
        const bool has_dot = std::find(label.begin(), label.end(), '.') != label.end();
        text.append(has_dot ? " " : as_text(label)).append(".");  // a space: no host name
    }
}

Parsed<void> add_service(const ldns_rr* record, Targets& targets) {
    constexpr std::uint16_t kIpv4Hint = 4;
    constexpr std::uint16_t kIpv6Hint = 6;
    const std::vector<std::uint8_t> data = SPORVAKT_TRY(data_of(record));
    ByteReader reader(data);
    SPORVAKT_TRY(reader.u16());  // priority
    targets.add_name(SPORVAKT_TRY(read_name(reader)));
    while (!reader.at_end()) {
        const std::uint16_t key = SPORVAKT_TRY(reader.u16());
        const Bytes value = SPORVAKT_TRY(reader.take_vector16());
        if (key == kIpv4Hint) {
            SPORVAKT_TRY(add_hints(value, 4, targets));
        } else if (key == kIpv6Hint) {
            SPORVAKT_TRY(add_hints(value, 16, targets));
        }
    }
    return {};
}

Parsed<void> add_alias(const ldns_rr* record, Targets& targets) {
    const ldns_rdf* target = ldns_rr_rdf(record, 0);
    if (target == nullptr) {
        return tl::unexpected(ParseError::Malformed);
    }
    const std::unique_ptr<char, TextDeleter> text(ldns_rdf2str(target));
    if (text) {
        targets.add_name(text.get());
    }
    return {};
}

Parsed<void> add_targets(const ldns_rr_list* records, Targets& targets) {
    for (const ldns_rr* record : records_of(records)) {
        if (is_type(record, RecordType::Cname)) {
            SPORVAKT_TRY(add_alias(record, targets));
        } else if (is_service(record)) {
            SPORVAKT_TRY(add_service(record, targets));
        } else if (is_type(record, RecordType::A) || is_type(record, RecordType::Aaaa)) {
            SPORVAKT_TRY(targets.add_address(SPORVAKT_TRY(data_of(record))));
        }
    }
    return {};
}

Parsed<Targets> targets_of(const ldns_pkt* packet) {
    Targets targets;
    SPORVAKT_TRY(add_targets(ldns_pkt_answer(packet), targets));
    // An SVCB answer brings the addresses of its target along.
    SPORVAKT_TRY(add_targets(ldns_pkt_additional(packet), targets));
    return targets;
}

seconds least_ttl(const std::vector<const ldns_rr*>& records, seconds most) {
    for (const ldns_rr* record : records) {
        most = std::min(most, seconds(ldns_rr_ttl(record)));
    }
    return most;
}

/// How long "there is none" holds: the SOA's TTL or its minimum, whichever is less (RFC 2308 §5);
/// not at all without an SOA.
seconds negative_lifetime(const ldns_pkt* packet) {
    constexpr std::size_t kMinimumField = 6;
    for (const ldns_rr* record : records_of(ldns_pkt_authority(packet))) {
        if (is_type(record, RecordType::Soa) && ldns_rr_rd_count(record) > kMinimumField) {
            const seconds minimum(ldns_rdf2native_int32(ldns_rr_rdf(record, kMinimumField)));
            return std::min({minimum, seconds(ldns_rr_ttl(record)), kNegativeLifetimeMax});
        }
    }
    return seconds(0);
}

seconds lifetime_of(const ldns_pkt* packet, RecordType type) {
    const auto answers = records_of(ldns_pkt_answer(packet));
    const seconds positive = least_ttl(answers, kPositiveLifetimeMax);
    const auto rcode = ldns_pkt_get_rcode(packet);
    const bool answers_type =
        std::any_of(answers.begin(), answers.end(),
                    [type](const ldns_rr* record) { return is_type(record, type); });
    if (rcode == LDNS_RCODE_NOERROR && answers_type) {
        return positive;
    }
    if (rcode == LDNS_RCODE_NOERROR || rcode == LDNS_RCODE_NXDOMAIN) {
        return std::min(positive, negative_lifetime(packet));
    }
    return seconds(0);
}

bool is_proof(const ldns_rr* record, RecordType asked) {
    const auto type = ldns_rr_get_type(record);
    const bool proves =
        type == LDNS_RR_TYPE_RRSIG || type == LDNS_RR_TYPE_NSEC || type == LDNS_RR_TYPE_NSEC3;
    return proves && !is_type(record, asked);
}

bool has_proofs(const ldns_pkt* packet, RecordType asked) {
    const auto holds = [asked](const ldns_rr_list* list) {
        const auto records = records_of(list);
        return std::any_of(records.begin(), records.end(),
                           [asked](const ldns_rr* record) { return is_proof(record, asked); });
    };
    return holds(ldns_pkt_answer(packet)) || holds(ldns_pkt_authority(packet)) ||
           holds(ldns_pkt_additional(packet));
}

void add_without_proofs(ldns_pkt* to, ldns_pkt_section section, const ldns_rr_list* records,
                        RecordType asked) {
    for (const ldns_rr* record : records_of(records)) {
        if (!is_proof(record, asked)) {
            ldns_pkt_push_rr(to, section, ldns_rr_clone(record));
        }
    }
}

Packet without_proofs(const ldns_pkt* packet, RecordType asked) {
    Packet rest(ldns_pkt_new());
    ldns_pkt_set_rcode(rest.get(), static_cast<std::uint8_t>(ldns_pkt_get_rcode(packet)));
    add_without_proofs(rest.get(), LDNS_SECTION_QUESTION, ldns_pkt_question(packet), asked);
    add_without_proofs(rest.get(), LDNS_SECTION_ANSWER, ldns_pkt_answer(packet), asked);
    add_without_proofs(rest.get(), LDNS_SECTION_AUTHORITY, ldns_pkt_authority(packet), asked);
    add_without_proofs(rest.get(), LDNS_SECTION_ADDITIONAL, ldns_pkt_additional(packet), asked);
    return rest;
}

}  // namespace

Parsed<StoredAnswer> inspect_reply(Bytes reply, RecordType type) {
    Packet packet = SPORVAKT_TRY(read_packet(reply));
    StoredAnswer answer;
    Targets targets = SPORVAKT_TRY(targets_of(packet.get()));
    answer.leads_inside = targets.leads_inside();
    answer.targets = SPORVAKT_TRY(targets.all());
    answer.lifetime = lifetime_of(packet.get(), type);
    if (has_proofs(packet.get(), type)) {
        answer.full = SPORVAKT_TRY(encode(packet.get()));
        packet = without_proofs(packet.get(), type);
    }
    answer.plain = SPORVAKT_TRY(encode(packet.get()));
    if (SPORVAKT_TRY(strip_encrypted_hello(packet.get()))) {
        answer.without_hello_keys = SPORVAKT_TRY(encode(packet.get()));
    }
    return answer;
}

}  // namespace sporvakt::dns
