#include "dns/message/inside_address.h"

#include <algorithm>
#include <array>

namespace sporvakt::dns {
namespace {

// 64:ff9b::/96
constexpr std::array<std::uint8_t, 12> kNat64Prefix{0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

bool is_inside(const IpAddress& address) {
    const bool is_this_network = address.family() == IpFamily::V4 && address.bytes()[0] == 0;
    return is_this_network || address.is_unspecified() || address.is_loopback() ||
           address.is_private();
}

}  // namespace

bool is_inside_address(const IpAddress& address) {
    const Bytes bytes = address.bytes();
    if (address.family() == IpFamily::V6 &&
        std::equal(kNat64Prefix.begin(), kNat64Prefix.end(), bytes.begin())) {
        return is_inside(*IpAddress::from_bytes(bytes.subspan(kNat64Prefix.size())));
    }
    return is_inside(address);
}

}  // namespace sporvakt::dns
