#pragma once

#include "core/base/byte_reader.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sporvakt::store {

/// The keys with `from` <= key < `to`, compared byte by byte.  No `to` means up to the last one.
struct KeyRange {
    std::vector<std::uint8_t> from;
    std::optional<std::vector<std::uint8_t>> to;

    /// Everything.
    static KeyRange all();

    /// Every key that begins with these bytes.
    static KeyRange prefix(Bytes bytes);

    /// Whether the key lies before the end; a visitor that goes upwards asks no more.
    [[nodiscard]] bool is_before_end(Bytes key) const;
};

}  // namespace sporvakt::store
