#include "core/devices/neighbour_table.h"

#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace std::chrono_literals;
using sporvakt::Clock;
using sporvakt::Errc;
using sporvakt::IpAddress;
using sporvakt::MacAddress;
using sporvakt::Moment;
using sporvakt::Result;
using sporvakt::Snapshot;
using sporvakt::Timestamp;
using sporvakt::devices::Device;
using sporvakt::devices::DeviceId;
using sporvakt::devices::DeviceTable;
using sporvakt::devices::Neighbour;
using sporvakt::devices::NeighbourSource;
using sporvakt::devices::NeighbourTable;

namespace {

class HandClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return Timestamp(); }
    [[nodiscard]] Moment moment() const override { return moment_.load(); }
    void advance(Moment::duration by) { moment_ = moment_.load() + by; }

private:
    std::atomic<Moment> moment_ = Moment(1h);
};

struct Street {
    std::vector<Neighbour> neighbours;
    bool is_closed = false;
    std::atomic<int> visits = 0;
};

class FakeSource final : public NeighbourSource {
public:
    explicit FakeSource(Street& street) : street_(street) {}
    Result<std::vector<Neighbour>> read() override {
        ++street_.visits;
        if (street_.is_closed) {
            return sporvakt::fail(Errc::Unavailable, "closed");
        }
        return street_.neighbours;
    }

private:
    Street& street_;
};

IpAddress address(const char* text) {
    return *IpAddress::from_text(text);
}

MacAddress mac(const char* text) {
    return *MacAddress::from_text(text);
}

}  // namespace

TEST_GROUP(NeighbourTable) {
    const MacAddress phone_ = mac("3c:22:fb:12:34:01");
    const MacAddress laptop_ = mac("8c:79:f5:12:34:02");
    HandClock clock_;
    Street street_{{{address("192.168.1.20"), phone_}, {address("fd00::20"), phone_}}};
    Snapshot<DeviceTable> devices_{std::make_shared<const DeviceTable>()};
    NeighbourTable table_{std::make_unique<FakeSource>(street_), clock_, devices_};

    void publish(const MacAddress& owner, const char* its_address) {
        Device device;
        device.id = DeviceId(owner);
        device.addresses = {address(its_address)};
        devices_.publish(std::make_shared<const DeviceTable>(std::vector<Device>{device}));
    }
};

TEST(NeighbourTable, NamesANeighbourByItsMac) {
    CHECK(table_.device_at(address("192.168.1.20")) == DeviceId(phone_));
    CHECK(table_.device_at(address("fd00::20")) == DeviceId(phone_));
    CHECK_EQUAL(1, street_.visits.load());
}

TEST(NeighbourTable, LeavesALoopbackAddressItself) {
    CHECK(table_.device_at(address("127.0.0.1")) == DeviceId(address("127.0.0.1")));
    CHECK(table_.device_at(address("::1")) == DeviceId(address("::1")));
    CHECK_EQUAL(0, street_.visits.load());
}

TEST(NeighbourTable, AsksTheHouseholdAboutAddressesThatTheKernelDoesNotKnow) {
    publish(laptop_, "192.168.1.21");

    CHECK(table_.device_at(address("192.168.1.21")) == DeviceId(laptop_));
    CHECK(table_.device_at(address("192.168.1.99")) == DeviceId(address("192.168.1.99")));
}

TEST(NeighbourTable, BelievesTheKernelBeforeTheHousehold) {
    publish(laptop_, "192.168.1.20");

    CHECK(table_.device_at(address("192.168.1.20")) == DeviceId(phone_));
}

TEST(NeighbourTable, LooksAgainForAStrangerOnceASecond) {
    const DeviceId stranger(address("192.168.1.30"));
    CHECK(table_.device_at(address("192.168.1.30")) == stranger);
    street_.neighbours.push_back({address("192.168.1.30"), laptop_});
    CHECK(table_.device_at(address("192.168.1.30")) == stranger);
    CHECK_EQUAL(1, street_.visits.load());

    clock_.advance(NeighbourTable::kRefreshInterval);
    CHECK(table_.device_at(address("192.168.1.30")) == DeviceId(laptop_));
    CHECK_EQUAL(2, street_.visits.load());
}

TEST(NeighbourTable, NoticesThatAnAddressWandered) {
    CHECK(table_.device_at(address("192.168.1.20")) == DeviceId(phone_));
    street_.neighbours = {{address("192.168.1.20"), laptop_}};
    clock_.advance(NeighbourTable::kAgeMax - 1s);
    CHECK(table_.device_at(address("192.168.1.20")) == DeviceId(phone_));
    clock_.advance(1s);
    CHECK(table_.device_at(address("192.168.1.20")) == DeviceId(laptop_));
}

TEST(NeighbourTable, GoesOnWithWhatItKnewWhenTheKernelDoesNotAnswer) {
    CHECK(table_.device_at(address("192.168.1.20")) == DeviceId(phone_));
    street_.is_closed = true;
    clock_.advance(NeighbourTable::kAgeMax);
    CHECK(table_.device_at(address("192.168.1.20")) == DeviceId(phone_));
}

TEST(NeighbourTable, IgnoresGroupAddresses) {
    street_.neighbours = {{address("192.168.1.255"), mac("ff:ff:ff:ff:ff:ff")}};
    CHECK(table_.device_at(address("192.168.1.255")) == DeviceId(address("192.168.1.255")));
}

TEST(NeighbourTable, IsBounded) {
    street_.neighbours.clear();
    for (std::uint8_t high = 0; high < 64; ++high) {
        for (int low = 0; low < 256; ++low) {
            const std::array<std::uint8_t, 4> bytes{10, 0, high, static_cast<std::uint8_t>(low)};
            street_.neighbours.push_back({*IpAddress::from_bytes(bytes), phone_});
        }
    }
    CHECK(table_.device_at(address("10.0.0.1")) == DeviceId(phone_));
    CHECK(table_.device_at(address("10.0.63.255")) == DeviceId(address("10.0.63.255")));
}

TEST(NeighbourTable, AnswersManyThreadsAtOnce) {
    std::atomic<int> wrong = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 200; ++round) {
                clock_.advance(500ms);
                // Whoever comes first reads the table; until it has, others know the address only.
                const DeviceId found = table_.device_at(address("192.168.1.20"));
                const bool is_right =
                    found == DeviceId(phone_) || found == DeviceId(address("192.168.1.20"));
                wrong += is_right ? 0 : 1;
            }
        });
    }
    threads.clear();
    CHECK_EQUAL(0, wrong.load());
    CHECK(table_.device_at(address("192.168.1.20")) == DeviceId(phone_));
}
