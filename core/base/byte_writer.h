#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sporvakt {

/// Appends big-endian fields to bytes that it owns: the counterpart of ByteReader, for keys, stored
/// values and messages between our own processes.  Not thread-safe.
class ByteWriter {
public:
    ByteWriter& u8(std::uint8_t value);
    ByteWriter& u16(std::uint16_t value);
    ByteWriter& u32(std::uint32_t value);
    ByteWriter& u64(std::uint64_t value);
    ByteWriter& bytes(std::span<const std::uint8_t> value);

    /// The text without any length; the reader must know where it ends.
    ByteWriter& text(std::string_view value);

    /// The text behind a length of two bytes.  Text over 65,535 bytes is cut there.
    ByteWriter& text16(std::string_view value);

    [[nodiscard]] const std::vector<std::uint8_t>& result() const { return bytes_; }

private:
    ByteWriter& big_endian(std::uint64_t value, std::size_t width);

    std::vector<std::uint8_t> bytes_;
};

}  // namespace sporvakt
