#include "firmware/role_status.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {
namespace {

using dns::Count;

template <std::size_t kSize>
std::vector<webui::Figure> named(const std::array<std::string_view, kSize>& names,
                                 const std::array<std::uint64_t, kSize>& numbers) {
    std::vector<webui::Figure> figures;
    figures.reserve(kSize);
    for (std::size_t at = 0; at < kSize; ++at) {
        figures.push_back({names.at(at), numbers.at(at)});
    }
    return figures;
}

webui::ResolverFigures::Waits waits_of(const dns::WaitHistogram& histogram) {
    webui::ResolverFigures::Waits waits;
    waits.median = histogram.percentile(50);
    waits.slowest_in_100 = histogram.percentile(99);
    for (std::size_t range = 0; range + 1 < dns::WaitHistogram::kRanges; ++range) {
        waits.ranges.push_back({dns::WaitHistogram::end_of(range), histogram.counts.at(range)});
    }
    waits.ranges.push_back({std::nullopt, histogram.counts.back()});
    return waits;
}

std::string_view state_text(capture::WatchState state) {
    switch (state) {
        case capture::WatchState::Missing:
            return "missing";
        case capture::WatchState::Refused:
            return "refused";
        case capture::WatchState::WithoutLink:
            return "without_link";
        case capture::WatchState::Watched:
            break;
    }
    return "watched";
}

}  // namespace

webui::SnifferFigures RoleStatus::sniffer() const {
    webui::SnifferFigures figures;
    for (const InterfaceState& interface : shared_.capture.interfaces) {
        if (const auto shown = interface.shown()) {
            figures.interfaces.push_back(
                {shown->name, state_text(shown->state), shown->loss.received, shown->loss.dropped});
        }
    }
    for (std::size_t at = 0; at < kSnifferCounts.size(); ++at) {
        figures.counts.push_back({kSnifferCounts.at(at).name, shared_.capture.counts.at(at)});
    }
    return figures;
}

webui::ResolverFigures RoleStatus::resolver() const {
    dns::ResolverCounts counts;
    shared_.resolver.add_to(counts);
    webui::ResolverFigures figures;
    figures.stopped = counts[Count::Blocked] + counts[Count::Rebinding];
    figures.from_memory = counts[Count::Cached] + counts[Count::Stale];
    figures.answered = figures.stopped + figures.from_memory + counts[Count::AnsweredHere] +
                       counts[Count::Answered];
    figures.questions = named(dns::kQuestionLabels, counts.questions);
    figures.counts = named(dns::kCountLabels, counts.values);
    figures.waits = waits_of(counts.waits);
    return figures;
}

webui::Status RoleStatus::status() const {
    webui::Status status;
    for (const RoleState& role : shared_.roles) {
        if (role.is_wanted && !role.is_running) {
            status.health = webui::Status::Health::Degraded;
        }
        status.capture_drops += role.packets_dropped;
        status.sightings_dropped += role.dropped;
    }
    for (const InterfaceState& interface : shared_.capture.interfaces) {
        if (!interface.is_seen()) {
            status.health = webui::Status::Health::Degraded;
        }
    }
    return status;
}

}  // namespace sporvakt::firmware
