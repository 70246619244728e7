#pragma once

#include "core/devices/device_store.h"
#include "tests/support/ledger_builder.h"

#include <utility>
#include <vector>

namespace sporvakt::test {

/// Makes a storage directory as a gateway leaves it: these sightings in the ledger, and device 1 as
/// "Nettbrett" at 192.168.1.20.
inline void store_household(const TemporaryFolder& folder,
                            std::vector<ledger::Sighting> sightings) {
    auto file =
        value_of(ledger::open_ledger_file(folder.file("ledger.mdb"), store::Access::ReadWrite));
    const auto ledger = value_of(ledger::Ledger::open(file, {}));
    value_of(ledger->apply(batch(1, std::move(sightings)), minute(0)));
    store::EnvironmentOptions options;
    options.access = store::Access::ReadWrite;
    options.tables.emplace_back(devices::DeviceStore::kTableName);
    const auto household =
        value_of(store::Environment::open(folder.file("household.mdb"), options));
    const devices::DeviceStore devices(household->table(devices::DeviceStore::kTableName));
    devices::Device device;
    device.id = test::device(1);
    device.given_name = "Nettbrett";
    device.addresses = {*IpAddress::from_text("192.168.1.20")};
    const bool is_stored = ledger->secure(minute(0)).has_value() &&
                           household
                               ->update([&](store::WriteTransaction& transaction) {
                                   return devices.save(transaction, device);
                               })
                               .has_value();
    if (!is_stored) {
        std::abort();
    }
}

}  // namespace sporvakt::test
