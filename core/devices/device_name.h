#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sporvakt::devices {

/// What a device may call itself at most, in bytes: one DNS label (RFC 1035 §2.3.4), which is what
/// DHCP host names and mDNS instance names are.
constexpr std::size_t kClaimedNameBytesMax = 63;

/// What a household may call a device at most, in characters (code points).
constexpr std::size_t kGivenNameCharactersMax = 64;

/// A stranger's words made safe to store and show: valid UTF-8 of at most `bytes_max` bytes, cut
/// between characters, without control, direction-changing and invisible characters, and without
/// spaces at the ends.  Bytes that are not UTF-8 are left out.  Empty when nothing is left.
std::string clean_name(std::string_view words, std::size_t bytes_max = kClaimedNameBytesMax);

/// How many characters valid UTF-8 text has.
std::size_t character_count(std::string_view text);

}  // namespace sporvakt::devices
