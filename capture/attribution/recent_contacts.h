#pragma once

#include "core/base/clock.h"
#include "core/devices/device_id.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sporvakt::capture {

/// Remembers which trackers' names a device met lately and how, so that a name that DNS shows on
/// somebody else's connection, and later on one of its own, stays one contact.
///
/// Fixed size: each hash has one slot and the last one wins, so with very many contacts at once an
/// attempt may be counted twice, in the same contact.  Not thread-safe.
class RecentContacts {
public:
    static constexpr std::size_t kSlots = 2048;

    RecentContacts() : slots_(kSlots) {}

    /// A flow of the name's own was counted.
    void met(const devices::DeviceId& device, std::string_view name, Timestamp at);

    /// It was counted on another name's flow; one of its own until then is the same contact.
    void rode(const devices::DeviceId& device, std::string_view name, Timestamp at,
              Timestamp until);

    /// Whether what happened then belongs to a contact that was counted, by ten-minute slot or for
    /// following it closely.
    [[nodiscard]] bool is_counted(const devices::DeviceId& device, std::string_view name,
                                  Timestamp at) const;

    /// When the name rode, if a flow of its own at that time is the same contact.
    [[nodiscard]] std::optional<Timestamp> ride_before(const devices::DeviceId& device,
                                                       std::string_view name, Timestamp at) const;

private:
    enum class Way : std::uint8_t { None, OwnFlow, Ridden };
    struct Slot {
        std::uint64_t hash = 0;
        Timestamp at;
        Timestamp until;
        Way way = Way::None;
    };

    [[nodiscard]] const Slot* find(const devices::DeviceId& device, std::string_view name) const;

    std::vector<Slot> slots_;
};

}  // namespace sporvakt::capture
