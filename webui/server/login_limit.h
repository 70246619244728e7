#pragma once

#include "core/base/clock.h"
#include "core/base/ip_address.h"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace sporvakt::webui {

/// Slows down whoever guesses passwords: five tries in fifteen minutes from one address (an IPv6
/// /64 counts as one), and, across all addresses, a wait that doubles with each try after the
/// tenth.  Thread-safe; remembers 256 addresses.
class LoginLimit {
public:
    static constexpr std::size_t kTriesPerAddress = 5;
    static constexpr std::chrono::minutes kWindow{15};
    static constexpr std::size_t kFreeTriesOfAll = 10;
    /// Whoever owns the house must get in again soon, whatever a guest's laptop does meanwhile.
    static constexpr std::chrono::seconds kWaitOfAllMax{60};
    static constexpr std::size_t kAddressCountMax = 256;

    explicit LoginLimit(const Clock& clock) : clock_(clock) {}

    /// Counts a try before it is looked at, so that many at once are counted too.  Gives the time
    /// to wait when this one is not to be looked at; then it is not counted.
    [[nodiscard]] std::optional<std::chrono::seconds> charge(const IpAddress& client);

    /// The try was right: this address and the common wait start from nothing.
    void forgive(const IpAddress& client);

private:
    [[nodiscard]] std::optional<Moment> free_at(const std::vector<Moment>& tries) const;
    [[nodiscard]] Moment all_free_at() const;
    void forget_old(Moment now);

    const Clock& clock_;
    std::mutex mutex_;
    std::unordered_map<IpAddress, std::vector<Moment>>
        tries_;  ///< Oldest first; those within the window.
    std::size_t tries_of_all_ = 0;
    Moment last_try_;
};

}  // namespace sporvakt::webui
