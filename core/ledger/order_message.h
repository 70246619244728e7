#pragma once

#include "core/base/byte_reader.h"
#include "core/ledger/order.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sporvakt::ledger {

/// An order in bytes, for the way from the web role to the keeper.  Not stored.
std::vector<std::uint8_t> encode(const Order& order);

/// Checks everything but what ChangePolicy carries, as the web role faces browsers: lengths, UTF-8
/// in names of devices, known values, nothing left over.
Parsed<Order> parse_order(Bytes bytes);

/// RenameDevice: characters of the name at most, and bytes that those take in UTF-8.
constexpr std::size_t kGivenNameCharactersMax = 64;
constexpr std::size_t kGivenNameBytesMax = kGivenNameCharactersMax * 4;
/// PutDeviceInGroup.
constexpr std::size_t kGroupIdBytesMax = 32;
/// SetPasswordHash: libsodium's crypto_pwhash_STRBYTES is 128.
constexpr std::size_t kPasswordHashBytesMax = 256;

}  // namespace sporvakt::ledger
