#pragma once

#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/devices/device_id.h"
#include "core/ledger/sighting.h"
#include "core/policy/policy.h"
#include "dns/counters.h"
#include "dns/message/query.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sporvakt::dns {

/// Why a question is not answered with the truth.  Views live as long as the Policy and the answer
/// that they came from.
struct Blocking {
    policy::Verdict verdict;
    std::string_view behind;  ///< The blocked name that the answer led to; empty: the name itself.
};

/// As which part of Count::Blocked it counts: what the ledger calls its cause.
Count count_of(const Blocking& blocking);

/// How "no" is said.  A value: one for the household now, one for each group of devices later.
struct BlockingMode {
    enum class Answer : std::uint8_t {
        NullAddress,  ///< 0.0.0.0 or ::, no data for other types: clients give up at once.
        NoSuchName,   ///< NXDOMAIN
        NoData,       ///< The name exists, without records.
        Refused,      ///< REFUSED: some clients ask another resolver then.
        OwnAddress,   ///< `ipv4` or `ipv6`, no data for other types and the absent one of the two.
    };

    Answer answer = Answer::NullAddress;
    std::optional<IpAddress> ipv4;
    std::optional<IpAddress> ipv6;
    /// In seconds.  Short, so that a rule that the owner lifts is lifted everywhere at once.
    std::uint32_t ttl = 10;

    friend bool operator==(const BlockingMode&, const BlockingMode&) = default;
};

/// The household's mode, changed as the device's group wishes.
BlockingMode mode_for(BlockingMode household, const policy::AnswerWishes& wishes);

/// What a blocked answer is made of.
struct Refusal {
    const Blocking& blocking;
    const policy::Policy& policy;  ///< Knows the company's name.
    const BlockingMode& mode;
};

/// The blocked answer in the given mode; negative ones with the SOA that lets clients remember
/// them, all with EDE 15 that names list and company when the client uses EDNS.
std::size_t write_blocked_answer(std::span<std::uint8_t> out, const Query& query,
                                 const Refusal& refusal);

/// What the ledger is told about it; its texts are those of the arguments.
ledger::SightingView blocked_sighting(const Query& query, const devices::DeviceId& device,
                                      const Blocking& blocking, Timestamp now);

}  // namespace sporvakt::dns
