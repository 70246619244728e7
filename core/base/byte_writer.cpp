#include "core/base/byte_writer.h"

#include <algorithm>
#include <limits>

namespace sporvakt {

ByteWriter& ByteWriter::big_endian(std::uint64_t value, std::size_t width) {
    for (std::size_t left = width; left > 0; --left) {
        bytes_.push_back(static_cast<std::uint8_t>(value >> ((left - 1) * 8U)));
    }
    return *this;
}

ByteWriter& ByteWriter::u8(std::uint8_t value) {
    return big_endian(value, 1);
}

ByteWriter& ByteWriter::u16(std::uint16_t value) {
    return big_endian(value, 2);
}

ByteWriter& ByteWriter::u32(std::uint32_t value) {
    return big_endian(value, 4);
}

ByteWriter& ByteWriter::u64(std::uint64_t value) {
    return big_endian(value, 8);
}

ByteWriter& ByteWriter::bytes(std::span<const std::uint8_t> value) {
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    return *this;
}

ByteWriter& ByteWriter::text(std::string_view value) {
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    return *this;
}

ByteWriter& ByteWriter::text16(std::string_view value) {
    const auto kept =
        std::min<std::size_t>(value.size(), std::numeric_limits<std::uint16_t>::max());
    return u16(static_cast<std::uint16_t>(kept)).text(value.substr(0, kept));
}

}  // namespace sporvakt
