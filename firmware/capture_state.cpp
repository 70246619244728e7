#include "firmware/capture_state.h"

#include <algorithm>
#include <cstring>

namespace sporvakt::firmware {

void InterfaceState::name(std::string_view name) {
    std::array<std::uint64_t, kNameWords> words{};
    std::memcpy(words.data(), name.data(), std::min(name.size(), sizeof(words) - 1));
    for (std::size_t at = 0; at < kNameWords; ++at) {
        name_.at(at) = words.at(at);
    }
}

void InterfaceState::add(const capture::CaptureLoss& more) {
    received_ += more.received;
    dropped_ += more.dropped;
}

std::optional<InterfaceState::Shown> InterfaceState::shown() const {
    std::array<std::uint64_t, kNameWords> words{};
    for (std::size_t at = 0; at < kNameWords; ++at) {
        words.at(at) = name_.at(at);
    }
    std::array<char, sizeof(words) + 1> text{};
    std::memcpy(text.data(), words.data(), sizeof(words));
    if (text.front() == '\0') {
        return std::nullopt;
    }
    return Shown{text.data(), state_, {received_, dropped_}};
}

bool InterfaceState::is_seen() const {
    const capture::WatchState state = state_;
    return name_.front() == 0 || state == capture::WatchState::Watched ||
           state == capture::WatchState::WithoutLink;
}

void CaptureTally::add(const capture::SnifferCounters& counters, const capture::CaptureLoss& loss) {
    for (std::size_t at = 0; at < kSnifferCounts.size(); ++at) {
        const auto of = kSnifferCounts.at(at).of;
        state_.counts.at(at) += counters.*of - counted_.*of;
    }
    const capture::CaptureLoss more{loss.received - lost_.received, loss.dropped - lost_.dropped};
    if (interface_ != nullptr) {
        interface_->add(more);
    }
    dropped_ += more.dropped;
    counted_ = counters;
    lost_ = loss;
}

}  // namespace sporvakt::firmware
