#pragma once

#include "core/base/byte_reader.h"

#include <lmdb.h>

namespace sporvakt::store {

/// LMDB's own view of bytes; inside core/store only.  LMDB never writes through it.
inline MDB_val mdb_value(Bytes bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): a C API without const.
    return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())};
}

inline Bytes bytes_of(const MDB_val& value) {
    return {static_cast<const std::uint8_t*>(value.mv_data), value.mv_size};
}

}  // namespace sporvakt::store
