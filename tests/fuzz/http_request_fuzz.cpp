#include "core/base/utf8.h"
#include "webui/server/json_body.h"
#include "webui/server/request.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using sporvakt::is_utf8;
using sporvakt::webui::RawRequest;
using sporvakt::webui::Request;

void hold(bool property) {
    if (!property) {
        std::abort();
    }
}

/// Takes what stands before the next line end.
std::string_view line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
}

/// Method, path, query, header lines up to an empty one, body: what CivetWeb cuts a request into.
RawRequest raw_request(std::string_view text) {
    RawRequest raw;
    raw.method = line(text);
    raw.path = line(text);
    raw.query = line(text);
    for (auto header = line(text); !header.empty(); header = line(text)) {
        const std::size_t colon = std::min(header.find(':'), header.size());
        raw.headers.emplace_back(header.substr(0, colon),
                                 header.substr(std::min(colon + 1, header.size())));
    }
    raw.body = text;
    return raw;
}

void check_path(const Request& request) {
    hold(request.path.size() <= Request::kSegmentCountMax);
    for (const auto& segment : request.path) {
        hold(!segment.empty() && segment != "." && segment != ".." && is_utf8(segment));
    }
}

void check_host(const Request& request) {
    if (!request.host) {
        return;
    }
    // Round trip: an authority that we accept is accepted again, unchanged.
    const auto& host = request.host->host;
    const bool is_ipv6 = host.find(':') != std::string::npos;
    auto text = is_ipv6 ? "[" + host + "]" : host;
    text += request.host->port ? ":" + std::to_string(*request.host->port) : "";
    const auto again = sporvakt::webui::Authority::from_text(text);
    hold(again && *again == *request.host);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto request =
        Request::from_raw(raw_request(sporvakt::as_text(sporvakt::Bytes(data, size))));
    if (!request) {
        return 0;
    }
    check_path(*request);
    check_host(*request);
    if (request->origin && request->host) {
        static_cast<void>(sporvakt::webui::is_same_origin(*request->origin, *request->host));
    }
    hold(request->session.find(';') == std::string::npos);
    const auto member = sporvakt::webui::only_member(*request, "password");
    hold(!member || is_utf8(*member));
    return 0;
}
