#include "tests/support/packets/quic_builder.h"

#include "capture/quic_keys.h"
#include "core/base/byte_writer.h"

#include <array>

#include <openssl/evp.h>

namespace sporvakt::test {
namespace {

using capture::QuicVersion;

constexpr std::size_t kTagLength = 16;

std::uint32_t version_number(QuicVersion version) {
    switch (version) {
        case QuicVersion::V2:
            return 0x6b3343cf;
        case QuicVersion::Draft29:
            return 0xff00001d;
        case QuicVersion::Draft23:
            return 0xff000017;
        case QuicVersion::Draft21:
            return 0xff000016;
        case QuicVersion::V1:
            break;
    }
    return 1;
}

Octets seal(const capture::QuicKeys& keys, const Octets& nonce, const Octets& header,
            const Octets& plain) {
    Octets sealed(plain.size() + kTagLength);
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    int length = 0;
    EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nullptr, keys.key.data(), nonce.data());
    EVP_EncryptUpdate(context, nullptr, &length, header.data(), static_cast<int>(header.size()));
    EVP_EncryptUpdate(context, sealed.data(), &length, plain.data(),
                      static_cast<int>(plain.size()));
    EVP_EncryptFinal_ex(context, sealed.data() + length, &length);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagLength, sealed.data() + plain.size());
    EVP_CIPHER_CTX_free(context);
    return sealed;
}

std::array<std::uint8_t, 16> mask_of(const capture::QuicKeys& keys, Bytes sample) {
    std::array<std::uint8_t, 16> mask{};
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    int length = 0;
    EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), nullptr, keys.header_protection.data(), nullptr);
    EVP_EncryptUpdate(context, mask.data(), &length, sample.data(),
                      static_cast<int>(sample.size()));
    EVP_CIPHER_CTX_free(context);
    return mask;
}

void vector8(ByteWriter& out, const Octets& bytes) {
    out.u8(static_cast<std::uint8_t>(bytes.size())).bytes(bytes);
}

ByteWriter& varint16(ByteWriter& out, std::size_t value) {
    return out.u16(static_cast<std::uint16_t>(0x4000U | value));
}

}  // namespace

Octets crypto_frame(std::uint16_t offset, const Octets& data) {
    ByteWriter out;
    out.u8(6);
    varint16(out, offset);
    varint16(out, data.size());
    out.bytes(data);
    return out.result();
}

Octets quic_initial(const InitialFields& fields, const Octets& frames) {
    const Octets plain = frames.size() < 20 ? frames + Octets(20 - frames.size(), 0) : frames;
    const capture::QuicKeys keys = capture::QuicCrypto().client_keys(
        fields.version, fields.key_id.empty() ? fields.destination_id : fields.key_id);

    ByteWriter header;
    const unsigned type = fields.version == QuicVersion::V2 ? 1 : 0;
    header.u8(static_cast<std::uint8_t>(0xc0U | (type << 4U) | (fields.number_length - 1U)));
    header.u32(version_number(fields.version));
    vector8(header, fields.destination_id);
    vector8(header, fields.source_id);
    fields.token.size() < 64 ? header.u8(static_cast<std::uint8_t>(fields.token.size()))
                             : varint16(header, fields.token.size());
    header.bytes(fields.token);
    varint16(header, fields.number_length + plain.size() + kTagLength);
    const std::size_t number_offset = header.result().size();
    Octets nonce(keys.iv.begin(), keys.iv.end());
    for (unsigned left = fields.number_length; left > 0; --left) {
        const auto digit = static_cast<std::uint8_t>(fields.number >> (8 * (left - 1)));
        header.u8(digit);
        nonce[nonce.size() - left] ^= digit;
    }

    Octets packet = header.result() + seal(keys, nonce, header.result(), plain);
    const auto mask = mask_of(keys, Bytes(packet).subspan(number_offset + 4, 16));
    packet[0] ^= static_cast<std::uint8_t>(mask[0] & 0x0fU);
    for (std::size_t i = 0; i < fields.number_length; ++i) {
        packet[number_offset + i] ^= mask.at(i + 1);
    }
    return packet;
}

Octets padded_datagram(Octets packets) {
    constexpr std::size_t kDatagramMin = 1200;
    packets.resize(std::max(packets.size(), kDatagramMin));
    return packets;
}

}  // namespace sporvakt::test
