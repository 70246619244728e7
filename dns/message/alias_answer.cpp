#include "dns/message/alias_answer.h"

#include "dns/message/packet.h"

namespace sporvakt::dns {
namespace {

ldns_rdf* name_from(Bytes wire) {
    return ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, wire.size(), wire.data());
}

Record alias_record(Bytes name, const ldns_rr* target, std::uint32_t ttl) {
    Record alias(ldns_rr_new_frm_type(LDNS_RR_TYPE_CNAME));
    ldns_rr_set_owner(alias.get(), name_from(name));
    ldns_rr_set_ttl(alias.get(), ttl);
    ldns_rr_set_rdf(alias.get(), ldns_rdf_clone(ldns_rr_owner(target)), 0);
    return alias;
}

Record question_record(Bytes name, const ldns_rr* like) {
    Record question(ldns_rr_clone(like));
    ldns_rdf_deep_free(ldns_rr_owner(question.get()));
    ldns_rr_set_owner(question.get(), name_from(name));
    return question;
}

void copy_section(const ldns_rr_list* from, ldns_pkt_section section, ldns_pkt* to) {
    for (const ldns_rr* record : records_of(from)) {
        ldns_pkt_push_rr(to, section, ldns_rr_clone(record));
    }
}

Parsed<StoredMessage> message_behind_alias(const StoredMessage& message, const Query& asked,
                                           std::uint32_t alias_ttl) {
    const Packet told = SPORVAKT_TRY(read_packet(message.bytes));
    const ldns_rr* const question = ldns_rr_list_rr(ldns_pkt_question(told.get()), 0);
    const Bytes name = asked.question().first(asked.question().size() - 4);

    const Packet whole(ldns_pkt_new());
    ldns_pkt_set_rcode(whole.get(), static_cast<std::uint8_t>(ldns_pkt_get_rcode(told.get())));
    ldns_pkt_push_rr(whole.get(), LDNS_SECTION_QUESTION, question_record(name, question).release());
    ldns_pkt_push_rr(whole.get(), LDNS_SECTION_ANSWER,
                     alias_record(name, question, alias_ttl).release());
    copy_section(ldns_pkt_answer(told.get()), LDNS_SECTION_ANSWER, whole.get());
    copy_section(ldns_pkt_authority(told.get()), LDNS_SECTION_AUTHORITY, whole.get());
    copy_section(ldns_pkt_additional(told.get()), LDNS_SECTION_ADDITIONAL, whole.get());
    return encode(whole.get());
}

}  // namespace

Parsed<StoredAnswer> behind_alias(const StoredAnswer& answer, const Query& asked,
                                  std::uint32_t alias_ttl) {
    StoredAnswer aliased;
    aliased.plain = SPORVAKT_TRY(message_behind_alias(answer.plain, asked, alias_ttl));
    if (answer.without_hello_keys) {
        aliased.without_hello_keys =
            SPORVAKT_TRY(message_behind_alias(*answer.without_hello_keys, asked, alias_ttl));
    }
    aliased.targets = answer.targets;
    aliased.lifetime = answer.lifetime;
    aliased.received = answer.received;
    return aliased;
}

}  // namespace sporvakt::dns
