#include "firmware/lists/list_url.h"

#include "core/base/ascii.h"

#include <algorithm>

#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

constexpr std::string_view kScheme = "https://";

// RFC 3986 §3.2
std::string_view authority_of(std::string_view url) {
    const std::size_t begin = url.find("://") + 3;
    return url.substr(begin, url.find_first_of("/?#", begin) - begin);
}

}  // namespace

std::optional<std::string> fault_of_list_url(std::string_view url, Reach reach) {
    const bool is_plain = reach == Reach::Loopback && url.starts_with("http://");
    if (!url.starts_with(kScheme) && !is_plain) {
        return "does not begin with https://; only those are fetched";
    }
    if (url.size() > kListUrlLengthMax) {
        return fmt::format("is longer than {} characters", kListUrlLengthMax);
    }
    if (std::any_of(url.begin(), url.end(), [](char c) { return c <= ' ' || c > '~'; })) {
        return "holds a blank or another character that no URL has; write it as %20 and the like";
    }
    if (authority_of(url).find('@') != std::string_view::npos) {
        return "names a user; take away what stands before the @";
    }
    if (host_of_list_url(url).empty()) {
        return "names no host";
    }
    return std::nullopt;
}

std::string host_of_list_url(std::string_view url) {
    const std::string_view authority = authority_of(url);
    const std::size_t port = authority.find(':', authority.find(']') + 1);
    return lowered(authority.substr(0, port));
}

}  // namespace sporvakt::firmware
