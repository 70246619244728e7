#include "capture/devices/ssdp_message.h"

#include "capture/http_head.h"
#include "core/base/ascii.h"
#include "core/devices/device_name.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace sporvakt::capture {
namespace {

/// "schemas-upnp-org:device:MediaRenderer:1" -> "MediaRenderer"
std::string_view type_in(std::string_view target) {
    constexpr std::string_view kUrn = "urn:";
    if (!target.starts_with(kUrn)) {
        return {};  // upnp:rootdevice, uuid:..., ssdp:all
    }
    target.remove_prefix(kUrn.size());
    const std::size_t version = target.rfind(':');
    if (version == std::string_view::npos) {
        return {};
    }
    target = target.substr(0, version);
    return target.substr(target.rfind(':') + 1);
}

/// "Linux/4.14 UPnP/1.0 Sonos/57.3 (ZPS9)" -> "Sonos/57.3 (ZPS9)"
std::string_view product_in(std::string_view server) {
    constexpr std::string_view kUpnp = "UPnP/";
    constexpr std::string_view kBetween = ", ";
    const std::size_t version = server.find(kUpnp);
    if (version == std::string_view::npos) {
        return {};
    }
    server.remove_prefix(version);
    const std::size_t product = server.find_first_of(kBetween);
    return product == std::string_view::npos
               ? std::string_view{}
               : server.substr(
                     std::min(server.find_first_not_of(kBetween, product), server.size()));
}

class Collector {
public:
    /// False when the sender says that it goes, or only asks.
    bool take(std::string_view field, std::string_view value) {
        if (equals_ignoring_case(field, "nts")) {
            return value == "ssdp:alive" || value == "ssdp:update";
        }
        if (equals_ignoring_case(field, "server")) {
            announcement_.product = devices::clean_name(product_in(value));
        } else if (equals_ignoring_case(field, "nt") || equals_ignoring_case(field, "st")) {
            announcement_.type = devices::clean_name(type_in(value));
        }
        return true;
    }

    [[nodiscard]] SsdpAnnouncement result() && { return std::move(announcement_); }

private:
    SsdpAnnouncement announcement_;
};

bool is_announcement(std::string_view first_line) {
    return first_line.starts_with("NOTIFY * HTTP/1.") || first_line.starts_with("HTTP/1.1 200 ") ||
           first_line.starts_with("HTTP/1.0 200 ");
}

}  // namespace

Parsed<SsdpAnnouncement> parse_ssdp(Bytes message) {
    std::string_view rest = as_text(message);
    if (!is_announcement(SPORVAKT_TRY(take_line(rest)))) {
        return tl::unexpected(ParseError::Malformed);
    }
    Collector collector;
    for (std::size_t lines = 0; lines < kSsdpLineCountMax; ++lines) {
        const auto line = take_line(rest);
        if (!line || line->empty()) {
            break;
        }
        const auto field = field_in(*line);
        if (field && !collector.take(field->name, field->value)) {
            return tl::unexpected(ParseError::Malformed);
        }
    }
    return std::move(collector).result();
}

}  // namespace sporvakt::capture
