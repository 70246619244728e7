#include "dns/serving/admission.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace sporvakt::dns {
namespace {

constexpr TokenBucket::Size kRefusals{
    std::chrono::nanoseconds(std::chrono::seconds(1)) / Admission::kRefusalsPerSecond,
    std::chrono::seconds(1)};

template <std::size_t Count>
std::vector<IpPrefix> prefixes_of(const std::array<std::string_view, Count>& texts) {
    std::vector<IpPrefix> prefixes;
    prefixes.reserve(texts.size());
    for (const std::string_view text : texts) {
        prefixes.push_back(*IpPrefix::from_text(text));
    }
    return prefixes;
}

bool is_in(const std::vector<IpPrefix>& networks, const IpAddress& address) {
    return std::any_of(networks.begin(), networks.end(),
                       [&](const IpPrefix& network) { return network.contains(address); });
}

}  // namespace

std::vector<IpPrefix> home_networks() {
    constexpr std::array<std::string_view, 9> kHome{
        "192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12",  "fe80::/10",    "fc00::/7",
        "127.0.0.0/8",    "::1/128",    "169.254.0.0/16", "100.64.0.0/10"};
    return prefixes_of(kHome);  // the most likely first
}

std::vector<IpPrefix> loopback_networks() {
    constexpr std::array<std::string_view, 2> kLoopback{"127.0.0.0/8", "::1/128"};
    return prefixes_of(kLoopback);
}

Admission::Admission(AdmissionSettings settings) : settings_(std::move(settings)) {
    if (settings_.rate_limit) {
        limit_.emplace(*settings_.rate_limit);
        proven_limit_.emplace(*settings_.rate_limit * kProvenFactor);
    }
}

Admission::Verdict Admission::admit(const IpAddress& client, Moment now) {
    if (is_outside(client)) {
        return Verdict::Outside;  // never in the table: it is for the house
    }
    if (!limit_ || is_in(settings_.rate_limit_exempt, client) || limit_->take(client, now)) {
        return Verdict::Admitted;
    }
    return Verdict::OverLimit;
}

bool Admission::admit_proven(const IpAddress& client, Moment now) {
    return proven_limit_->take(client, now);
}

bool Admission::may_answer_over_limit() {
    return settings_.over_limit == OverLimitAnswer::Refuse ||
           over_limit_count_.fetch_add(1, std::memory_order_relaxed) % kOverLimitPerAnswer == 0;
}

bool Admission::is_outside(const IpAddress& client) const {
    return !is_in(settings_.allow_from, client);
}

bool Admission::may_refuse_outside(Moment now) {
    return refusals_.take(kRefusals, now);
}

}  // namespace sporvakt::dns
