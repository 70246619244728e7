#pragma once

#include "core/base/assert.h"

#include <cstddef>
#include <cstdint>
#include <span>

// Big-endian fields at a place that the caller knows to be there; asserted, once for a field.
// Always inline: reading a packet's headers is little else, and left to itself the compiler calls
// them, which cost a third of the decoding of a packet.

namespace sporvakt {

namespace detail {

template <class Byte>
[[gnu::always_inline]] inline Byte* field_at(std::span<Byte> bytes, std::size_t at,
                                             std::size_t width) {
    const std::size_t size = bytes.size();
    SPORVAKT_ASSERT(at <= size && size - at >= width);
    return bytes.data() + at;
}

}  // namespace detail

[[gnu::always_inline]] inline std::uint16_t load16(std::span<const std::uint8_t> bytes,
                                                   std::size_t at) {
    const std::uint8_t* const field = detail::field_at(bytes, at, 2);
    return static_cast<std::uint16_t>(field[0] << 8U | field[1]);
}

[[gnu::always_inline]] inline std::uint32_t load32(std::span<const std::uint8_t> bytes,
                                                   std::size_t at) {
    const std::uint8_t* const field = detail::field_at(bytes, at, 4);
    return std::uint32_t{field[0]} << 24U | std::uint32_t{field[1]} << 16U |
           std::uint32_t{field[2]} << 8U | field[3];
}

[[gnu::always_inline]] inline void store16(std::span<std::uint8_t> bytes, std::size_t at,
                                           std::uint16_t value) {
    std::uint8_t* const field = detail::field_at(bytes, at, 2);
    field[0] = static_cast<std::uint8_t>(value >> 8U);
    field[1] = static_cast<std::uint8_t>(value);
}

[[gnu::always_inline]] inline void store32(std::span<std::uint8_t> bytes, std::size_t at,
                                           std::uint32_t value) {
    store16(bytes, at, static_cast<std::uint16_t>(value >> 16U));
    store16(bytes, at + 2, static_cast<std::uint16_t>(value));
}

}  // namespace sporvakt
