#pragma once

#include "capture/attribution/address_memory.h"
#include "capture/attribution/name_pool.h"
#include "capture/flow_summary.h"
#include "core/base/byte_reader.h"
#include "core/base/clock.h"
#include "core/base/domain_name.h"
#include "core/base/ip_address.h"
#include "core/base/record_type.h"
#include "core/base/result.h"
#include "core/devices/device_id.h"

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace sporvakt::capture {

/// A DNS reply seen on the wire, as far as it tells who talks to whom.
struct DnsReply {
    DomainName question;  ///< The name asked for, whatever aliases the answer went through.
    RecordType type = RecordType::A;
    std::vector<IpAddress> addresses;      ///< Of the answer: A, AAAA, and hints of HTTPS records.
    std::vector<DomainName> public_names;  ///< The fronts of Encrypted Client Hello (ech=).
    bool is_refusal = false;               ///< "No such name", or nothing but a null address.
    std::chrono::seconds ttl{0};           ///< The shortest on the way to the addresses.
};

/// Reads a reply to one question (RFC 1035 §4, RFC 9460 for HTTPS records).  Malformed: anything
/// else, queries included.
Parsed<DnsReply> parse_dns_reply(Bytes message);

/// Remembers for each device what names it resolved to what addresses: the likely name of a flow
/// that tells none itself.  Holds at most kAnswersMax addresses, of each device at most kShareMax;
/// the longest unused gives way.
class DnsAnswers {
public:
    static constexpr std::size_t kAnswersMax = 8192;
    static constexpr std::size_t kShareMax = kAnswersMax / 4;
    static constexpr std::size_t kNamesMax = 4;  ///< Kept for one address: the latest.
    /// What several names of an address may cost in the pool: four names of usual length.
    static constexpr std::size_t kNamesCostMax = 576;
    /// An answer is still good so long after its TTL: a connection takes a while to begin.
    static constexpr std::chrono::seconds kGrace{60};
    static constexpr std::size_t kPublicNamesMax = 256;

    /// A name that a device resolved to an address.
    struct Resolved {
        NamePool::Name name;
        Certainty certainty = Certainty::Likely;
    };

    /// `names` outlives the answers.
    explicit DnsAnswers(NamePool& names) : names_(names) {}

    void learn(const devices::DeviceId& client, const DnsReply& reply, Timestamp at);

    /// The name that the device last resolved to the address, in the last day.  Uncertain when its
    /// TTL has run out, or when another that has not shares the address.
    [[nodiscard]] std::optional<Resolved> name_of(const devices::DeviceId& client,
                                                  const IpAddress& address, Timestamp at);

    /// Whether the name is only a front behind which the real one hides.
    [[nodiscard]] bool is_public_name(const std::string& name) const;

private:
    struct Name {
        NamePool::Name text;
        Timestamp at;
        Timestamp until;
    };
    using Names = std::vector<Name>;  ///< Latest first; never empty.

    void remember(const devices::DeviceId& client, const IpAddress& address, Name name);

    NamePool& names_;
    AddressMemory<Names> answers_{{.count_max = kAnswersMax, .share_max = kShareMax}};
    std::list<std::string> public_names_;
};

}  // namespace sporvakt::capture
