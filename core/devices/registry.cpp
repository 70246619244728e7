#include "core/devices/registry.h"

#include "core/devices/device_name.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sporvakt::devices {
namespace {

constexpr std::size_t kGivenNameBytesMax = kGivenNameCharactersMax * 4;
constexpr std::size_t kServerBytesMax = 253;  // a host name (RFC 1035 §2.3.4)

bool is_somebody(const DeviceId& id) {
    const auto mac = id.mac();
    return mac ? !mac->is_group() : id.address().has_value();
}

/// Nobody's own address: for everybody, or for the time before one has an address.
bool can_belong(const IpAddress& address) {
    return !address.is_unspecified() && !address.is_multicast() && !address.is_loopback();
}

/// True when the field changed.  A stranger who stops saying a name does not take it away.
bool update(std::string& field, std::string_view claimed) {
    std::string name = clean_name(claimed);
    if (name.empty() || name == field) {
        return false;
    }
    field = std::move(name);
    return true;
}

bool add_service(Device& device, std::string_view claimed) {
    std::string service = clean_name(claimed);
    const auto known = std::find(device.services.begin(), device.services.end(), service);
    if (service.empty() || known != device.services.end() ||
        device.services.size() == Device::kServiceCountMax) {
        return false;
    }
    device.services.push_back(std::move(service));
    return true;
}

/// How much a household would miss it; the least goes first.
auto importance(const Device& device) {
    const bool has_own_name = !device.announced_name.empty() || !device.host_name.empty();
    return std::make_tuple(!device.given_name.empty(), !device.group.empty(), has_own_name,
                           device.last_seen);
}

/// Which step of kLastSeenStep a time lies in: a new step is news.
auto step_of(Timestamp at) {
    return at.time_since_epoch() / Registry::kLastSeenStep;
}

constexpr std::chrono::hours kClockSetBack{1};

/// Later by a step; or so much earlier that the clock was set back in between (clues come from two
/// processes, at most seconds out of order): then what was seen in the years to come is wrong.
bool is_later(Timestamp at, Timestamp before) {
    return step_of(at) > step_of(before) || at + kClockSetBack < before;
}

bool see(Device& device, Timestamp at) {
    const bool is_news = is_later(at, device.last_seen);
    device.last_seen = at + kClockSetBack < device.last_seen ? at : std::max(device.last_seen, at);
    device.first_seen = std::min(device.first_seen, at);
    return is_news;
}

/// The latest of each kind.  Like `last_seen` it runs behind by a step, so that a device that asks
/// two resolvers in turn does not wear the SD card.
bool add_bypass(Device& device, const DeviceClue& clue) {
    const auto kind = static_cast<std::size_t>(clue.bypass);
    if (kind == 0 || kind > kBypassKinds) {
        return false;
    }
    auto& notes = device.bypasses;
    const auto place = std::find_if(notes.begin(), notes.end(), [&](const BypassNote& note) {
        return note.kind >= clue.bypass;
    });
    BypassNote latest{clue.bypass, clean_name(clue.bypass_server, kServerBytesMax), clue.at};
    if (place == notes.end() || place->kind != clue.bypass) {
        notes.insert(place, std::move(latest));
        return true;
    }
    const bool is_news = is_later(clue.at, place->last_seen);
    if (is_news) {
        *place = std::move(latest);
    }
    return is_news;
}

tl::unexpected<Error> unknown(const DeviceId& id) {
    return fail(Errc::NotFound, "devices: no device " + id.text() + " is known here");
}

bool by_id(const Device& left, const Device& right) {
    return left.id < right.id;
}

}  // namespace

Registry::Registry(std::shared_ptr<const VendorPrefixes> vendors, std::size_t device_count_max)
    : vendors_(std::move(vendors)), device_count_max_(std::max<std::size_t>(device_count_max, 1)) {}

void Registry::restore(std::vector<Device> devices) {
    // Oldest first, so that an address that stands twice goes to its last user.
    std::sort(devices.begin(), devices.end(), [](const Device& left, const Device& right) {
        return left.last_seen < right.last_seen;
    });
    for (Device& stored : devices) {
        std::vector<IpAddress> addresses;
        if (stored.id.mac()) {
            addresses.swap(stored.addresses);
        }
        if (vendors_) {
            stored.vendor = vendor_of(stored.id);
        }
        stored_.insert(stored.id);
        Device& device = devices_[stored.id];
        device = std::move(stored);
        std::for_each(addresses.rbegin(), addresses.rend(),
                      [&](const IpAddress& address) { give_address(address, device); });
    }
    changed_.clear();  // it is stored already
}

bool Registry::add(const DeviceClue& clue) {
    if (!is_somebody(clue.device)) {
        return false;
    }
    bool is_news = !devices_.contains(clue.device);
    Device& device = device_for(clue);
    is_news |= see(device, clue.at);
    is_news |= update(device.host_name, clue.host_name);
    is_news |= update(device.vendor_class, clue.vendor_class);
    is_news |= update(device.announced_name, clue.announced_name);
    // The first it said: several programs on a device each say something else, and to write each
    // of them down again and again would wear the SD card.
    is_news |= device.model.empty() && update(device.model, clue.model);
    is_news |= add_service(device, clue.service);
    is_news |= add_bypass(device, clue);
    if (clue.address && device.id.mac() && can_belong(*clue.address)) {
        is_news |= give_address(*clue.address, device);
    }
    if (is_news) {
        changed_.insert(device.id);
    }
    return is_news;
}

Result<void> Registry::put_in_group(const DeviceId& id, std::string_view group) {
    const auto found = devices_.find(id);
    if (found == devices_.end()) {
        return unknown(id);
    }
    found->second.group = group;
    changed_.insert(id);
    return {};
}

Result<void> Registry::forget(const DeviceId& id) {
    const auto found = devices_.find(id);
    if (found == devices_.end()) {
        return unknown(id);
    }
    forget(found);
    return {};
}

Result<void> Registry::rename(const DeviceId& id, std::string_view name) {
    const auto found = devices_.find(id);
    if (found == devices_.end()) {
        return unknown(id);
    }
    std::string given = clean_name(name, kGivenNameBytesMax);
    if (given.empty() && !name.empty()) {
        return fail(Errc::InvalidInput, "devices: nothing in the name can be shown");
    }
    if (name.size() > kGivenNameBytesMax || character_count(given) > kGivenNameCharactersMax) {
        return fail(Errc::InvalidInput, "devices: the name is longer than 64 characters");
    }
    found->second.given_name = std::move(given);
    changed_.insert(id);
    return {};
}

const Device* Registry::find(const DeviceId& id) const {
    const auto found = devices_.find(id);
    return found == devices_.end() ? nullptr : &found->second;
}

std::vector<Device> Registry::devices() const {
    std::vector<Device> all;
    all.reserve(devices_.size());
    for (const auto& [id, device] : devices_) {
        all.push_back(device);
    }
    std::sort(all.begin(), all.end(), by_id);
    return all;
}

Registry::Changes Registry::take_changes() {
    Changes changes;
    for (const DeviceId& id : changed_) {
        changes.saved.push_back(devices_.at(id));
        stored_.insert(id);
    }
    std::sort(changes.saved.begin(), changes.saved.end(), by_id);
    changes.removed.assign(removed_.begin(), removed_.end());
    std::sort(changes.removed.begin(), changes.removed.end());
    changed_.clear();
    removed_.clear();
    return changes;
}

Device& Registry::device_for(const DeviceClue& clue) {
    const auto found = devices_.find(clue.device);
    if (found != devices_.end()) {
        return found->second;
    }
    if (devices_.size() >= device_count_max_) {
        forget_one();
    }
    Device& device = devices_[clue.device];
    device.id = clue.device;
    device.vendor = vendor_of(clue.device);
    if (const auto address = clue.device.address()) {
        device.addresses = {*address};
    }
    device.first_seen = clue.at;
    device.last_seen = clue.at;
    removed_.erase(clue.device);
    return device;
}

void Registry::forget_one() {
    const auto least =
        std::min_element(devices_.begin(), devices_.end(), [](const auto& left, const auto& right) {
            return importance(left.second) < importance(right.second);
        });
    forget(least);
    ++forgotten_;
}

void Registry::forget(std::unordered_map<DeviceId, Device>::iterator device) {
    for (const IpAddress& address : device->second.addresses) {
        if (device->first.mac()) {
            owners_.erase(address);
        }
    }
    changed_.erase(device->first);
    if (stored_.erase(device->first) != 0) {
        removed_.insert(device->first);
    }
    devices_.erase(device);
}

bool Registry::give_address(const IpAddress& address, Device& owner) {
    const auto [entry, is_free] = owners_.try_emplace(address, owner.id);
    const bool had_it = !is_free && entry->second == owner.id;
    if (!is_free && !had_it) {
        auto& others = devices_.at(entry->second).addresses;
        others.erase(std::remove(others.begin(), others.end(), address), others.end());
        changed_.insert(entry->second);
        entry->second = owner.id;
    }
    auto& addresses = owner.addresses;
    addresses.erase(std::remove(addresses.begin(), addresses.end(), address), addresses.end());
    addresses.insert(addresses.begin(), address);
    if (addresses.size() > Device::kAddressCountMax) {
        owners_.erase(addresses.back());
        addresses.pop_back();
    }
    return !had_it;
}

std::string Registry::vendor_of(const DeviceId& id) const {
    const auto mac = id.mac();
    const auto vendor = mac && vendors_ ? vendors_->vendor_of(*mac) : std::nullopt;
    return std::string(vendor.value_or(std::string_view()));
}

}  // namespace sporvakt::devices
