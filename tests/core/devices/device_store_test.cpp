#include "core/devices/device_store.h"

#include "core/base/byte_writer.h"
#include "core/store/environment.h"
#include "tests/support/store_builder.h"
#include "tests/support/temporary_folder.h"

#include <memory>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using devices::Device;
using devices::DeviceCodec;
using devices::DeviceId;
using devices::DeviceStore;

namespace {

DeviceId id(const char* text) {
    return *DeviceId::from_text(text);
}

Device whole_device() {
    Device device;
    device.id = id("3c:22:fb:12:34:01");
    device.given_name = "Nora";
    device.announced_name = "Noras iPhone på hytta";
    device.host_name = "iPhone";
    device.vendor_class = "iOS";
    device.vendor = "Apple, Inc.";
    device.model = "iPhone15,2";
    device.services = {"_apple-mobdev2", "_companion-link"};
    device.bypasses = {{devices::Bypass::DnsElsewhere, "8.8.8.8",
                        Timestamp(std::chrono::milliseconds(1795298400300))},
                       {devices::Bypass::Proxy, "", Timestamp{}}};
    device.group = "children";
    device.addresses = {*IpAddress::from_text("fd00::20"), *IpAddress::from_text("192.168.1.20")};
    device.first_seen = Timestamp(std::chrono::milliseconds(1795298400123));
    device.last_seen = Timestamp(std::chrono::milliseconds(1795298400456));
    return device;
}

Device bare_device() {
    Device device;
    device.id = id("192.168.1.99");
    return device;
}

}  // namespace

TEST_GROUP(DeviceStore) {
    test::TemporaryFolder folder_;
    std::unique_ptr<store::Environment> environment_ =
        test::open_store(folder_.file("household.mdb"), {std::string(DeviceStore::kTableName)});
    DeviceStore store_{environment_->table(DeviceStore::kTableName)};

    void save(const Device& device) {
        CHECK(environment_
                  ->update([&](store::WriteTransaction& transaction) {
                      return store_.save(transaction, device);
                  })
                  .has_value());
    }

    [[nodiscard]] std::vector<Device> load() {
        const auto transaction = environment_->begin_read();
        CHECK(transaction.has_value());
        return store_.load(*transaction).value();
    }
};

TEST(DeviceStore, GivesBackWhatWasSaved) {
    save(bare_device());
    save(whole_device());

    CHECK(load() == (std::vector<Device>{whole_device(), bare_device()}));
}

TEST(DeviceStore, ReplacesWhatItHadOfADevice) {
    save(whole_device());
    Device renamed = whole_device();
    renamed.given_name.clear();
    save(renamed);

    CHECK(load() == std::vector<Device>{renamed});
}

TEST(DeviceStore, RemovesADeviceAndDoesNotMindOneThatIsNotThere) {
    save(whole_device());
    save(bare_device());
    for (int i = 0; i < 2; ++i) {
        CHECK(environment_
                  ->update([&](store::WriteTransaction& transaction) {
                      return store_.remove(transaction, bare_device().id);
                  })
                  .has_value());
    }
    CHECK(load() == std::vector<Device>{whole_device()});
}

TEST(DeviceStore, HasTheFormatThatTheDocumentSays) {
    Device device = bare_device();
    device.id = id("3c:22:fb:12:34:01");
    device.host_name = "tv";
    device.addresses = {*IpAddress::from_text("192.168.1.20")};
    device.first_seen = Timestamp(std::chrono::milliseconds(0x0102));
    device.last_seen = Timestamp(std::chrono::milliseconds(0x0103));
    const std::vector<std::uint8_t> expected{
        1,                                          // version
        1, 0, 8, 0,   0,   0, 0, 0, 0, 0x01, 0x02,  // first seen
        2, 0, 8, 0,   0,   0, 0, 0, 0, 0x01, 0x03,  // last seen
        5, 0, 2, 't', 'v',                          // host name
        9, 0, 4, 192, 168, 1, 20};                  // address
    CHECK(DeviceCodec::value(device) == expected);
    CHECK(DeviceCodec::key(device.id) ==
          (std::vector<std::uint8_t>{1, 0x3c, 0x22, 0xfb, 0x12, 0x34, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                     0}));
}

TEST(DeviceStore, PassesOverFieldsOfANewerVersion) {
    auto bytes = DeviceCodec::value(whole_device());
    const auto later = ByteWriter().u8(200).text16("a field of next year").result();
    bytes.insert(bytes.end(), later.begin(), later.end());

    CHECK(DeviceCodec::value_from(whole_device().id, bytes).value() == whole_device());
}

TEST(DeviceStore, PassesOverKindsOfBypassOfANewerVersionButNotPiecesOfOne) {
    const Device device = bare_device();
    const auto with_bypass = [&](const std::vector<std::uint8_t>& content) {
        auto bytes = DeviceCodec::value(device);
        const auto field = ByteWriter().u8(12).text16(as_text(content)).result();
        bytes.insert(bytes.end(), field.begin(), field.end());
        return DeviceCodec::value_from(device.id, bytes);
    };
    CHECK(with_bypass({7, 0, 0, 0, 0, 0, 0, 0, 1, 'x'}).value() == device);
    const auto known = with_bypass({5, 0, 0, 0, 0, 0, 0, 0, 1, 'x'}).value();
    CHECK(known.bypasses ==
          (std::vector<devices::BypassNote>{
              {devices::Bypass::Vpn, "x", Timestamp(std::chrono::milliseconds(1))}}));
    CHECK_FALSE(with_bypass({5, 0, 0}).has_value());
}

TEST(DeviceStore, RefusesAnotherVersionAndTooManyAddresses) {
    auto other_version = DeviceCodec::value(whole_device());
    other_version[0] = 2;
    CHECK_FALSE(DeviceCodec::value_from(whole_device().id, other_version).has_value());

    Device crowded = whole_device();
    crowded.addresses.assign(Device::kAddressCountMax + 1, crowded.addresses.front());
    CHECK_FALSE(DeviceCodec::value_from(crowded.id, DeviceCodec::value(crowded)).has_value());
}

TEST(DeviceStore, ReadsNothingFromAValueThatIsCutInsideAField) {
    const auto whole = DeviceCodec::value(bare_device());
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const bool is_between_fields = length == 1 || length == 12;
        const auto device = DeviceCodec::value_from(bare_device().id, Bytes(whole).first(length));
        CHECK_EQUAL(is_between_fields, device.has_value());
    }
}

TEST(DeviceStore, NamesTheFileWhenAnEntryIsDamaged) {
    const auto table = environment_->table(DeviceStore::kTableName);
    CHECK(environment_
              ->update([&](store::WriteTransaction& transaction) {
                  return transaction.put(table, as_bytes("not a device"), as_bytes("?"));
              })
              .has_value());
    const auto transaction = environment_->begin_read();
    const auto devices = store_.load(*transaction);

    CHECK_FALSE(devices.has_value());
    CHECK(devices.error().code == Errc::Storage);
    STRCMP_CONTAINS("household.mdb", devices.error().message.c_str());
}
