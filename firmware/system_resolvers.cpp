#include "firmware/system_resolvers.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <sstream>

namespace sporvakt::firmware {
namespace {

constexpr std::size_t kServersMax = 3;  // resolv.conf(5): MAXNS
constexpr std::uint16_t kDnsPort = 53;

}  // namespace

std::vector<Endpoint> parse_resolv_conf(std::string_view text) {
    std::vector<Endpoint> servers;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line) && servers.size() < kServersMax;) {
        std::istringstream words(line);
        std::string keyword;
        std::string address;
        words >> keyword >> address;
        if (keyword != "nameserver") {
            continue;
        }
        if (const auto server = IpAddress::from_text(address)) {
            servers.push_back({*server, kDnsPort});
        }
    }
    return servers;
}

std::vector<Endpoint> system_resolvers(const std::string& path) {
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return parse_resolv_conf(text);
}

}  // namespace sporvakt::firmware
