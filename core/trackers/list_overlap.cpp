#include "core/trackers/list_overlap.h"

#include <algorithm>

namespace sporvakt::trackers {

ListOverlap::ListOverlap(std::size_t lists)
    : compared_(std::min(lists, kComparedMax)),
      names_(lists),
      only_here_(lists),
      pairs_(compared_ * compared_) {}

void ListOverlap::add(std::span<const std::uint16_t> lists) {
    for (const std::uint16_t list : lists) {
        ++names_[list];
    }
    if (lists.size() == 1) {
        ++only_here_[lists.front()];
        return;
    }
    const auto end = std::lower_bound(lists.begin(), lists.end(), compared_);
    for (auto list = lists.begin(); list != end; ++list) {
        for (auto other = lists.begin(); other != end; ++other) {
            ++pairs_[*list * compared_ + *other];
        }
    }
}

void ListOverlap::tell(std::uint16_t list, ListReport& report) const {
    report.names = names_[list];
    report.only_here = only_here_[list];
    report.shared.clear();
    for (std::uint16_t other = 0; list < compared_ && other < compared_; ++other) {
        if (other != list && shared(list, other) > 0) {
            report.shared.push_back({other, shared(list, other)});
        }
    }
    std::stable_sort(report.shared.begin(), report.shared.end(),
                     [](const SharedNames& a, const SharedNames& b) { return a.names > b.names; });
    report.shared.resize(std::min(report.shared.size(), kToldMax));
}

}  // namespace sporvakt::trackers
