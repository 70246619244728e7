#include "tests/support/tls_certificate.h"

#include "core/base/assert.h"

#include <cstdio>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace sporvakt::test {
namespace {

void add(X509* to, int kind, const std::string& value) {
    X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    SPORVAKT_ASSERT(made != nullptr);
    X509_add_ext(to, made, -1);
    X509_EXTENSION_free(made);
}

}  // namespace

struct TlsCertificate::Parts {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
};

TlsCertificate::TlsCertificate(const Facts& facts) : parts_(std::make_unique<Parts>()) {
    X509* const made = parts_->certificate;
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), facts.issuer == nullptr ? 1 : 2);
    X509_gmtime_adj(X509_getm_notBefore(made), facts.begins.count());
    X509_gmtime_adj(X509_getm_notAfter(made), facts.ends.count());
    X509_set_pubkey(made, parts_->key);
    X509_NAME* const subject = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_ASC,
        static_cast<const unsigned char*>(static_cast<const void*>(facts.names.c_str())), -1, -1,
        0);
    const Parts& issuer = facts.issuer == nullptr ? *parts_ : *facts.issuer->parts_;
    X509_set_issuer_name(made, X509_get_subject_name(issuer.certificate));
    add(made, NID_subject_alt_name, facts.names);
    if (facts.is_authority) {
        add(made, NID_basic_constraints, "critical,CA:TRUE");
    }
    SPORVAKT_ASSERT(X509_sign(made, issuer.key, EVP_sha256()) > 0);
}

TlsCertificate::~TlsCertificate() {
    X509_free(parts_->certificate);
    EVP_PKEY_free(parts_->key);
}

void TlsCertificate::write_pem(const std::string& path) const {
    std::FILE* const file = std::fopen(path.c_str(), "we");
    PEM_write_X509(file, parts_->certificate);
    std::fclose(file);
}

void TlsCertificate::ContextEnd::operator()(ssl_ctx_st* context) const {
    SSL_CTX_free(context);
}

TlsCertificate::ServerContext TlsCertificate::server_context() const {
    ServerContext context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context.get(), parts_->certificate);
    SSL_CTX_use_PrivateKey(context.get(), parts_->key);
    return context;
}

}  // namespace sporvakt::test
