#pragma once

#include "core/base/record_type.h"
#include "dns/wait_histogram.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace sporvakt::dns {

/// What became of a message that a client sent.  Each is counted; kLabels names them.
enum class Count : std::uint8_t {
    Received,        ///< All messages.
    Blocked,         ///< Answered as blocked, disguised ones included.
    ByList,          ///< Of those: by a rule of a list,
    ByHousehold,     ///< by the owner's own rule,
    Cloaked,         ///< because the answer, or the house's own alias, led to a blocked name.
    Rebinding,       ///< Answered with nothing: a public name that leads inside.
    AnsweredHere,    ///< Special-use names, ANY.
    Cached,          ///< Answered from the cache.
    Prefetched,      ///< Cached answers fetched anew before their end.
    Asked,           ///< Questions put to the Internet.
    Answered,        ///< Answered with what the Internet said.
    Stale,           ///< Answered with what the Internet said before it went silent.
    Joined,          ///< Waited for a question that was under way already.
    Failed,          ///< SERVFAIL: the Internet gave no answer.
    Refused,         ///< Class or type that we do not serve, EDNS version, opcode.
    Outside,         ///< From a network that may not ask: REFUSED for few, dropped else.
    OutsideDropped,  ///< Of those: heard nothing.
    OverLimit,       ///< Over its client's limit: told so or dropped; over TCP made to wait.
    LimitDropped,    ///< Of those: heard nothing.
    ProvenAddress,   ///< Of all: brought a cookie of ours (RFC 7873).
    Truncated,       ///< Answer did not fit into UDP: TC set.
    Overloaded,      ///< Too many questions under way: SERVFAIL at once.
    NoWayBack,       ///< Dropped: from port 0, which no answer reaches.
    TooShort,        ///< Dropped: less than a header.
    IsReply,         ///< Dropped: QR set.
    QuestionCount,   ///< FORMERR (dropped from outside) from here on: not exactly one question,
    ExtraRecords,    ///< answer or authority records in a question,
    BadName,         ///< a name that breaks RFC 1035's limits,
    CutShort,        ///< ends inside a record,
    TrailingBytes,   ///< goes on after its last record,
    BadEdns,         ///< two OPT records, or a broken one.
    TapLost,         ///< Messages that whoever reads dnstap did not get: away, or too slow.
    SendFailed,      ///< The kernel took no answer.
    TcpConnections,  ///< Accepted, TLS included.
    TlsConnections,  ///< Of those: shook hands.
    TlsFailed,       ///< Of those: broke TLS's rules, or wanted what we do not accept.
    TcpClosed,       ///< Closed by us: idle, too many, or not speaking DNS.
};

constexpr std::size_t kCountKinds = static_cast<std::size_t>(Count::TcpClosed) + 1;

/// In the order of Count; stable names for status pages.
constexpr std::array<std::string_view, kCountKinds> kCountLabels{
    "received",       "blocked",         "by_list",     "by_household",    "cloaked",
    "rebinding",      "answered_here",   "cached",      "prefetched",      "asked",
    "answered",       "stale",           "joined",      "failed",          "refused",
    "outside",        "outside_dropped", "over_limit",  "limit_dropped",   "proven_address",
    "truncated",      "overloaded",      "no_way_back", "too_short",       "is_reply",
    "question_count", "extra_records",   "bad_name",    "cut_short",       "trailing_bytes",
    "bad_edns",       "tap_lost",        "send_failed", "tcp_connections", "tls_connections",
    "tls_failed",     "tcp_closed"};

/// What was asked for, of every readable question of those who may ask.  Few on purpose: a type
/// that only one device of a house asks for would tell of that device.
enum class QuestionKind : std::uint8_t { A, Aaaa, Https, Ptr, Srv, Txt, Other };

constexpr std::size_t kQuestionKinds = static_cast<std::size_t>(QuestionKind::Other) + 1;

/// In the order of QuestionKind; stable as kCountLabels.
constexpr std::array<std::string_view, kQuestionKinds> kQuestionLabels{
    "A", "AAAA", "HTTPS", "PTR", "SRV", "TXT", "other"};

constexpr QuestionKind question_kind(RecordType type) {
    if (type == RecordType::A) {
        return QuestionKind::A;
    }
    if (type == RecordType::Aaaa) {
        return QuestionKind::Aaaa;
    }
    if (type == RecordType::Https) {
        return QuestionKind::Https;
    }
    if (type == RecordType::Ptr) {
        return QuestionKind::Ptr;
    }
    if (type == RecordType::Srv) {
        return QuestionKind::Srv;
    }
    return type == RecordType::Txt ? QuestionKind::Txt : QuestionKind::Other;
}

/// Counts at one moment.
struct ResolverCounts {
    std::array<std::uint64_t, kCountKinds> values{};
    std::array<std::uint64_t, kQuestionKinds> questions{};
    WaitHistogram waits;

    [[nodiscard]] std::uint64_t operator[](Count kind) const {
        return values.at(static_cast<std::size_t>(kind));
    }
    [[nodiscard]] std::uint64_t operator[](QuestionKind kind) const {
        return questions.at(static_cast<std::size_t>(kind));
    }

    ResolverCounts& operator+=(const ResolverCounts& more) {
        const auto plus = std::plus<>();
        std::transform(values.begin(), values.end(), more.values.begin(), values.begin(), plus);
        std::transform(questions.begin(), questions.end(), more.questions.begin(),
                       questions.begin(), plus);
        std::transform(waits.counts.begin(), waits.counts.end(), more.waits.counts.begin(),
                       waits.counts.begin(), plus);
        return *this;
    }

    friend bool operator==(const ResolverCounts&, const ResolverCounts&) = default;
};

/// One worker's counters: written by one thread alone, read by any, of any process where they lie
/// in memory that is shared.  Numbers are read one by one: some may be a query older than others.
class Counters {
public:
    void add(Count kind) { bump(values_.at(static_cast<std::size_t>(kind))); }
    void add(QuestionKind kind) { bump(questions_.at(static_cast<std::size_t>(kind))); }

    /// A client waited for the Internet for so long.
    void add_wait(std::chrono::nanoseconds wait) { bump(waits_.at(WaitHistogram::range_of(wait))); }

    void add_to(ResolverCounts& sum) const {
        add_each(values_, sum.values);
        add_each(questions_, sum.questions);
        add_each(waits_, sum.waits.counts);
    }

    /// Shows these instead, for whoever reads.
    void show(const ResolverCounts& counts) {
        show_each(values_, counts.values);
        show_each(questions_, counts.questions);
        show_each(waits_, counts.waits.counts);
    }

private:
    using Number = std::atomic<std::uint64_t>;
    static_assert(Number::is_always_lock_free);

    // Only one thread writes, so a load and a store do; no locked instruction a query.
    static void bump(Number& number) {
        number.store(number.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

    template <std::size_t kSize>
    static void add_each(const std::array<Number, kSize>& numbers,
                         std::array<std::uint64_t, kSize>& sum) {
        for (std::size_t at = 0; at < kSize; ++at) {
            sum.at(at) += numbers.at(at).load(std::memory_order_relaxed);
        }
    }

    template <std::size_t kSize>
    static void show_each(std::array<Number, kSize>& numbers,
                          const std::array<std::uint64_t, kSize>& shown) {
        for (std::size_t at = 0; at < kSize; ++at) {
            numbers.at(at).store(shown.at(at), std::memory_order_relaxed);
        }
    }

    std::array<Number, kCountKinds> values_{};
    std::array<Number, kQuestionKinds> questions_{};
    std::array<Number, WaitHistogram::kRanges> waits_{};
};

}  // namespace sporvakt::dns
