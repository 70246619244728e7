#include "dns/serving/rate_limit.h"

#include "core/base/assert.h"

#include <algorithm>
#include <random>
#include <type_traits>

namespace sporvakt::dns {
namespace {

static_assert(std::is_same_v<Moment::duration, std::chrono::nanoseconds>);

constexpr unsigned kPerSecondMax = 1'000'000;
constexpr std::size_t kKeyLength = 8;

// The first 64 bits; an IPv4 address as ::a.b.c.d has them, where no IPv6 network can be.
std::uint64_t key_of(const IpAddress& address) {
    std::uint64_t key = 0;
    const Bytes bytes = address.bytes();
    for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), kKeyLength))) {
        key = key << 8U | byte;
    }
    return key;
}

// The finaliser of MurmurHash3: every bit of the key moves every bit of the result.
std::uint64_t mix(std::uint64_t value) {
    value = (value ^ value >> 33U) * 0xff51afd7ed558ccdU;
    value = (value ^ value >> 33U) * 0xc4ceb9fe1a85ec53U;
    return value ^ value >> 33U;
}

std::uint64_t random_secret() {
    std::random_device device;
    return std::uint64_t{device()} << 32U | device();
}

}  // namespace

bool TokenBucket::take(const Size& size, Moment now) {
    const std::int64_t present = now.time_since_epoch().count();
    std::int64_t full_at = full_at_.load(std::memory_order_relaxed);
    std::int64_t next = 0;
    do {
        next = std::max(full_at, present) + size.interval.count();
        if (next - present > size.burst.count()) {
            return false;
        }
    } while (!full_at_.compare_exchange_weak(full_at, next, std::memory_order_relaxed));
    return true;
}

RateLimit::RateLimit(unsigned per_second)
    : size_{std::chrono::nanoseconds(std::chrono::seconds(1)) / std::max(per_second, 1U), kBurst},
      secret_(random_secret()),
      sets_(std::make_unique<std::array<Set, kSets>>()) {
    SPORVAKT_ASSERT(per_second >= 1 && per_second <= kPerSecondMax);
}

bool RateLimit::take(const IpAddress& client, Moment now) {
    return client_of(key_of(client)).bucket.take(size_, now);
}

RateLimit::Client& RateLimit::client_of(std::uint64_t key) {
    auto& clients = (*sets_)[mix(key ^ secret_) % kSets].clients;
    Client* owes_least = clients.data();
    for (Client& client : clients) {
        if (client.key.load(std::memory_order_relaxed) == key) {
            return client;
        }
        if (client.bucket.full_at() < owes_least->bucket.full_at()) {
            owes_least = &client;
        }
    }
    owes_least->key.store(key, std::memory_order_relaxed);
    owes_least->bucket.fill();
    return *owes_least;
}

}  // namespace sporvakt::dns
