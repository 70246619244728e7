#include "firmware/device_book.h"

#include <utility>

namespace sporvakt::firmware {

Result<void> DeviceBook::load(const HouseholdFile& household) {
    registry_.restore(SPORVAKT_TRY(household.devices()));
    return {};
}

void DeviceBook::add(const devices::DeviceClue& clue) {
    const devices::Device* const known = registry_.find(clue.device);
    const std::optional<devices::Device> before =
        known == nullptr ? std::nullopt : std::optional(*known);
    if (!registry_.add(clue)) {
        return;
    }
    const devices::Device* const after = registry_.find(clue.device);
    if (after == nullptr) {
        return;
    }
    if (!before) {
        has_news_ = true;
        return;
    }
    devices::Device merely_later = *before;
    merely_later.last_seen = after->last_seen;
    has_news_ = has_news_ || merely_later != *after;
}

Result<void> DeviceBook::rename(const devices::DeviceId& id, const std::string& name) {
    SPORVAKT_TRY(registry_.rename(id, name));
    has_news_ = true;
    return {};
}

Result<void> DeviceBook::put_in_group(const devices::DeviceId& id, const std::string& group) {
    SPORVAKT_TRY(registry_.put_in_group(id, group));
    has_news_ = true;
    return {};
}

Result<void> DeviceBook::forget(const devices::DeviceId& id) {
    SPORVAKT_TRY(registry_.forget(id));
    unsaved_[id].reset();  // also where it was saved before and is known as changed
    has_news_ = true;
    return {};
}

bool DeviceBook::has_changes() {
    gather();
    return !unsaved_.empty();
}

Result<void> DeviceBook::save(HouseholdFile::Tables tables) {
    gather();
    for (const auto& [id, device] : unsaved_) {
        if (device) {
            SPORVAKT_TRY(tables.devices.save(tables.transaction, *device));
        } else {
            SPORVAKT_TRY(tables.devices.remove(tables.transaction, id));
        }
    }
    return {};
}

void DeviceBook::saved() {
    unsaved_.clear();
    has_news_ = false;
}

void DeviceBook::gather() {
    devices::Registry::Changes changes = registry_.take_changes();
    for (const devices::DeviceId& id : changes.removed) {
        unsaved_[id].reset();
    }
    for (devices::Device& device : changes.saved) {
        const devices::DeviceId id = device.id;
        unsaved_[id] = std::move(device);
    }
}

}  // namespace sporvakt::firmware
