#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>

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
