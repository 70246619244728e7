#include "capture/flow_table.h"

#include "core/base/assert.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>
#include <utility>

#include <sys/random.h>

namespace sporvakt::capture {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// How long a flow may be silent before it is over.
constexpr seconds kClosed{5};
constexpr seconds kUnopened{10};
constexpr seconds kTcp{300};
constexpr hours kRecorded{2};  // phones keep a tracker's connection open over long silences
constexpr seconds kUdp{60};
constexpr seconds kQuic{120};

struct SipState {
    std::uint64_t v0;
    std::uint64_t v1;
    std::uint64_t v2;
    std::uint64_t v3;

    void round() {
        v0 += v1;
        v1 = std::rotl(v1, 13) ^ v0;
        v0 = std::rotl(v0, 32);
        v2 += v3;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 += v3;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 += v1;
        v1 = std::rotl(v1, 17) ^ v2;
        v2 = std::rotl(v2, 32);
    }
};

/// SipHash-1-3 (Aumasson and Bernstein, 2012) of whole words.
template <std::size_t count>
std::uint64_t sip_hash(const std::array<std::uint64_t, 2>& key,
                       const std::array<std::uint64_t, count>& words) {
    SipState state{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d,
                   key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573};
    const auto absorb = [&](std::uint64_t word) {
        state.v3 ^= word;
        state.round();
        state.v0 ^= word;
    };
    std::for_each(words.begin(), words.end(), absorb);
    absorb(std::uint64_t{count * 8} << 56U);
    state.v2 ^= 0xff;
    for (int i = 0; i < 3; ++i) {
        state.round();
    }
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

/// An address as two words; only ever compared and hashed, so their byte order does not matter.
std::array<std::uint64_t, 2> words_of(const IpAddress& address) {
    std::array<std::uint64_t, 2> words{};
    const Bytes bytes = address.bytes();
    std::memcpy(words.data(), bytes.data(), bytes.size());
    return words;
}

/// What is lost with a flow: silent ones first, of those that tell least.
std::pair<int, Timestamp> worth_of(const Flow& flow) {
    if (flow.judgement == Judgement::Recorded) {
        return {2, flow.last_seen};
    }
    return {flow.has_name() ? 1 : 0, flow.last_seen};
}

}  // namespace

FlowKey FlowKey::of(std::uint8_t protocol, const Endpoint& one, const Endpoint& other) {
    const bool in_order =
        one.address < other.address || (one.address == other.address && one.port <= other.port);
    const Endpoint& low = in_order ? one : other;
    const Endpoint& high = in_order ? other : one;
    const auto low_words = words_of(low.address);
    const auto high_words = words_of(high.address);
    const std::uint64_t rest = (std::uint64_t{low.port} << 48U) |
                               (std::uint64_t{high.port} << 32U) |
                               (std::uint64_t{protocol} << 16U) |
                               (static_cast<std::uint64_t>(low.address.family()) << 8U) |
                               static_cast<std::uint64_t>(high.address.family());
    return {{low_words[0], low_words[1], high_words[0], high_words[1], rest}};
}

bool Flow::is_over(Timestamp now) const {
    const auto silence = now - last_seen;
    if (is_closed) {
        return silence > kClosed;
    }
    if (judgement == Judgement::Recorded) {
        return silence > kRecorded;
    }
    switch (transport) {
        case FlowTransport::Udp:
            return silence > kUdp;
        case FlowTransport::Quic:
            return silence > kQuic;
        case FlowTransport::Tcp:
            break;
    }
    const bool is_open = has_sent || is_answered || !has_client_isn;
    return silence > (is_open ? kTcp : kUnopened);
}

FlowSummary Flow::summary() const {
    FlowSummary told;
    told.transport = transport;
    told.client = client;
    told.server = server;
    told.device = device;
    told.name = name.empty() ? inferred : name;
    told.origin = name.empty() && !inferred.empty() ? NameOrigin::Dns : origin;
    if (told.name.empty()) {
        told.origin = NameOrigin::None;
    }
    if (has_encrypted_hello) {
        told.encrypted_hello = is_name_front ? EncryptedHello::Hidden : EncryptedHello::Grease;
    }
    told.answered = is_answered;
    told.bytes_up = bytes_up;
    told.bytes_down = bytes_down;
    told.first_seen = first_seen;
    told.last_seen = last_seen;
    return told;
}

FlowTable::FlowTable(std::function<void(Flow&)> on_end)
    : on_end_(std::move(on_end)), buckets_(kBuckets), shares_(kShares) {
    const auto got = getrandom(secret_.data(), sizeof secret_, 0);
    SPORVAKT_ASSERT(got == static_cast<ssize_t>(sizeof secret_));
    for (Bucket& bucket : buckets_) {
        bucket.flows.fill(kFree);
    }
}

std::uint64_t FlowTable::hash_of(const FlowKey& key) const {
    return sip_hash(secret_, key.words);
}

Flow* FlowTable::find(const FlowKey& key) {
    if (latest_ != kFree && flows_[latest_].place.is_used && flows_[latest_].key == key) {
        return &flows_[latest_];
    }
    const std::uint64_t hash = hash_of(key);
    const Bucket& bucket = buckets_[hash % kBuckets];
    for (std::size_t way = 0; way < kWays; ++way) {
        if (bucket.hashes[way] != hash || bucket.flows[way] == kFree) {
            continue;
        }
        Flow& flow = flows_[bucket.flows[way]];
        if (flow.key == key) {
            latest_ = flow.place.index;
            return &flow;
        }
    }
    return nullptr;
}

/// The way whose flow may go; only one of this share, if a share is given.
std::optional<std::size_t> FlowTable::least_worth(const Bucket& bucket,
                                                  std::optional<std::uint16_t> share) const {
    std::optional<std::size_t> least;
    for (std::size_t way = 0; way < kWays; ++way) {
        if (bucket.flows[way] == kFree) {
            continue;
        }
        const Flow& flow = flows_[bucket.flows[way]];
        const bool may_go = !share || flow.place.share == *share;
        if (may_go && (!least || worth_of(flow) < worth_of(flows_[bucket.flows[*least]]))) {
            least = way;
        }
    }
    return least;
}

/// A free way of the bucket, if need be by ending a flow.
std::optional<std::size_t> FlowTable::make_room(Bucket& bucket, std::uint16_t share) {
    const bool has_had_its_share = shares_[share] >= kShareMax;
    if (!has_had_its_share) {
        const auto way = static_cast<std::size_t>(
            std::find(bucket.flows.begin(), bucket.flows.end(), kFree) - bucket.flows.begin());
        if (way < kWays) {
            return way;
        }
    }
    const auto victim =
        least_worth(bucket, has_had_its_share ? std::optional(share) : std::nullopt);
    if (victim) {
        ++pushed_out_;
        end(flows_[bucket.flows[*victim]]);
    }
    return victim;
}

std::uint32_t FlowTable::take_index() {
    if (!free_.empty()) {
        const std::uint32_t index = free_.back();
        free_.pop_back();
        return index;
    }
    flows_.emplace_back();
    return static_cast<std::uint32_t>(flows_.size() - 1);
}

Flow* FlowTable::begin(const FlowKey& key, const devices::DeviceId& device) {
    std::array<std::uint64_t, 3> words{};
    std::memcpy(words.data(), device.stored().data(), devices::DeviceId::kStoredLength);
    const auto share = static_cast<std::uint16_t>(sip_hash(secret_, words) % kShares);
    const std::uint64_t hash = hash_of(key);
    Bucket& bucket = buckets_[hash % kBuckets];
    const auto way = make_room(bucket, share);
    if (!way) {
        return nullptr;
    }
    const std::uint32_t index = take_index();
    Flow& flow = flows_[index];
    flow = Flow{};
    flow.key = key;
    flow.device = device;
    flow.place.hash = hash;
    flow.place.index = index;
    flow.place.share = share;
    flow.place.is_used = true;
    bucket.hashes[*way] = hash;
    bucket.flows[*way] = index;
    ++shares_[share];
    ++size_;
    latest_ = index;
    return &flow;
}

void FlowTable::end(Flow& flow) {
    on_end_(flow);
    Bucket& bucket = buckets_[flow.place.hash % kBuckets];
    std::replace(bucket.flows.begin(), bucket.flows.end(), flow.place.index, kFree);
    --shares_[flow.place.share];
    --size_;
    free_.push_back(flow.place.index);
    flow.place.is_used = false;
    flow.name = std::string();
    flow.inferred = std::string();
}

void FlowTable::sweep(Timestamp now) {
    const std::size_t part = kBuckets / kSweeps;
    const std::size_t from = next_sweep_ * part;
    next_sweep_ = (next_sweep_ + 1) % kSweeps;
    for (std::size_t at = from; at < from + part; ++at) {
        for (const std::uint32_t index : buckets_[at].flows) {
            if (index != kFree && flows_[index].is_over(now)) {
                end(flows_[index]);
            }
        }
    }
}

void FlowTable::end_all() {
    std::vector<std::uint32_t> live;
    for (const Flow& flow : flows_) {
        if (flow.place.is_used) {
            live.push_back(flow.place.index);
        }
    }
    std::stable_sort(live.begin(), live.end(), [this](std::uint32_t left, std::uint32_t right) {
        return flows_[left].first_seen < flows_[right].first_seen;
    });
    for (const std::uint32_t index : live) {
        end(flows_[index]);
    }
}

}  // namespace sporvakt::capture
