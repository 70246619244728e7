#include "capture/quic_keys.h"

#include "core/base/assert.h"

#include <algorithm>
#include <span>
#include <string_view>

// The one-block SHA256 functions are deprecated, not slower: HKDF over EVP costs ten times as much,
// and a flood of forged Initials makes us pay it for each (docs/adr on the sniffer).
#define OPENSSL_SUPPRESS_DEPRECATED  // NOLINT(cppcoreguidelines-macro-usage): OpenSSL's switch
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace sporvakt::capture {
namespace {

using Digest = std::array<std::uint8_t, SHA256_DIGEST_LENGTH>;

constexpr std::size_t kTagLength = 16;      // AEAD_AES_128_GCM
constexpr std::size_t kSampleLength = 16;   // RFC 9001 §5.4.3
constexpr std::size_t kSampleDistance = 4;  // from the packet number, whatever its length

struct VersionKeys {
    std::array<std::uint8_t, 20> salt;
    std::string_view label_prefix;
};

constexpr VersionKeys kV1{{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                           0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a},
                          "quic "};  // RFC 9001 §5.2
constexpr VersionKeys kV2{{0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                           0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9},
                          "quicv2 "};  // RFC 9369 §3.3
constexpr VersionKeys kDraft29{{0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                                0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99},
                               "quic "};
constexpr VersionKeys kDraft23{{0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                                0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02},
                               "quic "};

constexpr VersionKeys kDraft21{{0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
                                0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a},
                               "quic "};

const VersionKeys& keys_of(QuicVersion version) {
    switch (version) {
        case QuicVersion::V2:
            return kV2;
        case QuicVersion::Draft29:
            return kDraft29;
        case QuicVersion::Draft23:
            return kDraft23;
        case QuicVersion::Draft21:
            return kDraft21;
        case QuicVersion::V1:
            break;
    }
    return kV1;
}

/// One keyed hash (RFC 2104), with the two keyed blocks hashed once for many messages.
class HmacKey {
public:
    explicit HmacKey(Bytes key) {
        SPORVAKT_ASSERT(key.size() <= SHA256_CBLOCK);
        absorb(inner_, key, 0x36);
        absorb(outer_, key, 0x5c);
    }

    [[nodiscard]] Digest sign(Bytes message) const {
        Digest digest{};
        SHA256_CTX inner = inner_;
        SHA256_Update(&inner, message.data(), message.size());
        SHA256_Final(digest.data(), &inner);
        SHA256_CTX outer = outer_;
        SHA256_Update(&outer, digest.data(), digest.size());
        SHA256_Final(digest.data(), &outer);
        return digest;
    }

private:
    static void absorb(SHA256_CTX& context, Bytes key, std::uint8_t pad) {
        std::array<std::uint8_t, SHA256_CBLOCK> block{};
        block.fill(pad);
        std::transform(key.begin(), key.end(), block.begin(),
                       [pad](std::uint8_t byte) { return static_cast<std::uint8_t>(byte ^ pad); });
        SHA256_Init(&context);
        SHA256_Update(&context, block.data(), block.size());
    }

    SHA256_CTX inner_{};
    SHA256_CTX outer_{};
};

/// HKDF-Expand-Label (RFC 8446 §7.1) without context, of at most one hash's length.
void expand_label(const HmacKey& secret, std::string_view prefix, std::string_view label,
                  std::span<std::uint8_t> into) {
    constexpr std::string_view kTls = "tls13 ";
    std::array<std::uint8_t, 40> info{};
    std::size_t at = 0;
    const auto append = [&](std::uint8_t byte) { info.at(at++) = byte; };
    append(0);
    append(static_cast<std::uint8_t>(into.size()));
    append(static_cast<std::uint8_t>(kTls.size() + prefix.size() + label.size()));
    for (const std::string_view part : {kTls, prefix, label}) {
        std::for_each(part.begin(), part.end(),
                      [&](char c) { append(static_cast<std::uint8_t>(c)); });
    }
    append(0);  // no context
    append(1);  // the first and only block (RFC 5869 §2.3)
    const Digest block = secret.sign(Bytes(info).first(at));
    std::copy_n(block.begin(), into.size(), into.begin());
}

}  // namespace

/// OpenSSL's contexts, and each version's salt as a key that is ready to sign with.
class QuicCrypto::Ciphers {
public:
    Ciphers()
        : ecb_cipher_(EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr)),
          gcm_cipher_(EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr)),
          ecb_(EVP_CIPHER_CTX_new()),
          gcm_(EVP_CIPHER_CTX_new()) {
        SPORVAKT_ASSERT(ecb_cipher_ != nullptr && gcm_cipher_ != nullptr);
        SPORVAKT_ASSERT(ecb_ != nullptr && gcm_ != nullptr);
        SPORVAKT_ASSERT(EVP_EncryptInit_ex2(ecb_, ecb_cipher_, nullptr, nullptr, nullptr) == 1);
        SPORVAKT_ASSERT(EVP_DecryptInit_ex2(gcm_, gcm_cipher_, nullptr, nullptr, nullptr) == 1);
    }
    Ciphers(const Ciphers&) = delete;
    Ciphers& operator=(const Ciphers&) = delete;
    Ciphers(Ciphers&&) = delete;
    Ciphers& operator=(Ciphers&&) = delete;
    ~Ciphers() {
        EVP_CIPHER_CTX_free(gcm_);
        EVP_CIPHER_CTX_free(ecb_);
        EVP_CIPHER_free(gcm_cipher_);
        EVP_CIPHER_free(ecb_cipher_);
    }

    [[nodiscard]] const HmacKey& salt(QuicVersion version) const {
        return salts_.at(static_cast<std::size_t>(version));
    }

    std::array<std::uint8_t, kSampleLength> header_mask(const QuicKeys& keys, Bytes sample) {
        std::array<std::uint8_t, kSampleLength> mask{};
        int length = 0;
        const bool done = EVP_EncryptInit_ex2(ecb_, nullptr, keys.header_protection.data(), nullptr,
                                              nullptr) == 1 &&
                          EVP_EncryptUpdate(ecb_, mask.data(), &length, sample.data(),
                                            static_cast<int>(sample.size())) == 1;
        SPORVAKT_ASSERT(done);
        return mask;
    }

    /// Whether `sealed`, tag included, opens into `plain`, which is as long as `sealed`.
    bool open(const QuicKeys& keys, Bytes nonce, Bytes header, Bytes sealed,
              std::span<std::uint8_t> plain);

private:
    std::array<HmacKey, 5> salts_{
        HmacKey(keys_of(QuicVersion::V1).salt), HmacKey(keys_of(QuicVersion::V2).salt),
        HmacKey(keys_of(QuicVersion::Draft29).salt), HmacKey(keys_of(QuicVersion::Draft23).salt),
        HmacKey(keys_of(QuicVersion::Draft21).salt)};
    EVP_CIPHER* ecb_cipher_;
    EVP_CIPHER* gcm_cipher_;
    EVP_CIPHER_CTX* ecb_;
    EVP_CIPHER_CTX* gcm_;
};

bool QuicCrypto::Ciphers::open(const QuicKeys& keys, Bytes nonce, Bytes header, Bytes sealed,
                               std::span<std::uint8_t> plain) {
    const Bytes text = sealed.first(sealed.size() - kTagLength);
    std::array<std::uint8_t, kTagLength> tag{};
    std::copy_n(sealed.end() - kTagLength, kTagLength, tag.begin());
    int length = 0;
    return EVP_DecryptInit_ex2(gcm_, nullptr, keys.key.data(), nonce.data(), nullptr) == 1 &&
           EVP_DecryptUpdate(gcm_, nullptr, &length, header.data(),
                             static_cast<int>(header.size())) == 1 &&
           EVP_DecryptUpdate(gcm_, plain.data(), &length, text.data(),
                             static_cast<int>(text.size())) == 1 &&
           EVP_CIPHER_CTX_ctrl(gcm_, EVP_CTRL_AEAD_SET_TAG, kTagLength, tag.data()) == 1 &&
           EVP_DecryptFinal_ex(gcm_, plain.data() + length, &length) == 1;
}

QuicCrypto::QuicCrypto() : ciphers_(std::make_unique<Ciphers>()) {}
QuicCrypto::~QuicCrypto() = default;

QuicKeys QuicCrypto::client_keys(QuicVersion version, Bytes destination_id) const {
    const std::string_view prefix = keys_of(version).label_prefix;
    const HmacKey initial(ciphers_->salt(version).sign(destination_id));  // HKDF-Extract
    Digest secret{};
    expand_label(initial, "", "client in", secret);

    const HmacKey client(secret);
    QuicKeys keys;
    expand_label(client, prefix, "key", keys.key);
    expand_label(client, prefix, "iv", keys.iv);
    expand_label(client, prefix, "hp", keys.header_protection);
    return keys;
}

Parsed<Bytes> QuicCrypto::open(const QuicInitial& initial, const QuicKeys& keys) {
    ByteReader after_number(initial.packet);
    const Bytes protected_header = SPORVAKT_TRY(after_number.take(initial.number_offset));
    SPORVAKT_TRY(after_number.take(kSampleDistance));
    const Bytes sample = SPORVAKT_TRY(after_number.take(kSampleLength));
    const auto mask = ciphers_->header_mask(keys, sample);

    // RFC 9001 §5.4.1: the mask hides four bits of the first byte and the packet number.
    const std::uint8_t first = protected_header[0] ^ static_cast<std::uint8_t>(mask[0] & 0x0fU);
    const std::size_t number_length = (first & 3U) + 1U;
    const std::size_t header_length = initial.number_offset + number_length;
    header_.assign(initial.packet.begin(),
                   initial.packet.begin() + static_cast<std::ptrdiff_t>(header_length));
    header_[0] = first;
    std::array<std::uint8_t, 12> nonce = keys.iv;
    for (std::size_t i = 0; i < number_length; ++i) {
        std::uint8_t& digit = header_[initial.number_offset + i];
        digit ^= mask.at(i + 1);
        nonce.at(nonce.size() - number_length + i) ^= digit;  // RFC 9001 §5.3
    }

    const Bytes sealed = initial.packet.subspan(header_length);
    if (sealed.size() < kTagLength) {
        return tl::unexpected(ParseError::Malformed);
    }
    plain_.resize(sealed.size());
    if (!ciphers_->open(keys, nonce, header_, sealed, plain_)) {
        return tl::unexpected(ParseError::Malformed);
    }
    return Bytes(plain_).first(sealed.size() - kTagLength);
}

}  // namespace sporvakt::capture
