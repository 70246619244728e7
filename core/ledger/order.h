#pragma once

#include "core/base/result.h"
#include "core/devices/device_id.h"

#include <optional>
#include <string>
#include <variant>

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

/// The household's own word about a name and everything below it; none takes it back.
struct SetNameRule {
    enum class Rule : std::uint8_t { None = 0, Block = 1, Allow = 2 };
    std::string name;
    Rule rule = Rule::None;

    friend bool operator==(const SetNameRule&, const SetNameRule&) = default;
};

using Order = std::variant<RenameDevice, SetPasswordHash, SetNameRule>;

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
