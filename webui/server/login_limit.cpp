#include "webui/server/login_limit.h"

#include "core/base/assert.h"

#include <algorithm>
#include <array>

namespace sporvakt::webui {
namespace {

constexpr std::size_t kIpv6NetworkBytes = 8;  // a /64: one home's or one device's (RFC 6177)

IpAddress network_of(const IpAddress& client) {
    if (client.family() == IpFamily::V4) {
        return client;
    }
    std::array<std::uint8_t, 16> bytes{};
    const Bytes whole = client.bytes();
    std::copy_n(whole.begin(), kIpv6NetworkBytes, bytes.begin());
    const auto network = IpAddress::from_bytes(bytes);
    SPORVAKT_ASSERT(network.has_value());
    return *network;
}

std::chrono::seconds rounded_up(Moment::duration left) {
    return std::max(std::chrono::ceil<std::chrono::seconds>(left), std::chrono::seconds{1});
}

}  // namespace

std::optional<std::chrono::seconds> LoginLimit::charge(const IpAddress& client) {
    const std::lock_guard lock(mutex_);
    const Moment now = clock_.moment();
    forget_old(now);
    const IpAddress network = network_of(client);
    const auto known = tries_.find(network);
    if (known != tries_.end()) {
        if (const auto free = free_at(known->second)) {
            return rounded_up(*free - now);
        }
    }
    if (const Moment free = all_free_at(); free > now) {
        return rounded_up(free - now);
    }
    if (known == tries_.end() && tries_.size() == kAddressCountMax) {
        const auto quietest =
            std::min_element(tries_.begin(), tries_.end(), [](const auto& left, const auto& right) {
                return left.second.back() < right.second.back();
            });
        tries_.erase(quietest);  // the common wait still holds whoever gains by that
    }
    tries_[network].push_back(now);
    ++tries_of_all_;
    last_try_ = now;
    return std::nullopt;
}

void LoginLimit::forgive(const IpAddress& client) {
    const std::lock_guard lock(mutex_);
    tries_.erase(network_of(client));
    tries_of_all_ = 0;
}

std::optional<Moment> LoginLimit::free_at(const std::vector<Moment>& tries) const {
    if (tries.size() < kTriesPerAddress) {
        return std::nullopt;
    }
    return tries[tries.size() - kTriesPerAddress] + kWindow;
}

Moment LoginLimit::all_free_at() const {
    if (tries_of_all_ <= kFreeTriesOfAll) {
        return last_try_;
    }
    const std::size_t doublings = std::min<std::size_t>(tries_of_all_ - kFreeTriesOfAll - 1, 16);
    const std::chrono::seconds wait{std::int64_t{1} << doublings};
    return last_try_ + std::min(wait, kWaitOfAllMax);
}

void LoginLimit::forget_old(Moment now) {
    for (auto entry = tries_.begin(); entry != tries_.end();) {
        auto& tries = entry->second;
        tries.erase(tries.begin(), std::find_if(tries.begin(), tries.end(),
                                                [now](Moment at) { return now - at < kWindow; }));
        entry = tries.empty() ? tries_.erase(entry) : std::next(entry);
    }
    if (now - last_try_ >= kWindow) {
        tries_of_all_ = 0;
    }
}

}  // namespace sporvakt::webui
