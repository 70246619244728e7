#include "webui/server/page.h"

#include <algorithm>
#include <array>

namespace sporvakt::webui {
namespace {

/// The first parts of the page's own addresses; webui/app/src/lib/router.ts knows them too.
constexpr std::array<std::string_view, 6> kViews{"devices", "companies", "events",
                                                 "login",   "setup",     "status"};

constexpr std::string_view kIndex = "index.html";

/// What lies at an address: a file by name, with a status.
struct Place {
    std::string_view file;
    int status = 200;
};

/// A person who mistypes an address gets the page, which says so in words; only files are missing
/// without one.
Place place_of(const Request& request) {
    if (request.path.empty()) {
        return {kIndex};
    }
    const auto& first = request.path.front();
    if (std::find(kViews.begin(), kViews.end(), first) != kViews.end()) {
        return {kIndex};
    }
    if (request.path.back().find('.') == std::string::npos) {
        return {kIndex, 404};
    }
    return {request.path.size() == 1 ? std::string_view(first) : std::string_view()};
}

/// "gzip" or "*", and not switched off by "q=0" (RFC 9110 §12.5.3).
bool takes_gzip(std::string_view accept_encoding) {
    while (!accept_encoding.empty()) {
        const std::size_t end = std::min(accept_encoding.find(','), accept_encoding.size());
        const std::string_view item = accept_encoding.substr(0, end);
        accept_encoding.remove_prefix(std::min(end + 1, accept_encoding.size()));
        const bool is_gzip = item.find("gzip") != std::string_view::npos;
        const bool is_off = item.find("q=0") != std::string_view::npos &&
                            item.find("q=0.") == std::string_view::npos;
        if (is_gzip && !is_off) {
            return true;
        }
    }
    return false;
}

}  // namespace

Response page_answer(const Request& request, std::span<const Asset> assets) {
    const Place place = place_of(request);
    const auto asset = std::find_if(assets.begin(), assets.end(),
                                    [&place](const Asset& a) { return a.name == place.file; });
    const bool is_lost_change = request.changes_something() && place.status != 200;
    if (asset == assets.end() || is_lost_change) {
        return problem({Problem::NotFound, "There is no such page.", {}});
    }
    if (request.changes_something()) {
        Response refused = problem({Problem::MethodNotAllowed, "A page can only be read.", {}});
        refused.headers.emplace_back("Allow", "GET, HEAD");
        return refused;
    }
    Response response;
    response.status = place.status;
    response.headers.emplace_back("ETag", asset->etag);
    response.headers.emplace_back("Vary", "Accept-Encoding");
    response.headers.emplace_back("Cache-Control", asset->lifetime == Lifetime::Immutable
                                                       ? "public, max-age=31536000, immutable"
                                                       : "no-cache");
    if (request.if_none_match == asset->etag && place.status == 200) {
        response.status = 304;
        response.content_type.clear();
        return response;
    }
    response.content_type = asset->content_type;
    const bool is_small = asset->gzip.size() >= asset->plain.size();
    if (!is_small && takes_gzip(request.accept_encoding)) {
        response.headers.emplace_back("Content-Encoding", "gzip");
        response.body = as_text(asset->gzip);
    } else {
        response.body = as_text(asset->plain);
    }
    return response;
}

}  // namespace sporvakt::webui
