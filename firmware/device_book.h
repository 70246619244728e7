#pragma once

#include "core/base/result.h"
#include "core/devices/device.h"
#include "core/devices/registry.h"
#include "firmware/household_file.h"

#include <map>
#include <optional>
#include <string>

namespace sporvakt::firmware {

/// The keeper's devices: adds clues up in memory and knows what of that household.mdb lacks.  Not
/// thread-safe.
class DeviceBook {
public:
    explicit DeviceBook(devices::Registry registry) : registry_(std::move(registry)) {}

    /// Puts back what was stored.
    Result<void> load(const HouseholdFile& household);

    void add(const devices::DeviceClue& clue);

    Result<void> rename(const devices::DeviceId& id, const std::string& name);
    Result<void> put_in_group(const devices::DeviceId& id, const std::string& group);

    /// Its record is erased with the next save().
    Result<void> forget(const devices::DeviceId& id);

    /// Something is unsaved that others wait for: a device, a name, an address; not merely when a
    /// device was last seen.
    [[nodiscard]] bool has_news() const { return has_news_; }

    /// Something is unsaved.
    [[nodiscard]] bool has_changes();

    /// Writes all that is unsaved; call saved() once that is committed.
    Result<void> save(HouseholdFile::Tables tables);
    void saved();

private:
    void gather();

    devices::Registry registry_;
    std::map<devices::DeviceId, std::optional<devices::Device>> unsaved_;  ///< None: forgotten.
    bool has_news_ = false;
};

}  // namespace sporvakt::firmware
