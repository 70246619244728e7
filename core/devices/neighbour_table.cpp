#include "core/devices/neighbour_table.h"

#include <utility>

namespace sporvakt::devices {

NeighbourTable::NeighbourTable(std::unique_ptr<NeighbourSource> source, const Clock& clock,
                               const Snapshot<DeviceTable>& devices)
    : source_(std::move(source)),
      clock_(clock),
      devices_(devices),
      neighbours_(std::make_shared<const MacByAddress>()),
      refreshed_at_(clock.moment() - kAgeMax) {}

DeviceId NeighbourTable::device_at(const IpAddress& address) const {
    if (address.is_loopback()) {
        return DeviceId(address);
    }
    if (may_refresh(kAgeMax)) {
        refresh();
    }
    auto neighbours = neighbours_.get();
    if (!neighbours->contains(address) && may_refresh(kRefreshInterval)) {
        refresh();
        neighbours = neighbours_.get();
    }
    const auto found = neighbours->find(address);
    return found != neighbours->end() ? DeviceId(found->second) : devices_.get()->owner_of(address);
}

/// True for one caller only, who then does it.
bool NeighbourTable::may_refresh(std::chrono::seconds interval) const {
    const Moment now = clock_.moment();
    Moment last = refreshed_at_.load();
    return now - last >= interval && refreshed_at_.compare_exchange_strong(last, now);
}

void NeighbourTable::refresh() const {
    const auto rows = source_->read();
    if (!rows) {
        return;  // keep what was known; the next miss asks again
    }
    MacByAddress neighbours;
    for (const Neighbour& row : *rows) {
        if (neighbours.size() < kNeighbourCountMax && !row.mac.is_group()) {
            neighbours.emplace(row.address, row.mac);
        }
    }
    neighbours_.publish(std::make_shared<const MacByAddress>(std::move(neighbours)));
}

}  // namespace sporvakt::devices
