#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"
#include "core/devices/device.h"
#include "core/store/table.h"
#include "core/store/transaction.h"

#include <string_view>
#include <vector>

namespace sporvakt::devices {

/// How a device lies in household.mdb (docs/storage-format.md, "devices").
struct DeviceCodec {
    using Key = DeviceId;
    using Value = Device;

    static std::vector<std::uint8_t> key(const DeviceId& id);
    static std::vector<std::uint8_t> value(const Device& device);
    static Parsed<DeviceId> key_from(Bytes bytes);
    /// Fields that this version does not know are passed over.
    static Parsed<Device> value_from(const DeviceId& id, Bytes bytes);
};

/// The table `devices` of household.mdb.  A small handle, copied freely; the transaction decides
/// what it sees.  Its Environment outlives it.
class DeviceStore {
public:
    static constexpr std::string_view kTableName = "devices";

    explicit DeviceStore(store::Table table) : table_(table) {}

    [[nodiscard]] Result<std::vector<Device>> load(const store::ReadTransaction& transaction) const;

    Result<void> save(store::WriteTransaction& transaction, const Device& device) const;

    /// No error when there is none.
    Result<void> remove(store::WriteTransaction& transaction, const DeviceId& id) const;

private:
    store::Table table_;
};

}  // namespace sporvakt::devices
