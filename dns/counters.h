#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sporvakt::dns {

/// What became of a message that a client sent.  Each is counted; kLabels names them.
enum class Count : std::uint8_t {
    Received,        ///< All messages.
    Blocked,         ///< Answered as blocked, disguised ones included.
    Cloaked,         ///< Of those: the answer led to a blocked name.
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
    OverLimit,       ///< Over its client's limit: told so or dropped; over TCP made to wait.
    ProvenAddress,   ///< Of all: brought a cookie of ours (RFC 7873).
    Truncated,       ///< Answer did not fit into UDP: TC set.
    Overloaded,      ///< Too many questions under way: SERVFAIL at once.
    TooShort,        ///< Dropped: less than a header.
    IsReply,         ///< Dropped: QR set.
    QuestionCount,   ///< FORMERR from here on: not exactly one question,
    ExtraRecords,    ///< answer or authority records in a question,
    BadName,         ///< a name that breaks RFC 1035's limits,
    CutShort,        ///< ends inside a record,
    TrailingBytes,   ///< goes on after its last record,
    BadEdns,         ///< two OPT records, or a broken one.
    SendFailed,      ///< The kernel took no answer.
    TcpConnections,  ///< Accepted, TLS included.
    TlsConnections,  ///< Of those: shook hands.
    TlsFailed,       ///< Of those: broke TLS's rules, or wanted what we do not accept.
    TcpClosed,       ///< Closed by us: idle, too many, or not speaking DNS.
};

constexpr std::size_t kCountKinds = static_cast<std::size_t>(Count::TcpClosed) + 1;

/// In the order of Count; stable names for status pages.
constexpr std::array<std::string_view, kCountKinds> kCountLabels{
    "received",       "blocked",       "cloaked",         "rebinding",       "answered_here",
    "cached",         "prefetched",    "asked",           "answered",        "stale",
    "joined",         "failed",        "refused",         "outside",         "over_limit",
    "proven_address", "truncated",     "overloaded",      "too_short",       "is_reply",
    "question_count", "extra_records", "bad_name",        "cut_short",       "trailing_bytes",
    "bad_edns",       "send_failed",   "tcp_connections", "tls_connections", "tls_failed",
    "tcp_closed"};

/// Counts at one moment.
struct ResolverCounts {
    std::array<std::uint64_t, kCountKinds> values{};

    [[nodiscard]] std::uint64_t operator[](Count kind) const {
        return values.at(static_cast<std::size_t>(kind));
    }
};

/// One worker's counters: written by its thread alone, read by any.
class Counters {
public:
    void add(Count kind) {
        // Only one thread writes, so a load and a store do; no locked instruction a query.
        auto& value = values_.at(static_cast<std::size_t>(kind));
        value.store(value.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

    void add_to(ResolverCounts& sum) const {
        for (std::size_t kind = 0; kind < kCountKinds; ++kind) {
            sum.values.at(kind) += values_.at(kind).load(std::memory_order_relaxed);
        }
    }

private:
    std::array<std::atomic<std::uint64_t>, kCountKinds> values_{};
};

}  // namespace sporvakt::dns
