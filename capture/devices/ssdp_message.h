#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <string>

namespace sporvakt::capture {

/// What somebody says about itself by the Simple Service Discovery Protocol (UPnP Device
/// Architecture 2.0 §1.2 and §1.3).
struct SsdpAnnouncement {
    /// What it runs, cleaned: the product of SERVER, without operating system and UPnP's version.
    std::string product;

    /// The sort of device or service, cleaned: "MediaRenderer" of
    /// "urn:schemas-upnp-org:device:MediaRenderer:1".  Empty for a root device or a bare
    /// identifier.
    std::string type;
};

/// Reads what stands in a UDP datagram to or from port 1900.
///
/// Takes NOTIFY with "ssdp:alive" or "ssdp:update", and answers to a search.  Searches and goodbyes
/// say nothing about the sender: Malformed, as is anything else.  Reads at most kSsdpLineCountMax
/// lines; no end of the head is asked for, many leave it out.
Parsed<SsdpAnnouncement> parse_ssdp(Bytes message);

constexpr std::size_t kSsdpLineCountMax = 64;

}  // namespace sporvakt::capture
