#include "capture/flow_table.h"

#include "core/base/assert.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include <sys/random.h>

namespace sporvakt::capture {
namespace {

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

/// What is lost with a flow: silent ones first, of those that tell least.  What nobody answered may
/// be made up by whoever wants others pushed out, its name too.
std::pair<int, Timestamp> worth_of(const Flow& flow) {
    const bool is_mutual = flow.packets_up > 0 && flow.packets_down > 0 && !flow.is_closed;
    if (!is_mutual) {
        return {0, flow.last_seen};
    }
    if (flow.judgement == Judgement::Recorded) {
        return {3, flow.last_seen};
    }
    return {flow.has_name() ? 2 : 1, flow.last_seen};
}

bool has_name_of_few(const Flow& flow) {
    const auto is_of_few = [](const NamePool::Name& name) {
        return !name.empty() && name.copies() < FlowTable::kManyCopies;
    };
    return flow.attribution != nullptr &&
           (is_of_few(flow.attribution->claimed) || is_of_few(flow.attribution->inferred));
}

std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> 32U);
}

}  // namespace

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

std::uint16_t FlowTable::share_of(const devices::DeviceId& device) const {
    std::array<std::uint64_t, 3> words{};
    std::memcpy(words.data(), device.stored().data(), devices::DeviceId::kStoredLength);
    return static_cast<std::uint16_t>(sip_hash(secret_, words) % kShares);
}

Flow* FlowTable::find(const FlowKey& key) {
    if (latest_ != nullptr && latest_->key == key && latest_->is_used) {
        return latest_;
    }
    const std::uint64_t hash = hash_of(key);
    const Bucket& bucket = buckets_[hash % kBuckets];
    for (std::size_t way = 0; way < kWays; ++way) {
        if (bucket.tags[way] != tag_of(hash) || bucket.flows[way] == kFree) {
            continue;
        }
        Flow& flow = at(bucket.flows[way]);
        if (flow.key == key) {
            latest_ = &flow;
            return latest_;
        }
    }
    return nullptr;
}

/// The way whose flow may go; only one of this share, if a share is given.
std::optional<std::size_t> FlowTable::least_worth(const Bucket& bucket,
                                                  std::optional<std::uint16_t> share) {
    std::optional<std::size_t> least;
    for (std::size_t way = 0; way < kWays; ++way) {
        if (bucket.flows[way] == kFree) {
            continue;
        }
        const Flow& flow = at(bucket.flows[way]);
        const bool may_go = !share || flow.share == *share;
        if (may_go && (!least || worth_of(flow) < worth_of(at(bucket.flows[*least])))) {
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
    if (!victim) {
        ++counters_.refused;
        return std::nullopt;
    }
    ++counters_.pushed_out;
    end(at(bucket.flows[*victim]));
    return victim;
}

/// Looks on until there is one of a device that has about as many flows as any: with a fixed number
/// of buckets, those that had few such flows would lose others.
Flow* FlowTable::least_worth_its_names(const Flow* spared) {
    const std::uint32_t most = *std::max_element(shares_.begin(), shares_.end());
    const auto rank = [&](const Flow& flow) {
        return std::pair(-std::int64_t{shares_[flow.share]}, worth_of(flow));
    };
    Flow* least = nullptr;
    for (std::size_t looked = 0; looked < kBucketsAtPush; ++looked) {
        for (const Index index : buckets_[next_push_].flows) {
            Flow* flow = index == kFree ? nullptr : &at(index);
            if (flow != nullptr && flow != spared && has_name_of_few(*flow) &&
                (least == nullptr || rank(*flow) < rank(*least))) {
                least = flow;
            }
        }
        next_push_ = (next_push_ + 1) % kBuckets;
        if (least != nullptr && shares_[least->share] >= most / 2) {
            break;
        }
    }
    return least;
}

bool FlowTable::push_out_named(const Flow* spared) {
    Flow* flow = least_worth_its_names(spared);
    if (flow == nullptr) {
        return false;
    }
    ++counters_.pushed_out;
    end(*flow);
    return true;
}

FlowTable::Index FlowTable::take_index() {
    if (!free_.empty()) {
        const Index index = free_.back();
        free_.pop_back();
        return index;
    }
    if (taken_ == chunks_.size() * kChunk) {
        chunks_.push_back(std::make_unique<std::array<Flow, kChunk>>());
    }
    return taken_++;
}

Flow* FlowTable::begin(std::uint8_t protocol, const FlowParties& parties) {
    const bool is_client_first = FlowKey::is_first(parties.client, parties.server);
    const auto key = is_client_first
                         ? FlowKey::of_ordered(protocol, parties.client, parties.server)
                         : FlowKey::of_ordered(protocol, parties.server, parties.client);
    const std::uint16_t share = share_of(parties.device);
    const std::uint64_t hash = hash_of(key);
    Bucket& bucket = buckets_[hash % kBuckets];
    const auto way = make_room(bucket, share);
    if (!way) {
        return nullptr;
    }
    const Index index = take_index();
    Flow& flow = at(index);
    flow = Flow{};
    flow.key = key;
    flow.is_client_first = is_client_first;
    flow.is_device_server = parties.is_device_server;
    if (const auto mac = parties.device.mac()) {
        flow.has_mac = true;
        flow.device_mac = *mac;
    }
    flow.share = share;
    flow.is_used = true;
    bucket.tags[*way] = tag_of(hash);
    bucket.flows[*way] = index;
    ++shares_[share];
    ++size_;
    ++counters_.begun;
    latest_ = &flow;
    return &flow;
}

void FlowTable::end(Flow& flow) {
    on_end_(flow);
    Bucket& bucket = buckets_[hash_of(flow.key) % kBuckets];
    auto* const place = std::find_if(bucket.flows.begin(), bucket.flows.end(), [&](Index index) {
        return index != kFree && &at(index) == &flow;
    });
    SPORVAKT_ASSERT(place != bucket.flows.end());
    free_.push_back(std::exchange(*place, kFree));
    --shares_[flow.share];
    --size_;
    flow.is_used = false;
    flow.attribution.reset();
}

void FlowTable::sweep(Timestamp now) {
    const std::size_t part = kBuckets / kSweeps;
    const std::size_t from = next_sweep_ * part;
    next_sweep_ = (next_sweep_ + 1) % kSweeps;
    for (std::size_t bucket = from; bucket < from + part; ++bucket) {
        for (const Index index : buckets_[bucket].flows) {
            if (index != kFree && at(index).is_over(now)) {
                end(at(index));
            }
        }
    }
}

void FlowTable::for_each(const std::function<void(Flow&)>& visit) {
    for (Index index = 0; index < taken_; ++index) {
        if (at(index).is_used) {
            visit(at(index));
        }
    }
}

void FlowTable::end_all() {
    std::vector<Flow*> live;
    for_each([&](Flow& flow) { live.push_back(&flow); });
    std::stable_sort(live.begin(), live.end(), [](const Flow* left, const Flow* right) {
        return left->first_seen < right->first_seen;
    });
    for (Flow* flow : live) {
        end(*flow);
    }
}

}  // namespace sporvakt::capture
