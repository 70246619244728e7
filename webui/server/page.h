#pragma once

#include "core/base/byte_reader.h"
#include "webui/server/request.h"
#include "webui/server/response.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace sporvakt::webui {

/// Whether a file's name changes with its contents, so that browsers may keep it for ever.
enum class Lifetime : std::uint8_t { Changing, Immutable };

/// One file of the page, embedded in the program by webui/server/embed.py.
struct Asset {
    std::string_view name;  ///< "index.html"
    std::string_view content_type;
    std::string_view etag;  ///< In quotes (RFC 9110 §8.8.3).
    Lifetime lifetime = Lifetime::Changing;
    Bytes plain;
    Bytes gzip;
};

/// The files of the page that this program was built with; empty when it was built without one.
std::span<const Asset> embedded_page();

/// The page itself: index.html for every address that the page shows something at, and its files.
/// Any other address that is no file's gets index.html too, with status 404: the page then says in
/// words that there is nothing.
/// `path` is never looked up anywhere but in `assets`.
Response page_answer(const Request& request, std::span<const Asset> assets);

}  // namespace sporvakt::webui
