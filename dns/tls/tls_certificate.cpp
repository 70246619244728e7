#include "dns/tls/tls_certificate.h"

#include "core/base/file_descriptor.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

namespace sporvakt::dns {
namespace {

constexpr std::chrono::days kLifetime{3653};
constexpr std::chrono::days kRenewal{30};
constexpr std::chrono::days kSlack{1};  // for clients whose clock is behind ours
constexpr int kSerialBits = 127;        // positive, of at most 20 bytes (RFC 5280 §4.1.2.2)
constexpr mode_t kForOwner = 0600;
constexpr mode_t kForAll = 0644;

template <auto Function>
struct Free {
    template <class T>
    void operator()(T* object) const {
        Function(object);
    }
};
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;

tl::unexpected<Error> failure(const std::string& path, std::string_view what) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    return fail(Errc::Storage,
                fmt::format("{}: {}: {}", path, what, reason != nullptr ? reason : "unknown"));
}

std::time_t seconds_of(Timestamp at) {
    return std::chrono::system_clock::to_time_t(at);
}

// By way of a second file, so that a crash never leaves half of one.
Result<void> write_file(const std::string& path, BIO* content, mode_t rights) {
    const std::string made = path + ".new";
    ::unlink(made.c_str());
    const FileDescriptor file(
        ::open(made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, rights));
    if (!file.is_open()) {
        return system_failure("cannot make " + made);
    }
    char* bytes = nullptr;
    const auto length = BIO_get_mem_data(content, &bytes);
    if (::write(file.get(), bytes, static_cast<std::size_t>(length)) != length ||
        ::fsync(file.get()) != 0 || std::rename(made.c_str(), path.c_str()) != 0) {
        return system_failure("cannot write " + path);
    }
    return {};
}

Memory open_file(const std::string& path) {
    return Memory(BIO_new_file(path.c_str(), "r"));
}

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

Result<Key> provide_key(const std::string& path) {
    if (exists(path)) {
        const Memory file = open_file(path);
        Key key(file ? PEM_read_bio_PrivateKey(file.get(), nullptr, nullptr, nullptr) : nullptr);
        // Never replaced: somebody may have pinned it.
        return key ? Result<Key>(std::move(key))
                   : failure(path,
                             "cannot be read as a private key; take it away, and a new one "
                             "is made");
    }
    Key key(EVP_EC_gen("P-256"));
    const Memory text(BIO_new(BIO_s_secmem()));
    if (!key || !text ||
        PEM_write_bio_PKCS8PrivateKey(text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) != 1) {
        return failure(path, "cannot make a key");
    }
    SPORVAKT_TRY(write_file(path, text.get(), kForOwner));
    return key;
}

bool names(X509* certificate, const IpAddress& address) {
    const Bytes bytes = address.bytes();
    return X509_check_ip(certificate, bytes.data(), bytes.size(), 0) == 1;
}

// Whether the certificate at `path` goes on to do.
bool is_good(const std::string& path, EVP_PKEY* key, std::span<const IpAddress> addresses,
             Timestamp now) {
    const Memory file = exists(path) ? open_file(path) : nullptr;
    const Certificate certificate(file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr)
                                       : nullptr);
    std::time_t renewal = seconds_of(now + kRenewal);
    return certificate && X509_check_private_key(certificate.get(), key) == 1 &&
           X509_cmp_time(X509_get0_notAfter(certificate.get()), &renewal) > 0 &&
           std::all_of(addresses.begin(), addresses.end(),
                       [&](const IpAddress& address) { return names(certificate.get(), address); });
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

std::string alternative_names(std::span<const IpAddress> addresses) {
    std::string names = fmt::format("DNS:{}", kResolverName);
    for (const IpAddress& address : addresses) {
        names += ",IP:" + address.text();
    }
    return names;
}

bool set_serial(X509* certificate) {
    const Number number(BN_new());
    return number && BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_names_and_times(X509* certificate, Timestamp now) {
    std::time_t begin = seconds_of(now - kSlack);
    std::time_t end = seconds_of(now + kLifetime);
    X509_NAME* const name = X509_get_subject_name(certificate);
    const std::string text(kResolverName);
    return X509_time_adj(X509_getm_notBefore(certificate), 0, &begin) != nullptr &&
           X509_time_adj(X509_getm_notAfter(certificate), 0, &end) != nullptr &&
           X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC,
                                      // NOLINTNEXTLINE(*-reinterpret-cast): text is bytes to it
                                      reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1,
                                      0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1;
}

Certificate sign(EVP_PKEY* key, std::span<const IpAddress> addresses, Timestamp now) {
    Certificate certificate(X509_new());
    X509* const raw = certificate.get();
    const bool is_made = raw != nullptr && X509_set_version(raw, X509_VERSION_3) == 1 &&
                         set_serial(raw) && set_names_and_times(raw, now) &&
                         X509_set_pubkey(raw, key) == 1 &&
                         add_extension(raw, NID_basic_constraints, "critical,CA:FALSE") &&
                         add_extension(raw, NID_key_usage, "critical,digitalSignature") &&
                         add_extension(raw, NID_ext_key_usage, "serverAuth") &&
                         add_extension(raw, NID_subject_alt_name, alternative_names(addresses)) &&
                         X509_sign(raw, key, EVP_sha256()) != 0;
    return is_made ? std::move(certificate) : nullptr;
}

}  // namespace

Result<void> provide_certificate(const TlsFiles& files, std::span<const IpAddress> addresses,
                                 Timestamp now) {
    ERR_clear_error();
    const Key key = SPORVAKT_TRY(provide_key(files.key));
    if (is_good(files.certificate, key.get(), addresses, now)) {
        return {};
    }
    const Certificate certificate = sign(key.get(), addresses, now);
    const Memory text(BIO_new(BIO_s_mem()));
    if (!certificate || !text || PEM_write_bio_X509(text.get(), certificate.get()) != 1) {
        return failure(files.certificate, "cannot make a certificate");
    }
    return write_file(files.certificate, text.get(), kForAll);
}

}  // namespace sporvakt::dns
