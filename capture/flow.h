#pragma once

#include "capture/attribution/name_pool.h"
#include "capture/flow_journal.h"
#include "capture/flow_summary.h"
#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/base/mac_address.h"
#include "core/devices/device_id.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace sporvakt::capture {

/// Which flow a packet belongs to, the same for both directions: the ends in an order of their own.
struct FlowKey {
    std::array<std::uint64_t, 5> words{};  ///< Both addresses, both ports, protocol and families.

    static FlowKey of(std::uint8_t protocol, const Endpoint& one, const Endpoint& other) {
        return is_first(one, other) ? of_ordered(protocol, one, other)
                                    : of_ordered(protocol, other, one);
    }

    /// Whether `one` is the key's first end.
    static bool is_first(const Endpoint& one, const Endpoint& other);
    static FlowKey of_ordered(std::uint8_t protocol, const Endpoint& first, const Endpoint& second);

    [[nodiscard]] Endpoint first() const;
    [[nodiscard]] Endpoint second() const;

    // Not defaulted: that calls memcmp, and this is done for every packet.
    friend bool operator==(const FlowKey& left, const FlowKey& right) {
        std::uint64_t difference = 0;
        for (std::size_t i = 0; i < left.words.size(); ++i) {
            difference |= left.words[i] ^ right.words[i];
        }
        return difference == 0;
    }

private:
    static constexpr unsigned kFirstPortAt = 48;
    static constexpr unsigned kSecondPortAt = 32;
    static constexpr unsigned kProtocolAt = 16;
    static constexpr unsigned kFirstFamilyAt = 8;
};

inline bool FlowKey::is_first(const Endpoint& one, const Endpoint& other) {
    const auto words = one.address.words();
    const auto others = other.address.words();
    if (words[0] != others[0]) {
        return words[0] < others[0];
    }
    if (words[1] != others[1]) {
        return words[1] < others[1];
    }
    return one.port <= other.port;
}

inline FlowKey FlowKey::of_ordered(std::uint8_t protocol, const Endpoint& first,
                                   const Endpoint& second) {
    const auto words = first.address.words();
    const auto others = second.address.words();
    const std::uint64_t rest =
        (std::uint64_t{first.port} << kFirstPortAt) |
        (std::uint64_t{second.port} << kSecondPortAt) | (std::uint64_t{protocol} << kProtocolAt) |
        (static_cast<std::uint64_t>(first.address.family()) << kFirstFamilyAt) |
        static_cast<std::uint64_t>(second.address.family());
    return {{words[0], words[1], others[0], others[1], rest}};
}

/// Who talks to whom.  The client opened the flow; `device` is the one of the two that is ours.
struct FlowParties {
    Endpoint client;
    Endpoint server;
    devices::DeviceId device;       ///< Its MAC, or the address of its end.
    bool is_device_server = false;  ///< Somebody out there opened it.
};

/// How far the reading of a flow's name is.  Watched: there is one, but until the server answers
/// the client may send another version of it.
enum class Naming : std::uint8_t { Reads, Watched, Done };

/// Whether the policy wants a flow's name recorded.
enum class Judgement : std::uint8_t { None, Unrecorded, Recorded };

/// What a flow has to remember once there is something to call it by; most flows never have that.
struct Attribution {
    NamePool::Name claimed;   ///< What the client said.
    NamePool::Name inferred;  ///< What the device resolved to the server's address.

    // What FlowReporter has told of it.
    Timestamp news_since;
    std::uint64_t reported_up = 0;
    std::uint64_t reported_down = 0;
    std::optional<FlowJournal::Slot> journal_slot;
    bool is_counted = false;  ///< Has been recorded as a contact.

    Certainty certainty = Certainty::Likely;  ///< Of what is inferred.
};

/// One conversation; `up` is from the device, `down` to it.  Small, for there are many.
struct Flow {
    static constexpr std::uint16_t kNoReader = 0xffff;

    FlowKey key;
    Timestamp first_seen;
    Timestamp last_seen;
    std::uint64_t bytes_up = 0;  ///< Of IP, headers and all.
    std::uint64_t bytes_down = 0;
    std::uint32_t packets_up = 0;
    std::uint32_t packets_down = 0;

    std::unique_ptr<Attribution> attribution;
    /// What began it: TCP's first sequence number, or a hash of QUIC's first destination ID.
    std::uint32_t opening = 0;
    std::uint32_t judged_in = 0;       ///< The generation of the policy that judged.
    std::uint16_t reader = kNoReader;  ///< Where the sniffer reads its name.
    std::uint16_t share = 0;           ///< Whose part of the table it takes; the table's.
    MacAddress device_mac;             ///< If has_mac; else the device is its end's address.

    FlowTransport transport = FlowTransport::Tcp;
    Naming naming = Naming::Reads;
    NameOrigin origin = NameOrigin::None;
    Judgement judgement = Judgement::None;
    Bypass bypass = Bypass::None;

    bool has_mac = false;
    bool is_client_first = false;   ///< Of the key's two ends.
    bool is_device_server = false;  ///< Somebody out there opened it.
    bool is_countable = false;      ///< A device of the house with the world outside.
    bool has_sent = false;          ///< The client sent payload.
    bool is_answered = false;       ///< So did the server.
    bool is_closed = false;         ///< FIN or RST was seen.
    bool has_opening = false;
    bool has_encrypted_hello = false;  ///< Or what looks like one.
    bool is_name_front = false;        ///< The name is one that others hide behind.
    bool has_news = false;             ///< Stands in the list of what to report.
    bool is_used = false;              ///< Stands in the table, which alone writes this.
    bool may_carry = false;            ///< CoalescedNames waits for what its client sends next.
    /// In which minute its bypass was last noted, by the clock modulo 2^16.
    std::uint16_t bypass_noted = 0;

    [[nodiscard]] Endpoint client() const { return is_client_first ? key.first() : key.second(); }
    [[nodiscard]] Endpoint server() const { return is_client_first ? key.second() : key.first(); }
    [[nodiscard]] devices::DeviceId device() const;

    [[nodiscard]] std::string_view claimed() const;
    [[nodiscard]] std::string_view inferred() const;
    [[nodiscard]] bool has_name() const { return attribution != nullptr; }

    /// Makes the attribution if there is none.
    Attribution& attribute();

    /// Silent for longer than its kind may be.
    [[nodiscard]] bool is_over(Timestamp now) const;
    [[nodiscard]] bool is_hidden() const { return has_encrypted_hello && is_name_front; }

    /// Whether to judge by what was resolved: without a claim, and behind a front.
    [[nodiscard]] bool is_inferred() const {
        return claimed().empty() || (is_hidden() && !inferred().empty());
    }
    /// The name to judge by.
    [[nodiscard]] std::string_view name() const { return is_inferred() ? inferred() : claimed(); }

    [[nodiscard]] FlowSummary summary() const;
};

static_assert(sizeof(Flow) <= 128);
static_assert(sizeof(Attribution) <= 48);

}  // namespace sporvakt::capture
