#pragma once

#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/base/ip_prefix.h"
#include "dns/message/server_cookie.h"
#include "dns/serving/rate_limit.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

namespace sporvakt::dns {

/// Networks that are a house's own: loopback, private and shared addresses, link-local and unique
/// local ones (RFC 1122 §3.2.1.3, 1918, 6598, 3927; RFC 4291 §2.5, 4193).
std::vector<IpPrefix> home_networks();

/// 127.0.0.0/8 and ::1: programs of this machine, among them forwarders that speak for many.
std::vector<IpPrefix> loopback_networks();

/// What a client that asks too much over UDP is told.
enum class OverLimitAnswer : std::uint8_t {
    Truncate,  ///< Some are asked to come by TCP, which proves their address; the rest hears
               ///< nothing.
    Refuse,    ///< REFUSED, each.
};

struct AdmissionSettings {
    std::vector<IpPrefix> allow_from = home_networks();

    /// Questions a second of one client; nullopt: no limit.  More than any device of a home was
    /// seen to need, for too low a limit looks like a broken Internet.
    std::optional<unsigned> rate_limit = 500;
    std::vector<IpPrefix> rate_limit_exempt = loopback_networks();
    OverLimitAnswer over_limit = OverLimitAnswer::Truncate;

    friend bool operator==(const AdmissionSettings&, const AdmissionSettings&) = default;
};

/// Who may ask, and how much: an open resolver would be a weapon against others (RFC 5358).
///
/// One for all workers; thread-safe; without locks and allocations.  admit() costs 25 to 50
/// ns a query for 192.168.0.0/16 (measured at -O2 on a busy machine; callgrind: 30 instructions for
/// each prefix compared, 100 for the bucket), and one cache line.
class Admission {
public:
    enum class Verdict : std::uint8_t { Admitted, OverLimit, Outside };

    /// Who has proven that an address is its own (RFC 7873) may ask so many times as much.
    static constexpr unsigned kProvenFactor = 8;

    /// One answer for so many questions over the limit.
    static constexpr unsigned kOverLimitPerAnswer = 4;

    /// Refusals that strangers get, in all: enough for one who wonders, useless for an attack.
    static constexpr unsigned kRefusalsPerSecond = 10;

    explicit Admission(AdmissionSettings settings);

    /// Charges the client for a question.
    Verdict admit(const IpAddress& client, Moment now);

    /// For a client over its limit that has proven its address: the limit of such ones.
    bool admit_proven(const IpAddress& client, Moment now);

    /// By which clients prove their addresses; ours of this run.
    [[nodiscard]] const ServerCookies& cookies() const { return cookies_; }

    /// Whether this question over the limit gets an answer of the kind over_limit().
    bool may_answer_over_limit();
    [[nodiscard]] OverLimitAnswer over_limit() const { return settings_.over_limit; }

    [[nodiscard]] bool is_outside(const IpAddress& client) const;

    /// Whether one from outside is told REFUSED; others hear nothing, for the address that a
    /// datagram comes from may be that of a victim.
    bool may_refuse_outside(Moment now);

private:
    AdmissionSettings settings_;
    std::optional<RateLimit> limit_;
    std::optional<RateLimit> proven_limit_;
    ServerCookies cookies_ = ServerCookies::random();
    TokenBucket refusals_;
    std::atomic<unsigned> over_limit_count_{0};
};

}  // namespace sporvakt::dns
