#include "capture/gate/doh_servers.h"

#include "core/base/domain_name.h"

#include <algorithm>
#include <array>

namespace sporvakt::capture {
namespace {

// Sorted: found by halves.
constexpr std::array<std::string_view, 32> kNames{
    "anycast.uncensoreddns.org",
    "cloudflare-dns.com",
    "common.dot.dns.yandex.net",
    "dns.adguard-dns.com",
    "dns.adguard.com",
    "dns.alidns.com",
    "dns.controld.com",
    "dns.digitale-gesellschaft.ch",
    "dns.google",
    "dns.google.com",
    "dns.mullvad.net",
    "dns.nextdns.io",
    "dns.njal.la",
    "dns.quad9.net",
    "dns.sb",
    "dns.switch.ch",
    "dns0.eu",
    "dns10.quad9.net",
    "dns11.quad9.net",
    "dns9.quad9.net",
    "doh.applied-privacy.net",
    "doh.cleanbrowsing.org",
    "doh.dns.sb",
    "doh.familyshield.opendns.com",
    "doh.ffmuc.net",
    "doh.libredns.gr",
    "doh.opendns.com",
    "doh.pub",
    "freedns.controld.com",
    "ordns.he.net",
    "unicast.uncensoreddns.org",
    "wikimedia-dns.org",
};

constexpr bool is_sorted() {
    for (std::size_t at = 1; at < kNames.size(); ++at) {
        if (!(kNames.at(at - 1) < kNames.at(at))) {
            return false;
        }
    }
    return true;
}
static_assert(is_sorted());

constexpr std::array<std::string_view, 14> kV4{
    "1.0.0.1",      "1.0.0.2",         "1.0.0.3",        "1.1.1.1",       "1.1.1.2",
    "1.1.1.3",      "8.8.4.4",         "8.8.8.8",        "9.9.9.9",       "94.140.14.14",
    "94.140.15.15", "149.112.112.112", "208.67.220.220", "208.67.222.222"};
constexpr std::array<std::string_view, 10> kV6{
    "2001:4860:4860::8844", "2001:4860:4860::8888", "2606:4700:4700::1001", "2606:4700:4700::1111",
    "2620:119:35::35",      "2620:119:53::53",      "2620:fe::9",           "2620:fe::fe",
    "2a10:50c0::ad1:ff",    "2a10:50c0::ad2:ff"};

}  // namespace

bool is_doh_server(std::string_view name) {
    for (std::string_view suffix = name; !suffix.empty(); suffix = parent_suffix(suffix)) {
        if (std::binary_search(kNames.begin(), kNames.end(), suffix)) {
            return true;
        }
    }
    return false;
}

std::span<const std::string_view> doh_server_addresses(IpFamily family) {
    return family == IpFamily::V4 ? std::span<const std::string_view>(kV4)
                                  : std::span<const std::string_view>(kV6);
}

}  // namespace sporvakt::capture
