#pragma once

#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::webui {

/// How the appliance is doing, as far as the ledger cannot say it.
struct Status {
    enum class Protection : std::uint8_t { Off, On };
    enum class Health : std::uint8_t { Ok, Degraded };

    Protection protection = Protection::On;
    Health health = Health::Ok;           ///< Degraded: a role is down, or starting again.
    std::uint64_t capture_drops = 0;      ///< Packets that the sniffer missed.
    std::uint64_t sightings_dropped = 0;  ///< Sightings lost before they reached the ledger.
};

/// A number of a status page.
struct Figure {
    std::string_view name;  ///< Stable; lives for ever.
    std::uint64_t count = 0;
};

/// What the resolver has done since the program began: numbers, nothing of names or devices.
struct ResolverFigures {
    /// Clients that waited less than `under`, and not less than the range before.
    struct WaitRange {
        std::optional<std::chrono::microseconds> under;  ///< Empty: the last, without an end.
        std::uint64_t clients = 0;
    };
    /// How long clients waited for the Internet; who was answered without it is not in it.
    struct Waits {
        std::optional<std::chrono::microseconds> median;          ///< At most; empty: nobody
        std::optional<std::chrono::microseconds> slowest_in_100;  ///< waited.  99 waited no longer.
        std::vector<WaitRange> ranges;
    };

    std::uint64_t answered = 0;     ///< Questions that got what they asked for, or were stopped.
    std::uint64_t stopped = 0;      ///< Of those: blocked, or an answer that led into the house.
    std::uint64_t from_memory = 0;  ///< Of those: given from the cache.
    std::vector<Figure> questions;  ///< What was asked for, by record type.
    std::vector<Figure> counts;     ///< By result and by reason.
    Waits waits;
};

/// What the sniffer has seen and missed since the program began.
struct SnifferFigures {
    struct Interface {
        std::string name;
        std::string_view state;      ///< Of the API; lives for ever.
        std::uint64_t received = 0;  ///< Packets that the kernel had for us.
        std::uint64_t dropped = 0;   ///< Of those: by the kernel, for want of room.
    };

    std::vector<Interface> interfaces;
    std::vector<Figure> counts;
};

/// Implementations are thread-safe and answer from memory.
class StatusSource {
public:
    StatusSource() = default;
    StatusSource(const StatusSource&) = delete;
    StatusSource& operator=(const StatusSource&) = delete;
    StatusSource(StatusSource&&) = delete;
    StatusSource& operator=(StatusSource&&) = delete;
    virtual ~StatusSource() = default;

    [[nodiscard]] virtual Status status() const = 0;
    [[nodiscard]] virtual ResolverFigures resolver() const = 0;
    [[nodiscard]] virtual SnifferFigures sniffer() const = 0;
};

/// Where the hash of the household's password is kept; written by ledger::SetPasswordHash.
/// Implementations are thread-safe.
class PasswordSource {
public:
    PasswordSource() = default;
    PasswordSource(const PasswordSource&) = delete;
    PasswordSource& operator=(const PasswordSource&) = delete;
    PasswordSource(PasswordSource&&) = delete;
    PasswordSource& operator=(PasswordSource&&) = delete;
    virtual ~PasswordSource() = default;

    /// Empty until a password is set.  An error is never taken for 'not set'.
    [[nodiscard]] virtual Result<std::optional<std::string>> password_hash() const = 0;
};

}  // namespace sporvakt::webui
