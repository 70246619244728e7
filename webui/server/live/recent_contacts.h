#pragma once

#include "core/base/clock.h"
#include "core/ledger/erasure.h"
#include "core/ledger/reports.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace sporvakt::webui {

/// Every state that a contact came in during the last 24 hours, numbered in the order of arrival:
/// the raw events.  In memory alone, so a new start forgets them, and bounded three ways; what is
/// over a bound goes, oldest first.  What the keeper was told not to store never gets here.
///
/// Not thread-safe: belongs to LiveFeed.
class RecentContacts {
public:
    static constexpr std::chrono::hours kAgeMax{24};
    static constexpr std::size_t kCountMax = 20'000;
    /// With what the containers take.  Names and rules are the most of it.
    static constexpr std::size_t kBytesMax = std::size_t{4} << 20U;

    struct Numbered {
        std::uint64_t seq = 0;
        ledger::Contact contact;
    };

    struct Page {
        std::vector<Numbered> contacts;     ///< Newest first.
        std::optional<std::uint64_t> next;  ///< Give back as `before` for the following page.
    };

    /// Numbers start at the time of `clock`, so that they go on growing over a restart.
    explicit RecentContacts(const Clock& clock);

    void add(const ledger::Contact& contact);

    /// Forgets what is too old by now.
    void forget_old();

    /// Forgets what the erasure is about, at once.
    void erase(const ledger::Erasure& erasure);

    /// Those that the filter wants, numbered below `before`; `limit` of them at most.
    [[nodiscard]] Page page(const ledger::Filter& filter, std::optional<std::uint64_t> before,
                            std::size_t limit) const;

    /// The newest ones after that number, newest first; at most `limit`.
    [[nodiscard]] std::vector<Numbered> after(std::uint64_t seq, std::size_t limit) const;

    /// The number that was given out last.
    [[nodiscard]] std::uint64_t last() const { return seq_; }

    /// Of those up to this number some are forgotten.
    [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }

    [[nodiscard]] std::size_t count() const { return kept_.size(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    /// A contact in less room: its texts are one.
    struct Kept {
        std::uint64_t seq = 0;
        Moment arrived;
        Timestamp first;
        Timestamp last;
        std::uint64_t attempts = 0;
        std::uint64_t bytes_up = 0;
        std::uint64_t bytes_down = 0;
        devices::DeviceId device;
        trackers::CompanyId company = trackers::CompanyId::None;
        trackers::Purpose purpose = trackers::Purpose::Unknown;
        ledger::Outcome outcome = ledger::Outcome::Prevented;
        ledger::NameSource source = ledger::NameSource::Query;
        ledger::Cause cause = ledger::Cause::List;
        std::array<std::uint16_t, 3> ends{};  ///< Of name, rule and list; the detail has the rest.
        std::string texts;

        [[nodiscard]] std::size_t bytes() const;
    };

    [[nodiscard]] static Kept packed(const ledger::Contact& contact);
    [[nodiscard]] static ledger::Contact unpacked(const Kept& kept);
    [[nodiscard]] bool is_old(const Kept& kept) const;
    void forget_first();

    const Clock& clock_;
    std::deque<Kept> kept_;
    std::size_t bytes_ = 0;
    std::uint64_t seq_;
    std::uint64_t forgotten_;
};

}  // namespace sporvakt::webui
