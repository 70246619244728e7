#include "core/base/byte_reader.h"

namespace sporvakt {

std::string_view as_text(Bytes bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes to chars, same object.
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes as_bytes(std::string_view text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): chars to bytes, same object.
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Parsed<std::uint8_t> ByteReader::u8() {
    return static_cast<std::uint8_t>(SPORVAKT_TRY(big_endian(1)));
}

Parsed<std::uint16_t> ByteReader::u16() {
    return static_cast<std::uint16_t>(SPORVAKT_TRY(big_endian(2)));
}

Parsed<std::uint32_t> ByteReader::u24() {
    return static_cast<std::uint32_t>(SPORVAKT_TRY(big_endian(3)));
}

Parsed<std::uint32_t> ByteReader::u32() {
    return static_cast<std::uint32_t>(SPORVAKT_TRY(big_endian(4)));
}

Parsed<std::uint64_t> ByteReader::u64() {
    return big_endian(8);
}

Bytes ByteReader::take_rest() {
    const Bytes rest = rest_;
    rest_ = {};
    return rest;
}

Parsed<Bytes> ByteReader::take_vector8() {
    ByteReader ahead = *this;
    const Bytes body = SPORVAKT_TRY(ahead.take(SPORVAKT_TRY(ahead.u8())));
    *this = ahead;
    return body;
}

Parsed<Bytes> ByteReader::take_vector16() {
    ByteReader ahead = *this;
    const Bytes body = SPORVAKT_TRY(ahead.take(SPORVAKT_TRY(ahead.u16())));
    *this = ahead;
    return body;
}

}  // namespace sporvakt
