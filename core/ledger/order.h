#pragma once

#include "core/base/result.h"
#include "core/devices/device_id.h"
#include "core/ledger/erasure.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sporvakt::ledger {

/// What a person on the web page asks to change.  The web role may only ask; the keeper, the one
/// writer, carries it out.
struct RenameDevice {
    devices::DeviceId device;
    std::string name;  ///< UTF-8, at most 64 characters; empty takes the name away.

    friend bool operator==(const RenameDevice&, const RenameDevice&) = default;
};

/// The password's Argon2id hash, never the password.
struct SetPasswordHash {
    std::string hash;

    friend bool operator==(const SetPasswordHash&, const SetPasswordHash&) = default;
};

/// Which group a device is in, by the household's word; empty takes that word back.
struct PutDeviceInGroup {
    devices::DeviceId device;
    std::string group;  ///< A group's id.

    friend bool operator==(const PutDeviceInGroup&, const PutDeviceInGroup&) = default;
};

/// What changes of the household's policy: all of it or nothing.
struct ChangePolicy {
    std::vector<std::uint8_t> changes;  ///< core/policy/household_change.h reads and writes them.

    friend bool operator==(const ChangePolicy&, const ChangePolicy&) = default;
};

/// Contacts are to be forgotten, and their bytes overwritten.
struct EraseHistory {
    Erasure erasure;

    friend bool operator==(const EraseHistory&, const EraseHistory&) = default;
};

/// A device's record and all its contacts are to be forgotten, likewise.
struct ForgetDevice {
    devices::DeviceId device;

    friend bool operator==(const ForgetDevice&, const ForgetDevice&) = default;
};

using Order = std::variant<RenameDevice, SetPasswordHash, PutDeviceInGroup, ChangePolicy,
                           EraseHistory, ForgetDevice>;

/// Where orders go.  Implementations are thread-safe.
class OrderDesk {
public:
    OrderDesk() = default;
    OrderDesk(const OrderDesk&) = delete;
    OrderDesk& operator=(const OrderDesk&) = delete;
    OrderDesk(OrderDesk&&) = delete;
    OrderDesk& operator=(OrderDesk&&) = delete;
    virtual ~OrderDesk() = default;

    /// Returns when the change is committed and in force, or after two seconds with an error.
    virtual Result<void> submit(const Order& order) = 0;
};

}  // namespace sporvakt::ledger
