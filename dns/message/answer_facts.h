#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"
#include "dns/message/stored_answer.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::dns {

/// Collects where an answer leads to.
class Targets {
public:
    /// A name as text.  What no host can be called is no target: nothing connects to it.
    void add_name(std::string_view text);

    /// Four or sixteen bytes; others are malformed.
    Parsed<void> add_address(Bytes bytes);

    [[nodiscard]] bool leads_inside() const { return leads_inside_; }

    /// As StoredAnswer::targets; LimitExceeded when they are more than kTargetsMax.
    Parsed<std::vector<std::string>> take_all();

private:
    std::vector<std::string> names_;
    std::vector<std::string> addresses_;
    bool leads_inside_ = false;
};

/// What the lifetime of an answer follows from.
struct LifetimeFacts {
    unsigned rcode = 0;
    std::chrono::seconds least_answer_ttl = kPositiveLifetimeMax;
    bool answers_type = false;  ///< A record of the type asked for is in the answer section.

    /// Of the zone's SOA: its TTL or its minimum, whichever is less; empty: no SOA.
    std::optional<std::chrono::seconds> negative;
};

/// How long the answer may be kept (RFC 2308 §5).  "There is none" is not kept at all without an
/// SOA, nor is any other failure.
std::chrono::seconds lifetime_of(const LifetimeFacts& facts);

}  // namespace sporvakt::dns
