#include "dns/message/inspection.h"

#include "core/base/domain_name.h"
#include "dns/message/answer_facts.h"
#include "dns/message/common_reply.h"
#include "dns/message/encrypted_hello.h"
#include "dns/message/packet.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sporvakt::dns {
namespace {

using std::chrono::seconds;

struct TextDeleter {
    void operator()(char* text) const { std::free(text); }  // NOLINT(*-no-malloc): ldns's own
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

/// The first SOA of the authority section says how long "there is none" holds.
std::optional<seconds> negative_lifetime(const ldns_pkt* packet) {
    constexpr std::size_t kMinimumField = 6;
    for (const ldns_rr* record : records_of(ldns_pkt_authority(packet))) {
        if (is_type(record, RecordType::Soa) && ldns_rr_rd_count(record) > kMinimumField) {
            const seconds minimum(ldns_rdf2native_int32(ldns_rr_rdf(record, kMinimumField)));
            return std::min(minimum, seconds(ldns_rr_ttl(record)));
        }
    }
    return std::nullopt;
}

seconds lifetime_of(const ldns_pkt* packet, RecordType type) {
    LifetimeFacts facts;
    facts.rcode = static_cast<unsigned>(ldns_pkt_get_rcode(packet));
    for (const ldns_rr* record : records_of(ldns_pkt_answer(packet))) {
        facts.least_answer_ttl = std::min(facts.least_answer_ttl, seconds(ldns_rr_ttl(record)));
        facts.answers_type = facts.answers_type || is_type(record, type);
    }
    facts.negative = negative_lifetime(packet);
    return lifetime_of(facts);
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
    if (auto common = read_common_reply(reply, type)) {
        return *std::move(common);
    }
    return inspect_any_reply(reply, type);
}

Parsed<StoredAnswer> inspect_any_reply(Bytes reply, RecordType type) {
    Packet packet = SPORVAKT_TRY(read_packet(reply));
    StoredAnswer answer;
    Targets targets = SPORVAKT_TRY(targets_of(packet.get()));
    answer.leads_inside = targets.leads_inside();
    answer.targets = SPORVAKT_TRY(targets.take_all());
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
