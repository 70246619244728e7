#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/snapshot.h"
#include "core/devices/device_table.h"
#include "core/policy/policy.h"
#include "core/trackers/catalogue.h"
#include "firmware/shared_block.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace sporvakt::firmware {

/// What a role knows of the household and of trackers, kept up to date: it reads again when the
/// keeper or the supervisor raises a generation in shared memory, and judges by the clock: what
/// begins and ends by itself (a schedule, a pause) does so within kInterval.
///
/// policy() and devices() may be used from any thread; refresh() belongs to one, which watch()
/// makes of its caller.
class HouseholdView {
public:
    static constexpr std::chrono::milliseconds kInterval{50};
    /// A card that comes, or gets another address, counts within this time.
    static constexpr std::chrono::seconds kInterfaceInterval{2};

    struct Sources {
        std::function<std::vector<std::shared_ptr<const trackers::Catalogue>>()> catalogues;
        std::function<Result<policy::HouseholdRules>()> rules;
        std::function<Result<std::vector<devices::Device>>()> devices;
        std::function<Timestamp()> now = [] { return SystemClock().now(); };
        /// Asked every kInterfaceInterval, and only where a group has members by a network card.
        std::function<std::vector<policy::InterfaceNetwork>()> interfaces = [] {
            return std::vector<policy::InterfaceNetwork>();
        };
    };

    /// Reads for the first time.  What cannot be read is tried again at each refresh; until then
    /// nothing is known of it.  `shared` outlives the view.
    HouseholdView(Role role, SharedState& shared, Sources sources);

    [[nodiscard]] const Snapshot<policy::Policy>& policy() const { return policy_; }
    [[nodiscard]] const Snapshot<devices::DeviceTable>& devices() const { return devices_; }

    /// Whom to tell of every table of devices that is published, the present one at once.  Before
    /// watch(); called by the thread that refreshes.
    using DevicesTaker = std::function<void(const std::shared_ptr<const devices::DeviceTable>&)>;
    void tell_devices(DevicesTaker taker);

    /// Reads what has changed, and says so in shared memory once it is in force.
    void refresh();

    /// Refreshes every kInterval until `stop`.
    void watch(const std::stop_token& stop);

private:
    [[nodiscard]] bool read_household();
    [[nodiscard]] bool read_interfaces(Timestamp now);
    void publish_policy(Timestamp now);
    void count_failure(const Error& error);

    SharedState& shared_;
    RoleState& state_;
    Sources sources_;
    std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues_;
    policy::HouseholdRules rules_;
    std::vector<policy::InterfaceNetwork> interfaces_;
    Timestamp interfaces_at_;  ///< When they were read.
    Timestamp judged_at_;      ///< The policy is of that time.
    Snapshot<policy::Policy> policy_;
    Snapshot<devices::DeviceTable> devices_;
    DevicesTaker devices_taker_;
    std::uint64_t household_read_ = 0;
    std::uint64_t lists_read_ = 0;
    unsigned failures_ = 0;  ///< In a row.
};

}  // namespace sporvakt::firmware
