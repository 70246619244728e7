#pragma once

#include "core/base/clock.h"
#include "core/base/mac_address.h"
#include "core/base/result.h"
#include "core/base/snapshot.h"
#include "core/devices/device_finder.h"
#include "core/devices/device_table.h"

#include <atomic>
#include <memory>
#include <unordered_map>
#include <vector>

namespace sporvakt::devices {

/// Who a machine has met on its own links: one row of a neighbour table.
struct Neighbour {
    IpAddress address;
    MacAddress mac;

    friend bool operator==(const Neighbour&, const Neighbour&) = default;
};

/// Where neighbours come from; a test brings its own.  Implementations are thread-safe.
class NeighbourSource {
public:
    NeighbourSource() = default;
    NeighbourSource(const NeighbourSource&) = delete;
    NeighbourSource& operator=(const NeighbourSource&) = delete;
    NeighbourSource(NeighbourSource&&) = delete;
    NeighbourSource& operator=(NeighbourSource&&) = delete;
    virtual ~NeighbourSource() = default;

    /// At most NeighbourTable::kNeighbourCountMax rows.
    virtual Result<std::vector<Neighbour>> read() = 0;
};

/// Whose address is it?  First asks the kernel, which has just spoken with the device, then the
/// devices that the household knows.
///
/// Thread-safe.  Answers from memory; one caller in kRefreshInterval reads the source when an
/// address is not known (well under a millisecond for a house), while the others go on with what
/// there is.  A loopback address stays itself.
class NeighbourTable final : public DeviceFinder {
public:
    static constexpr std::size_t kNeighbourCountMax = 8192;
    static constexpr std::chrono::seconds kRefreshInterval{1};  ///< On a miss, at most this often.
    static constexpr std::chrono::seconds kAgeMax{30};          ///< Addresses wander.

    /// `clock` and `devices` outlive the table.
    NeighbourTable(std::unique_ptr<NeighbourSource> source, const Clock& clock,
                   const Snapshot<DeviceTable>& devices);

    [[nodiscard]] DeviceId device_at(const IpAddress& address) const override;

private:
    using MacByAddress = std::unordered_map<IpAddress, MacAddress>;

    [[nodiscard]] bool may_refresh(std::chrono::seconds interval) const;
    void refresh() const;

    std::unique_ptr<NeighbourSource> source_;
    const Clock& clock_;
    const Snapshot<DeviceTable>& devices_;
    // What follows is a cache behind a const question; each member is thread-safe by itself.
    mutable Snapshot<MacByAddress> neighbours_;
    mutable std::atomic<Moment> refreshed_at_;
};

}  // namespace sporvakt::devices
