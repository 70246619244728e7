#include "core/devices/device_store.h"

#include "core/base/byte_writer.h"
#include "core/store/typed_table.h"

#include <utility>

namespace sporvakt::devices {
namespace {

constexpr std::uint8_t kVersion = 1;

// Stored: never renumber.
enum class Field : std::uint8_t {
    FirstSeen = 1,
    LastSeen = 2,
    GivenName = 3,
    AnnouncedName = 4,
    HostName = 5,
    VendorClass = 6,
    Vendor = 7,
    Group = 8,
    Address = 9,  // once for each, newest first
    Model = 10,
    Service = 11,  // once for each
    Bypass = 12,   // once for each
};

void write_text(ByteWriter& writer, Field field, std::string_view text) {
    if (!text.empty()) {
        writer.u8(static_cast<std::uint8_t>(field)).text16(text);
    }
}

void write_time(ByteWriter& writer, Field field, Timestamp at) {
    writer.u8(static_cast<std::uint8_t>(field))
        .u16(sizeof(std::uint64_t))
        .u64(static_cast<std::uint64_t>(at.time_since_epoch().count()));
}

Parsed<Timestamp> time_from(Bytes bytes) {
    ByteReader reader(bytes);
    const std::uint64_t milliseconds = SPORVAKT_TRY(reader.u64());
    return Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds)));
}

void write_bypass(ByteWriter& writer, const BypassNote& note) {
    ByteWriter field;
    field.u8(static_cast<std::uint8_t>(note.kind))
        .u64(static_cast<std::uint64_t>(note.last_seen.time_since_epoch().count()))
        .text(note.server);
    write_text(writer, Field::Bypass, as_text(field.result()));
}

/// Kinds that this version does not know are passed over, as fields are.
Parsed<void> read_bypass(Device& device, Bytes bytes) {
    ByteReader reader(bytes);
    const std::uint8_t kind = SPORVAKT_TRY(reader.u8());
    const Timestamp last_seen = SPORVAKT_TRY(time_from(SPORVAKT_TRY(reader.take(8))));
    if (kind != 0 && kind <= kBypassKinds) {
        const Bytes server = SPORVAKT_TRY(reader.take(reader.remaining()));
        device.bypasses.push_back({Bypass{kind}, std::string(as_text(server)), last_seen});
    }
    return {};
}

Parsed<void> read_field(Device& device, std::uint8_t field, Bytes bytes) {
    // Not an enum: a newer version may have fields that have no name here.
    switch (static_cast<Field>(field)) {
        case Field::FirstSeen:
            device.first_seen = SPORVAKT_TRY(time_from(bytes));
            break;
        case Field::LastSeen:
            device.last_seen = SPORVAKT_TRY(time_from(bytes));
            break;
        case Field::GivenName:
            device.given_name = as_text(bytes);
            break;
        case Field::AnnouncedName:
            device.announced_name = as_text(bytes);
            break;
        case Field::HostName:
            device.host_name = as_text(bytes);
            break;
        case Field::VendorClass:
            device.vendor_class = as_text(bytes);
            break;
        case Field::Vendor:
            device.vendor = as_text(bytes);
            break;
        case Field::Group:
            device.group = as_text(bytes);
            break;
        case Field::Address:
            device.addresses.push_back(SPORVAKT_TRY(IpAddress::from_bytes(bytes)));
            break;
        case Field::Model:
            device.model = as_text(bytes);
            break;
        case Field::Service:
            device.services.emplace_back(as_text(bytes));
            break;
        case Field::Bypass:
            SPORVAKT_TRY(read_bypass(device, bytes));
            break;
    }
    return {};
}

}  // namespace

std::vector<std::uint8_t> DeviceCodec::key(const DeviceId& id) {
    return {id.stored().begin(), id.stored().end()};
}

std::vector<std::uint8_t> DeviceCodec::value(const Device& device) {
    ByteWriter writer;
    writer.u8(kVersion);
    write_time(writer, Field::FirstSeen, device.first_seen);
    write_time(writer, Field::LastSeen, device.last_seen);
    write_text(writer, Field::GivenName, device.given_name);
    write_text(writer, Field::AnnouncedName, device.announced_name);
    write_text(writer, Field::HostName, device.host_name);
    write_text(writer, Field::VendorClass, device.vendor_class);
    write_text(writer, Field::Vendor, device.vendor);
    write_text(writer, Field::Group, device.group);
    for (const IpAddress& address : device.addresses) {
        write_text(writer, Field::Address, as_text(address.bytes()));
    }
    write_text(writer, Field::Model, device.model);
    for (const std::string& service : device.services) {
        write_text(writer, Field::Service, service);
    }
    for (const BypassNote& note : device.bypasses) {
        write_bypass(writer, note);
    }
    return writer.result();
}

Parsed<DeviceId> DeviceCodec::key_from(Bytes bytes) {
    return DeviceId::from_stored(bytes);
}

Parsed<Device> DeviceCodec::value_from(const DeviceId& id, Bytes bytes) {
    ByteReader reader(bytes);
    if (SPORVAKT_TRY(reader.u8()) != kVersion) {
        return tl::unexpected(ParseError::Malformed);
    }
    Device device;
    device.id = id;
    while (!reader.at_end()) {
        const std::uint8_t field = SPORVAKT_TRY(reader.u8());
        SPORVAKT_TRY(read_field(device, field, SPORVAKT_TRY(reader.take_vector16())));
    }
    if (device.addresses.size() > Device::kAddressCountMax ||
        device.services.size() > Device::kServiceCountMax ||
        device.bypasses.size() > kBypassKinds) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    return device;
}

Result<std::vector<Device>> DeviceStore::load(const store::ReadTransaction& transaction) const {
    std::vector<Device> devices;
    SPORVAKT_TRY(store::TypedTable<DeviceCodec>(table_).visit(
        transaction,
        [&](const DeviceId& /*id*/, Device device) { devices.push_back(std::move(device)); }));
    return devices;
}

Result<void> DeviceStore::save(store::WriteTransaction& transaction, const Device& device) const {
    return store::TypedTable<DeviceCodec>(table_).put(transaction, device.id, device);
}

Result<void> DeviceStore::remove(store::WriteTransaction& transaction, const DeviceId& id) const {
    SPORVAKT_TRY(store::TypedTable<DeviceCodec>(table_).erase(transaction, id));
    return {};
}

}  // namespace sporvakt::devices
