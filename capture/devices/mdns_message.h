#pragma once

#include "core/base/byte_reader.h"
#include "core/base/ip_address.h"
#include "core/base/result.h"

#include <string>
#include <vector>

namespace sporvakt::capture {

/// What somebody says about itself by multicast DNS (RFC 6762, RFC 6763).
struct MdnsAnnouncement {
    /// The friendliest name in it, cleaned: what people gave the device ("Kitchen Plug"), else its
    /// host name without ".local".  Empty when it has neither, or only numbers made by machines.
    std::string name;

    /// What it says that it is, cleaned: "md=", "model=" or "ty=" of a TXT record.
    std::string model;

    /// The services that it offers: "_ipp", "_airplay"; at most kMdnsServiceCountMax.
    std::vector<std::string> services;

    /// The addresses it gives for its hosts: who sends it should be among them, or it speaks for
    /// somebody else (RFC 6762 §10.1: proxies).
    std::vector<IpAddress> addresses;
};

/// Reads what stands in a UDP datagram from or to port 5353.
///
/// Takes answers, and what a probe says that its sender is about to use (RFC 6762 §8.2). Questions,
/// known answers and goodbyes (TTL 0, §10.1) say nothing about the sender.  Reads at most
/// kMdnsRecordCountMax records; compression pointers go backwards only, kMdnsJumpCountMax a name.
Parsed<MdnsAnnouncement> parse_mdns(Bytes message);

constexpr std::size_t kMdnsRecordCountMax = 64;
constexpr std::size_t kMdnsJumpCountMax = 16;
constexpr std::size_t kMdnsServiceCountMax = 8;

}  // namespace sporvakt::capture
