#pragma once

#include "core/base/result.h"
#include "core/devices/device.h"
#include "core/devices/vendor_prefixes.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace sporvakt::devices {

/// Adds clues up into devices, for the keeper and for `sporvakt replay --devices`.
///
/// Owns its devices; not thread-safe.  Clues come from strangers' packets: names are cleaned, and
/// the number of devices is bounded.  When it is reached, the device goes that matters least: one
/// that nobody gave a name before one with a name, and of those the one not seen for longest.
class Registry {
public:
    static constexpr std::size_t kDeviceCountMax = 4096;

    /// How far `last_seen` may run ahead of what is stored, to spare the SD card.
    static constexpr std::chrono::minutes kLastSeenStep{5};

    /// Without prefixes (null) no device gets a vendor.
    explicit Registry(std::shared_ptr<const VendorPrefixes> vendors,
                      std::size_t device_count_max = kDeviceCountMax);

    /// Puts back what was stored.  Vendors are looked up anew: the registry of prefixes grows.
    void restore(std::vector<Device> devices);

    /// Takes a clue in.  One that carries nothing but its device and time says that the device was
    /// there.  True when the device is now worth storing and publishing again.
    bool add(const DeviceClue& clue);

    /// Gives a device the household's name for it; an empty one takes the name away.  An error
    /// when the device is not known, or the name is over kGivenNameCharactersMax.
    Result<void> rename(const DeviceId& id, std::string_view name);

    /// Puts a device in a group of the household's, by the group's id; an empty one takes it out.
    /// An error when the device is not known.
    Result<void> put_in_group(const DeviceId& id, std::string_view group);

    /// Forgets all that is known of a device; a later clue begins anew.  An error when the device
    /// is not known.
    Result<void> forget(const DeviceId& id);

    /// Null when unknown.  Valid until the next call that is not const.
    [[nodiscard]] const Device* find(const DeviceId& id) const;

    /// A copy of all, ordered by id.
    [[nodiscard]] std::vector<Device> devices() const;

    /// Which devices a writer must save or erase.
    struct Changes {
        std::vector<Device> saved;      ///< New or changed, ordered by id.
        std::vector<DeviceId> removed;  ///< Forgotten to make room.
    };

    /// What happened since the last call.
    [[nodiscard]] Changes take_changes();

    /// How many devices had to be forgotten since the start; shown on the status page.
    [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }

private:
    Device& device_for(const DeviceClue& clue);
    void forget_one();
    void forget(std::unordered_map<DeviceId, Device>::iterator device);

    /// True when somebody else, or nobody, had it before.
    bool give_address(const IpAddress& address, Device& owner);
    [[nodiscard]] std::string vendor_of(const DeviceId& id) const;

    std::shared_ptr<const VendorPrefixes> vendors_;
    std::size_t device_count_max_;
    std::unordered_map<DeviceId, Device> devices_;
    std::unordered_map<IpAddress, DeviceId> owners_;  ///< Each address has one user, a MAC.
    std::unordered_set<DeviceId> changed_;
    std::unordered_set<DeviceId> stored_;   ///< Given out to be saved, and not forgotten since.
    std::unordered_set<DeviceId> removed_;  ///< Were stored; so a flood of strangers adds none.
    std::uint64_t forgotten_ = 0;
};

}  // namespace sporvakt::devices
