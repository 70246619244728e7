#include "dns/answers/local_names.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::IpAddress;
using sporvakt::MacAddress;
using sporvakt::RecordType;
using sporvakt::Timestamp;
using sporvakt::devices::Device;
using sporvakt::devices::DeviceId;
using sporvakt::devices::DeviceTable;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(LocalNames) {
    LocalDomain domain;
    std::vector<IpAddress> own{*IpAddress::from_text("192.168.1.1")};
    std::vector<Device> devices;
    std::shared_ptr<const LocalNames> names;
    std::array<std::uint8_t, 512> out{};

    /// The first device is the one seen first.
    Device& device(const std::string& given, const std::string& host,
                   const std::vector<std::string>& addresses) {
        Device added;
        const auto number = static_cast<std::uint8_t>(devices.size() + 1);
        added.id = DeviceId(
            *MacAddress::from_text("02:00:00:00:00:" + std::string(number < 16 ? "0" : "") +
                                   "0123456789abcdef"[number % 16]));
        added.given_name = given;
        added.host_name = host;
        for (const std::string& address : addresses) {
            added.addresses.push_back(*IpAddress::from_text(address));
        }
        added.first_seen = Timestamp() + std::chrono::seconds(devices.size());
        devices.push_back(added);
        names.reset();
        return devices.back();
    }
    void record(const std::string& name, const std::vector<std::string>& addresses,
                const std::string& alias = {}) {
        HouseholdRecord added{name, {}, alias};
        for (const std::string& address : addresses) {
            added.addresses.push_back(*IpAddress::from_text(address));
        }
        domain.records.push_back(added);
        names.reset();
    }

    std::optional<LocalAnswer> find(const std::string& name, RecordType type = RecordType::A) {
        if (!names) {
            names = std::make_shared<const LocalNames>(
                domain, own, std::make_shared<const DeviceTable>(devices));
        }
        const auto number = static_cast<std::uint16_t>(type);
        return names->find(*Query::parse(DnsBuilder::query(name, number).build()));
    }
    bool is_ours(const std::string& name) {
        return find(name).has_value();
    }
    DnsReading answer(const std::string& name, RecordType type = RecordType::A) {
        const auto found = find(name, type);
        const auto number = static_cast<std::uint16_t>(type);
        const Query query = *Query::parse(DnsBuilder::query(name, number).build());
        return DnsReading(Bytes(out).first(found ? write_local_answer(out, query, *found) : 0));
    }
    /// Its IPv4 address; empty when there is none.
    std::string address_of(const std::string& name) {
        const Octets data = answer(name).data_of(1);
        return data.empty() ? "" : IpAddress::from_bytes(data)->text();
    }
    std::string pointer_of(const std::string& reverse_name) {
        const Octets data = answer(reverse_name, RecordType::Ptr).data_of(12);
        return {data.begin(), data.end()};
    }
    static std::string wire(const std::string& name) {
        const Octets bytes = DnsBuilder::wire_name(name);
        return {bytes.begin(), bytes.end()};
    }
};

TEST(LocalNames, KnowADeviceByTheNameThatTheHouseholdGaveIt) {
    device("Kari sin telefon", "", {"192.168.1.20", "fd00::20"});

    STRCMP_EQUAL("192.168.1.20", address_of("kari-sin-telefon.home.arpa").c_str());
    STRCMP_EQUAL("192.168.1.20", address_of("kari-sin-telefon").c_str());
    LONGS_EQUAL(0x20, answer("Kari-Sin-Telefon.home.arpa", RecordType::Aaaa).data_of(28).at(15));
    CHECK_TRUE(answer("kari-sin-telefon").ttl_of(1) <= 60);
}

TEST(LocalNames, KnowADeviceByWhatItCallsItselfToo) {
    device("Kari sin telefon", "Pixel-7.lan", {"192.168.1.20"});

    STRCMP_EQUAL("192.168.1.20", address_of("pixel-7.home.arpa").c_str());
    STRCMP_EQUAL("192.168.1.20", address_of("kari-sin-telefon.home.arpa").c_str());
    CHECK_TRUE(pointer_of("20.1.168.192.in-addr.arpa") == wire("kari-sin-telefon.home.arpa"));
}

TEST(LocalNames, GiveALabelToTheDeviceSeenFirstAndNumbersToOthers) {
    device("", "phone", {"192.168.1.20"});
    device("", "phone", {"192.168.1.21"});
    device("", "phone", {"192.168.1.22"});

    STRCMP_EQUAL("192.168.1.20", address_of("phone.home.arpa").c_str());
    STRCMP_EQUAL("192.168.1.21", address_of("phone-2.home.arpa").c_str());
    STRCMP_EQUAL("192.168.1.22", address_of("phone-3.home.arpa").c_str());
}

TEST(LocalNames, NumberALabelOfFullLengthWithinIt) {
    const std::string longest(63, 'a');
    device("", longest, {"192.168.1.20"});
    device("", longest, {"192.168.1.21"});

    STRCMP_EQUAL("192.168.1.21", address_of(std::string(61, 'a') + "-2").c_str());
}

TEST(LocalNames, LetNoDeviceTakeANameThatTheHouseholdGave) {
    device("", "nas", {"192.168.1.66"});
    device("NAS", "", {"192.168.1.20"});

    STRCMP_EQUAL("192.168.1.20", address_of("nas.home.arpa").c_str());
    STRCMP_EQUAL("192.168.1.66", address_of("nas-2.home.arpa").c_str());
}

TEST(LocalNames, LetNoDevicePassForTheGatewayOrAProxy) {
    device("", "sporvakt", {"192.168.1.66"});
    device("", "wpad", {"192.168.1.67"});
    device("", "isatap", {"192.168.1.68"});
    device("", "localhost", {"192.168.1.69"});

    STRCMP_EQUAL("192.168.1.1", address_of("sporvakt.home.arpa").c_str());
    STRCMP_EQUAL("192.168.1.66", address_of("sporvakt-2.home.arpa").c_str());
    STRCMP_EQUAL("", address_of("wpad.home.arpa").c_str());
    CHECK_FALSE(is_ours("wpad"));
    CHECK_FALSE(is_ours("isatap"));
    CHECK_FALSE(is_ours("localhost"));
}

TEST(LocalNames, LetNoDeviceHideATopLevelDomain) {
    device("", "com", {"192.168.1.66"});

    CHECK_FALSE(is_ours("com"));
    STRCMP_EQUAL("192.168.1.66", address_of("com.home.arpa").c_str());
}

TEST(LocalNames, AnswerWithAddressesThatCanBeUsedNow) {
    device(
        "tv", "",
        {"fe80::1", "169.254.1.1", "192.168.1.20", "192.168.1.7", "fd00::1", "fd00::2", "fd00::3"});

    STRCMP_EQUAL("192.168.1.20", address_of("tv.home.arpa").c_str());
    LONGS_EQUAL(1, answer("tv.home.arpa").answers());
    LONGS_EQUAL(2, answer("tv.home.arpa", RecordType::Aaaa).answers());
    LONGS_EQUAL(1, answer("tv.home.arpa", RecordType::Aaaa).data_of(28).at(15));
}

TEST(LocalNames, DoNotAnswerWithAnAddressThatWentToAnotherDevice) {
    device("old", "", {"192.168.1.20"}).last_seen = Timestamp() + std::chrono::seconds(1);
    device("new", "", {"192.168.1.20"}).last_seen = Timestamp() + std::chrono::seconds(2);

    STRCMP_EQUAL("", address_of("old.home.arpa").c_str());
    STRCMP_EQUAL("192.168.1.20", address_of("new.home.arpa").c_str());
}

TEST(LocalNames, HaveNoDataOfOtherTypes) {
    device("tv", "", {"192.168.1.20"});

    for (const RecordType type : {RecordType::Aaaa, RecordType::Txt, RecordType::Https}) {
        LONGS_EQUAL(0, answer("tv.home.arpa", type).rcode());
        LONGS_EQUAL(0, answer("tv.home.arpa", type).answers());
        LONGS_EQUAL(1, answer("tv.home.arpa", type).authorities());
    }
    LONGS_EQUAL(0, answer("home.arpa", RecordType::Soa).rcode());
}

TEST(LocalNames, KnowThatOtherNamesOfTheDomainDoNotExist) {
    device("tv", "", {"192.168.1.20"});

    LONGS_EQUAL(3, answer("radio.home.arpa").rcode());
    LONGS_EQUAL(3, answer("a.tv.home.arpa").rcode());
    LONGS_EQUAL(1, answer("radio.home.arpa").authorities());
}

TEST(LocalNames, LeaveOtherNamesAlone) {
    device("tv", "", {"192.168.1.20"});

    for (const char* name : {"example.com", "tv.example.com", "radio", "xhome.arpa", "arpa", "",
                             "1.1.1.1.in-addr.arpa"}) {
        CHECK_FALSE(is_ours(name));
    }
    CHECK_FALSE(find("home.arpa", RecordType::Ds).has_value());
}

TEST(LocalNames, TurnAddressesOfTheHouseBackIntoNames) {
    device("tv", "", {"192.168.1.20", "192.168.1.7", "fd00::20"});

    CHECK_TRUE(pointer_of("20.1.168.192.in-addr.arpa") == wire("tv.home.arpa"));
    CHECK_TRUE(pointer_of("7.1.168.192.in-addr.arpa") == wire("tv.home.arpa"));
    CHECK_TRUE(
        pointer_of("0.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa") ==
        wire("tv.home.arpa"));
    CHECK_TRUE(pointer_of("1.1.168.192.in-addr.arpa") == wire("sporvakt.home.arpa"));
    CHECK_FALSE(is_ours("21.1.168.192.in-addr.arpa"));
    LONGS_EQUAL(0, answer("20.1.168.192.in-addr.arpa", RecordType::Txt).answers());
}

TEST(LocalNames, KnowTheGateway) {
    own.push_back(*IpAddress::from_text("fd00::1"));

    STRCMP_EQUAL("192.168.1.1", address_of("sporvakt.home.arpa").c_str());
    STRCMP_EQUAL("192.168.1.1", address_of("sporvakt").c_str());
    LONGS_EQUAL(0xfd, answer("sporvakt", RecordType::Aaaa).data_of(28).at(0));
}

TEST(LocalNames, LieInTheDomainOfTheHouseholdsChoice) {
    domain.name = "lan";
    device("tv", "", {"192.168.1.20"});

    STRCMP_EQUAL("192.168.1.20", address_of("tv.lan").c_str());
    LONGS_EQUAL(3, answer("radio.lan").rcode());
    CHECK_FALSE(is_ours("tv.home.arpa"));
    CHECK_FALSE(is_ours("vulkan"));
}

TEST(LocalNames, HoldTheHouseholdsOwnRecords) {
    record("printer.example", {"192.168.1.30", "fd00::30"});

    STRCMP_EQUAL("192.168.1.30", address_of("Printer.Example").c_str());
    LONGS_EQUAL(0x30, answer("printer.example", RecordType::Aaaa).data_of(28).at(15));
    LONGS_EQUAL(0, answer("printer.example", RecordType::Mx).answers());
    CHECK_FALSE(is_ours("a.printer.example"));
    CHECK_FALSE(is_ours("example"));
    CHECK_TRUE(pointer_of("30.1.168.192.in-addr.arpa") == wire("printer.example"));
}

TEST(LocalNames, PutTheHouseholdsRecordsBeforeDevices) {
    record("nas", {"192.168.1.30"});
    record("tv.home.arpa", {"192.168.1.31"});
    device("nas", "tv", {"192.168.1.20"});

    STRCMP_EQUAL("192.168.1.30", address_of("nas.home.arpa").c_str());
    STRCMP_EQUAL("192.168.1.30", address_of("nas").c_str());
    STRCMP_EQUAL("192.168.1.31", address_of("tv.home.arpa").c_str());
    STRCMP_EQUAL("192.168.1.20", address_of("nas-2").c_str());
}

TEST(LocalNames, DoNotClaimThatAPublicAddressIsOfTheHouse) {
    record("www.example", {"192.0.2.1"});

    CHECK_FALSE(is_ours("1.2.0.192.in-addr.arpa"));
}

TEST(LocalNames, FollowAnAliasWithinTheHouse) {
    device("tv", "", {"192.168.1.20"});
    record("screen.example", {}, "tv.home.arpa");
    record("wall.example", {}, "screen.example");

    const DnsReading found = answer("wall.example");

    LONGS_EQUAL(2, found.answers());
    CHECK(found.data_of(5) == DnsBuilder::wire_name("tv.home.arpa"));
    CHECK(found.data_of(1) == (Octets{192, 168, 1, 20}));
    LONGS_EQUAL(1, answer("wall.example", RecordType::Txt).answers());
    LONGS_EQUAL(1, answer("wall.example", RecordType::Cname).answers());
}

TEST(LocalNames, SayWhereAnAliasLeavesTheHouse) {
    record("shop.home.arpa", {}, "www.example.com");
    record("butikk", {}, "shop.home.arpa");

    CHECK(find("butikk")->kind == LocalAnswer::Kind::Outside);
    CHECK(find("butikk")->name == "www.example.com");
    CHECK(answer("shop.home.arpa", RecordType::Cname).data_of(5) ==
          DnsBuilder::wire_name("www.example.com"));
}

TEST(LocalNames, AliasesThatGoInCirclesLeadNowhere) {
    record("a.example", {}, "b.example");
    record("b.example", {}, "a.example");

    CHECK(find("a.example")->kind == LocalAnswer::Kind::Host);
    CHECK_TRUE(find("a.example")->addresses.empty());
}

TEST(LocalNames, BetweenARecordAndItsDomainThereAreEmptyNames) {
    record("a.b.home.arpa", {"192.168.1.30"});

    LONGS_EQUAL(0, answer("b.home.arpa").rcode());
    LONGS_EQUAL(0, answer("b.home.arpa").answers());
    LONGS_EQUAL(3, answer("c.home.arpa").rcode());
}

TEST(LocalNames, ALabelThatIsNoHostNameIsNotItsParent) {
    device("tv", "", {"192.168.1.20"});
    record("printer.example", {"192.168.1.30"});
    find("tv");
    const auto ask = [&](const std::string& name) {
        auto message = DnsBuilder::query(name, 1).build();
        message[13] = ' ';
        return names->find(*Query::parse(message));
    };

    CHECK(ask("x.tv.home.arpa")->kind == LocalAnswer::Kind::NoSuchName);
    CHECK(ask("x.home.arpa")->kind == LocalAnswer::Kind::NoSuchName);
    CHECK_FALSE(ask("x.printer.example").has_value());
}

TEST(LocalNames, FitIntoEveryAnswerAtTheirLongest) {
    const auto name_of_100 = [](char c) {
        return std::string(49, c) + "." + std::string(49, c) + "x";
    };
    domain.name = std::string(48, 'd') + "." + std::string(51, 'e');
    std::vector<std::string> addresses;
    for (int last = 1; last <= 8; ++last) {
        addresses.push_back("fd00::" + std::to_string(last));
    }
    record(name_of_100('a'), addresses);
    record(name_of_100('b'), {}, name_of_100('a'));
    device("", std::string(63, 'c'), {"192.168.1.20"});

    LONGS_EQUAL(9, answer(name_of_100('b'), RecordType::Aaaa).answers());
    CHECK_FALSE(pointer_of("20.1.168.192.in-addr.arpa").empty());
    STRCMP_EQUAL("192.168.1.20", address_of(std::string(63, 'c') + "." + domain.name).c_str());
}

TEST(LocalNames, ManyDevicesThatWantOneLabelAllGetOne) {
    for (int count = 0; count < 4096; ++count) {
        Device many;
        many.id = DeviceId(*IpAddress::from_text("10.0." + std::to_string(count / 256) + "." +
                                                 std::to_string(count % 256)));
        many.host_name = count % 2 == 0 ? "a" : "a-" + std::to_string(count);
        devices.push_back(many);
    }

    CHECK_TRUE(is_ours("a"));
    CHECK_TRUE(is_ours("a-4095"));
    CHECK_TRUE(is_ours("a-4094"));
}
