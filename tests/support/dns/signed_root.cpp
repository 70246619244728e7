#include "tests/support/dns/signed_root.h"

#include "core/base/assert.h"
#include "core/base/ldns_wrap.h"
#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/fake_name_server.h"

#include <cstdlib>

namespace sporvakt::test {
namespace {

constexpr std::uint16_t kNsec = 47;
constexpr std::uint16_t kDnskey = 48;
constexpr std::uint32_t kDnssecOk = 0x8000;
constexpr std::uint32_t kDay = 86400;

struct RecordDeleter {
    void operator()(ldns_rr* record) const { ldns_rr_free(record); }
};
using Record = std::unique_ptr<ldns_rr, RecordDeleter>;

struct RecordsDeleter {
    void operator()(ldns_rr_list* records) const { ldns_rr_list_deep_free(records); }
};
using Records = std::unique_ptr<ldns_rr_list, RecordsDeleter>;

struct BufferDeleter {
    void operator()(ldns_buffer* buffer) const { ldns_buffer_free(buffer); }
};

SignedRoot::Octets data_of(const ldns_rr* record) {
    const std::unique_ptr<ldns_buffer, BufferDeleter> buffer(ldns_buffer_new(LDNS_MIN_BUFLEN));
    SPORVAKT_ASSERT(ldns_rr_rdata2buffer_wire(buffer.get(), record) == LDNS_STATUS_OK);
    const std::uint8_t* begin = ldns_buffer_begin(buffer.get());
    return {begin, begin + ldns_buffer_position(buffer.get())};
}

std::string text_of(const ldns_rr* record) {
    char* raw = ldns_rr2str(record);
    std::string text(raw);
    std::free(raw);  // NOLINT(*-no-malloc): ldns's own
    return text;
}

Record parsed(const std::string& text) {
    ldns_rr* record = nullptr;
    const auto status = ldns_rr_new_frm_str(&record, text.c_str(), 0, nullptr, nullptr);
    SPORVAKT_ASSERT(status == LDNS_STATUS_OK);
    return Record(record);
}

}  // namespace

struct SignedRoot::Key {
    Key() : list(ldns_key_list_new()) {
        ldns_key* made = ldns_key_new_frm_algorithm(LDNS_SIGN_ECDSAP256SHA256, 256);
        ldns_key_set_pubkey_owner(made, ldns_dname_new_frm_str("."));
        ldns_key_set_flags(made, LDNS_KEY_ZONE_KEY | LDNS_KEY_SEP_KEY);
        record.reset(ldns_key2rr(made));
        ldns_key_set_keytag(made, ldns_calc_keytag(record.get()));
        ldns_key_list_push_key(list, made);
    }
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;
    Key(Key&&) = delete;
    Key& operator=(Key&&) = delete;
    ~Key() { ldns_key_list_free(list); }

    ldns_key_list* list;
    Record record;
};

SignedRoot::SignedRoot() : key_(std::make_unique<Key>()) {}

SignedRoot::~SignedRoot() = default;

std::string SignedRoot::anchor() const {
    return text_of(key_->record.get());
}

SignedRoot::Octets SignedRoot::signature_data(const std::string& record,
                                              Signature signature) const {
    const auto now =
        static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                       std::chrono::system_clock::now().time_since_epoch())
                                       .count());
    ldns_key* key = ldns_key_list_key(key_->list, 0);
    const bool is_early = signature == Signature::NotYetValid;
    const bool is_late = signature == Signature::Expired;
    ldns_key_set_inception(key, is_early ? now + 10 * kDay : now - 20 * kDay);
    ldns_key_set_expiration(key, is_late ? now - 10 * kDay : now + 20 * kDay);

    const Records set(ldns_rr_list_new());
    ldns_rr_list_push_rr(set.get(), parsed(record).release());
    const Records signatures(ldns_sign_public(set.get(), key_->list));
    return data_of(ldns_rr_list_rr(signatures.get(), 0));
}

void SignedRoot::publish_keys(FakeNameServer& server) const {
    auto reply = DnsBuilder::reply("", kDnskey);
    reply.ttl(ldns_rr_ttl(key_->record.get())).answer("", kDnskey, data_of(key_->record.get()));
    reply.answer("", DnsBuilder::kRrsig, signature_data(anchor(), Signature::Good));
    server.tell("", kDnskey, reply.edns(1232, kDnssecOk).build());
}

SignedRoot::Octets SignedRoot::address_reply(const std::string& name, Signature signature) const {
    auto reply = DnsBuilder::reply(name, DnsBuilder::kA);
    reply.a(name, {192, 0, 2, 1});
    if (signature != Signature::Missing) {
        const std::string address =
            signature == Signature::OfAnotherAddress ? "192.0.2.99" : "192.0.2.1";
        reply.answer(name, DnsBuilder::kRrsig,
                     signature_data(name + ". 300 IN A " + address, signature));
    }
    return reply.edns(1232, kDnssecOk).build();
}

SignedRoot::Octets SignedRoot::unproven_denial(const std::string& name) const {
    const std::string soa = ". 300 IN SOA ns. admin. 1 3600 600 86400 300";
    const std::string elsewhere = "zz. 300 IN NSEC zzz. A RRSIG NSEC";
    return DnsBuilder::reply(name, DnsBuilder::kA)
        .rcode(3)
        .soa("", 300)
        .authority("", DnsBuilder::kRrsig, signature_data(soa, Signature::Good))
        .authority("zz", kNsec, data_of(parsed(elsewhere).get()))
        .authority("zz", DnsBuilder::kRrsig, signature_data(elsewhere, Signature::Good))
        .edns(1232, kDnssecOk)
        .build();
}

}  // namespace sporvakt::test
