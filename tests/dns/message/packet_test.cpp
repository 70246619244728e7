#include "dns/message/packet.h"

#include "tests/support/dns/dns_builder.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::RecordType;
using sporvakt::test::DnsBuilder;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(Packet){};

TEST(Packet, IsReadAndWrittenBackTheSame) {
    const Octets message =
        DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build();

    const auto packet = read_packet(message);
    const auto records = records_of(ldns_pkt_answer(packet->get()));

    LONGS_EQUAL(1, records.size());
    CHECK_TRUE(is_type(records[0], RecordType::A));
    CHECK_FALSE(is_service(records[0]));
    CHECK(*data_of(records[0]) == (Octets{192, 0, 2, 1}));
    const auto written = encode(packet->get());
    LONGS_EQUAL(1, written->ttls_at.size());
    CHECK(*data_of(records_of(ldns_pkt_answer(read_packet(written->bytes)->get()))[0]) ==
          (Octets{192, 0, 2, 1}));
}

TEST(Packet, HasExactlyOneQuestion) {
    CHECK_FALSE(read_packet(DnsBuilder(0x8180).build()).has_value());
    CHECK_FALSE(
        read_packet(DnsBuilder(0x8180).question("a.example", 1).question("b.example", 1).build())
            .has_value());
}

TEST(Packet, BearsNoTransactionSignature) {
    constexpr std::uint16_t kTsig = 250;
    for (const int signatures : {1, 2}) {
        DnsBuilder reply = DnsBuilder::reply("shop.example", 1);
        for (int number = 0; number < signatures; ++number) {
            reply.additional("key.example", kTsig, Octets(16));
        }
        CHECK_FALSE(read_packet(reply.build()).has_value());
    }
}

TEST(Packet, IsNothingWhenItIsCutShort) {
    const Octets whole =
        DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build();

    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK_FALSE(read_packet(sporvakt::Bytes(whole).first(length)).has_value());
    }
}
