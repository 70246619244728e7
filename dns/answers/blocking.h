#pragma once

#include "core/base/clock.h"
#include "core/devices/device_id.h"
#include "core/ledger/sighting.h"
#include "core/policy/policy.h"
#include "dns/message/query.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sporvakt::dns {

/// Why a question is not answered with the truth.  Views live as long as the Policy and the answer
/// that they came from.
struct Blocking {
    policy::Verdict verdict;
    std::string_view behind;  ///< The blocked name that the answer led to; empty: the name itself.
};

/// The blocked answer: 0.0.0.0 or :: for addresses, no data for all other types, for
/// kBlockedTtl; with EDE 15 that names list and company when the client uses EDNS.
/// (Other modes per group will be chosen here.)
std::size_t write_blocked_answer(std::span<std::uint8_t> out, const Query& query,
                                 const Blocking& blocking, const policy::Policy& policy);

/// Short, so that a rule that the owner lifts is lifted everywhere at once.
constexpr std::uint32_t kBlockedTtl = 10;

/// What the ledger is told about it.
ledger::Sighting blocked_sighting(const Query& query, const devices::DeviceId& device,
                                  const Blocking& blocking, Timestamp now);

}  // namespace sporvakt::dns
