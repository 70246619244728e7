#pragma once

#include "core/base/clock.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace sporvakt::webui {

/// What a logged-in browser holds.
struct Session {
    std::string token{};     ///< The cookie; empty where only the server looks at the session.
    std::string csrf_token;  ///< What its pages must send along with changes.
    Timestamp expires_at;    ///< Unless it is used before.
};

/// Who is logged in.  Kept in memory only: a restart logs everybody out.  Thread-safe.
///
/// A session ends after 30 minutes without a request and after 12 hours in any case.  At most 64
/// are kept; the one that was quiet for longest makes room.
class Sessions {
public:
    static constexpr std::chrono::minutes kIdleMax{30};
    static constexpr std::chrono::hours kAgeMax{12};
    static constexpr std::size_t kCountMax = 64;

    explicit Sessions(const Clock& clock) : clock_(clock) {}

    [[nodiscard]] Session open();

    /// The session behind a cookie, which counts as used now.
    [[nodiscard]] std::optional<Session> use(std::string_view token);

    /// Whether the session still stands, without counting as use: for connections that stay open.
    [[nodiscard]] bool is_open(std::string_view token) const;

    void close(std::string_view token);

private:
    using Digest = std::array<std::uint8_t, 32>;

    struct Entry {
        std::string csrf_token;
        Moment opened;
        Moment used;
    };

    [[nodiscard]] static Digest digest_of(std::string_view token);
    [[nodiscard]] bool is_over(const Entry& entry, Moment now) const;
    [[nodiscard]] Session view_of(const Entry& entry) const;
    void make_room();

    const Clock& clock_;
    mutable std::mutex mutex_;
    std::map<Digest, Entry> entries_;  ///< By digest: comparing it tells nothing about a token.
};

/// Compares without telling by its time how much was right.
bool is_same_secret(std::string_view left, std::string_view right);

}  // namespace sporvakt::webui
