#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sporvakt {

using Bytes = std::span<const std::uint8_t>;

/// The same bytes seen as text; nothing is checked or copied.
std::string_view as_text(Bytes bytes);
Bytes as_bytes(std::string_view text);

/// Reads big-endian fields, front to back, from bytes that it does not own.
///
/// Every read is bounds-checked here and nowhere else; a failed read moves nothing.
class ByteReader {
public:
    explicit ByteReader(Bytes bytes) : rest_(bytes) {}

    [[nodiscard]] std::size_t remaining() const { return rest_.size(); }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    Parsed<std::uint8_t> u8();
    Parsed<std::uint16_t> u16();
    Parsed<std::uint32_t> u24();
    Parsed<std::uint32_t> u32();
    Parsed<std::uint64_t> u64();

    /// The next `count` bytes, still owned by whoever owns the packet.
    Parsed<Bytes> take(std::size_t count);

    /// A vector of at most 2^8-1, or 2^16-1, bytes behind its own length (RFC 8446 §3.4).
    Parsed<Bytes> take_vector8();
    Parsed<Bytes> take_vector16();

    /// Everything that is left.
    Bytes take_rest();

private:
    Parsed<std::uint64_t> big_endian(std::size_t width);

    Bytes rest_;
};

// Always inline: every header of every packet goes through it.
[[gnu::always_inline]] inline Parsed<Bytes> ByteReader::take(std::size_t count) {
    if (count > rest_.size()) {
        return tl::unexpected(ParseError::Truncated);
    }
    const Bytes taken(rest_.data(), count);
    rest_ = Bytes(rest_.data() + count, rest_.size() - count);  // subspan() is not inlined
    return taken;
}

inline Parsed<std::uint64_t> ByteReader::big_endian(std::size_t width) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : SPORVAKT_TRY(take(width))) {
        value = (value << 8U) | byte;
    }
    return value;
}

}  // namespace sporvakt
