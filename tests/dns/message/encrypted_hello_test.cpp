#include "dns/message/encrypted_hello.h"

#include "dns/message/packet.h"
#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/encrypted_hello_record.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;
using sporvakt::test::service_data;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(EncryptedHello) {
    bool has_ech = false;

    /// The reply after the operation, in wire form.
    DnsReading stripped(const DnsBuilder& reply) {
        const auto packet = read_packet(reply.build());
        has_ech = *strip_encrypted_hello(packet->get());
        return DnsReading(encode(packet->get())->bytes);
    }
    static DnsBuilder reply_with(const Octets& data) {
        return DnsBuilder::reply("shop.example", 65).answer("shop.example", 65, data);
    }
    /// A record that says which of its parameters are mandatory.
    static Octets with_mandatory(const Octets& keys) {
        Octets data{0, 1, 0, 0, 0, 0, static_cast<std::uint8_t>(keys.size())};
        data.insert(data.end(), keys.begin(), keys.end());
        data.insert(data.end(), {0, 4, 0, 4, 192, 0, 2, 1, 0, 5, 0, 2, 0xfe, 0x0d});
        return data;
    }
};

TEST(EncryptedHello, IsTakenOutOfARecordAsThePublicPutsThem) {
    const DnsReading answer = stripped(reply_with(service_data(sporvakt::test::Ech::Present)));

    CHECK_TRUE(has_ech);
    CHECK(answer.data_of(65) == service_data(sporvakt::test::Ech::Absent));
}

TEST(EncryptedHello, OtherRecordsAreLeftAsTheyAre) {
    const Octets plain = service_data(sporvakt::test::Ech::Absent);

    CHECK(stripped(reply_with(plain)).data_of(65) == plain);
    CHECK_FALSE(has_ech);
    CHECK(stripped(DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}))
              .data_of(1) == (Octets{192, 0, 2, 1}));
    CHECK_FALSE(has_ech);
}

TEST(EncryptedHello, IsNoLongerMandatory) {
    CHECK(stripped(reply_with(with_mandatory({0, 4, 0, 5}))).data_of(65) ==
          (Octets{0, 1, 0, 0, 0, 0, 2, 0, 4, 0, 4, 0, 4, 192, 0, 2, 1}));
    CHECK(stripped(reply_with(with_mandatory({0, 5}))).data_of(65) ==
          (Octets{0, 1, 0, 0, 4, 0, 4, 192, 0, 2, 1}));
}

TEST(EncryptedHello, IsTakenOutOfEveryRecordAndSection) {
    const Octets data = service_data(sporvakt::test::Ech::Present);
    const DnsReading answer = stripped(reply_with(data)
                                           .answer("shop.example", 65, data)
                                           .additional("svc.shop.example", 64, data)
                                           .additional("svc.shop.example", 1, {192, 0, 2, 1}));

    const Octets plain = service_data(sporvakt::test::Ech::Absent);
    CHECK(answer.data_of(64) == plain);
    LONGS_EQUAL(4, answer.records().size());
    CHECK(answer.data_of(1) == (Octets{192, 0, 2, 1}));
    for (const auto& place : answer.records()) {
        CHECK_TRUE(place.type == 1 || place.end - place.data_at == plain.size());
    }
}
