#pragma once

#include "core/base/clock.h"
#include "dns/message/query.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sporvakt::dns {

/// Longest that an answer is kept, whatever its TTL says: a day, and an hour for "there is none"
/// (RFC 2308 §5 and §7 leave the limits to us).
constexpr std::chrono::seconds kPositiveLifetimeMax{86400};
constexpr std::chrono::seconds kNegativeLifetimeMax{3600};

/// One message in wire form, its question first and without EDNS, and where its TTLs stand.
struct StoredMessage {
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint16_t> ttls_at;
};

/// An upstream's answer as it is kept and given out.  Immutable once built, so any thread may read
/// it.
struct StoredAnswer {
    StoredMessage plain;                ///< Without RRSIG, NSEC, NSEC3 (RFC 4035 §3.2.1).
    std::optional<StoredMessage> full;  ///< With them, when there are any.

    /// `plain` without keys for an encrypted ClientHello, when there are any.
    std::optional<StoredMessage> without_hello_keys;

    /// The names and addresses that the answer leads to, in DomainName's form: CNAME and SVCB
    /// targets first, then addresses of A, AAAA and address hints.  At most kTargetsMax.
    std::vector<std::string> targets;

    bool leads_inside = false;        ///< One of the addresses is_inside_address().
    bool is_authentic = false;        ///< The validator vouches for it.
    std::chrono::seconds lifetime{};  ///< 0: good for those who wait for it, not to be kept.
    Moment received;

    [[nodiscard]] std::size_t memory_bytes() const;
};

/// An answer leads to few places; one that lists more is refused, for we would not judge all.
constexpr std::size_t kTargetsMax = 128;

/// Reads where the TTLs of `bytes` stand, OPT excepted; empty when it is not a whole message.
std::optional<StoredMessage> stored_message(std::vector<std::uint8_t> bytes);

/// What the TTLs of a stale answer become (RFC 8767 §5.11).
constexpr std::uint32_t kStaleTtl = 30;

/// Writes the answer for this client: its id, its spelling of the question, TTLs less what has
/// passed since the answer came, and our EDNS.  What does not fit into `out` becomes "truncated".
/// `out` has at least kUdpSizePlain bytes.  Returns the length.
///
/// An answer whose lifetime has ended is stale: every TTL is kStaleTtl, nothing is vouched for any
/// more, and EDE 3 says so, or 19 for "no such name".
std::size_t write_stored_answer(std::span<std::uint8_t> out, const Query& query,
                                const StoredAnswer& answer, Moment now);

/// The same without keys for an encrypted ClientHello.  Where there were some it is not what was
/// signed: without proofs, and never said to be authentic.
std::size_t write_without_hello_keys(std::span<std::uint8_t> out, const Query& query,
                                     const StoredAnswer& answer, Moment now);

}  // namespace sporvakt::dns
