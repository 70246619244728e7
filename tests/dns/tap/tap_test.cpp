#include "dns/tap/tap.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_client.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_worker_rig.h"
#include "tests/support/dns/tap_reader.h"
#include "tests/support/temporary_folder.h"

#include <string>
#include <vector>

#include <arpa/inet.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::IpPrefix;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsReading;
using sporvakt::test::DnsWorkerRig;
using sporvakt::test::ProtobufReading;
using sporvakt::test::tap_message_in;
using sporvakt::test::TapReader;
using sporvakt::test::TemporaryFolder;

using Octets = std::vector<std::uint8_t>;

namespace {

// dnstap.proto
constexpr unsigned kType = 1;
constexpr unsigned kProtocol = 3;
constexpr unsigned kQueryAddress = 4;
constexpr unsigned kResponseAddress = 5;
constexpr unsigned kQueryPort = 6;
constexpr unsigned kResponsePort = 7;
constexpr unsigned kQuerySeconds = 8;
constexpr unsigned kQueryMessage = 10;
constexpr unsigned kResponseSeconds = 12;
constexpr unsigned kResponseMessage = 14;
constexpr unsigned kClientQuery = 5;
constexpr unsigned kClientResponse = 6;

}  // namespace

// What a worker tells somebody who reads dnstap.
TEST_GROUP(Tap) {
    TemporaryFolder folder;
    const std::string path = folder.file("dnstap.sock");
    TapReader reader{path};
    DnsWorkerRig rig;

    void start() {
        rig.dnstap = path;
        rig.start();
        CHECK_TRUE(reader.accept());
        while (!rig.tap->is_read()) {
            std::this_thread::yield();
        }
    }
    ProtobufReading next() {
        const auto frame = reader.next();
        return tap_message_in(frame.value_or(Octets{}));
    }
};

TEST(Tap, TellsAQuestionAndItsAnswer) {
    start();
    DnsClient client = DnsClient::udp(rig.endpoint);
    const Octets query = DnsBuilder::query("tracker.example", 1).edns().build();

    const Octets answer = client.ask(query);

    const ProtobufReading asked = next();
    LONGS_EQUAL(kClientQuery, asked.numbers.at(kType));
    LONGS_EQUAL(1, asked.numbers.at(kProtocol));
    CHECK((asked.bytes.at(kQueryAddress) == Octets{127, 0, 0, 1}));
    CHECK((asked.bytes.at(kResponseAddress) == Octets{127, 0, 0, 1}));
    LONGS_EQUAL(client.port(), asked.numbers.at(kQueryPort));
    LONGS_EQUAL(rig.endpoint.port, asked.numbers.at(kResponsePort));
    const auto now = rig.house.clock.now().time_since_epoch();
    LONGS_EQUAL(now / std::chrono::seconds(1), asked.numbers.at(kQuerySeconds));
    CHECK(asked.bytes.at(kQueryMessage) == query);

    const ProtobufReading answered = next();
    LONGS_EQUAL(kClientResponse, answered.numbers.at(kType));
    LONGS_EQUAL(client.port(), answered.numbers.at(kQueryPort));
    CHECK(answered.bytes.at(kResponseMessage) == answer);
}

TEST(Tap, TellsAnAnswerThatHadToWaitWithBothTimes) {
    start();
    DnsClient client = DnsClient::tcp(rig.endpoint);
    client.send(DnsClient::framed(DnsBuilder::query("shop.example", 1).build()));
    rig.wait_for(Count::Asked, 1);
    rig.house.clock.turn(std::chrono::seconds(4));
    const Octets answer = client.receive_framed();

    const ProtobufReading asked = next();
    const ProtobufReading answered = next();

    LONGS_EQUAL(2, asked.numbers.at(kProtocol));
    LONGS_EQUAL(client.port(), asked.numbers.at(kQueryPort));
    LONGS_EQUAL(rig.endpoint.port, asked.numbers.at(kResponsePort));
    LONGS_EQUAL(kClientResponse, answered.numbers.at(kType));
    CHECK(answered.bytes.at(kResponseMessage) == answer);
    LONGS_EQUAL(asked.numbers.at(kQuerySeconds), answered.numbers.at(kQuerySeconds));
    LONGS_EQUAL(asked.numbers.at(kQuerySeconds) + 4, answered.numbers.at(kResponseSeconds));
}

TEST(Tap, TellsNothingOfWhoMayNotAskOrWhatCannotBeRead) {
    rig.admission_settings.allow_from = {*IpPrefix::from_text("127.0.0.2/32")};
    start();
    DnsClient stranger = DnsClient::udp(rig.endpoint);
    DnsClient resident = DnsClient::udp(rig.endpoint, *sporvakt::IpAddress::from_text("127.0.0.2"));
    stranger.ask(DnsBuilder::query("tracker.example", 1).id(7).build());
    Octets junk = DnsBuilder::query("tracker.example", 1).build();
    junk.push_back(1);
    resident.ask(junk);
    resident.ask(DnsBuilder::query("tracker.example", 1).id(8).build());

    LONGS_EQUAL(8, DnsReading(next().bytes.at(kQueryMessage)).id());
    LONGS_EQUAL(8, DnsReading(next().bytes.at(kResponseMessage)).id());
}

TEST(Tap, CountsWhatNobodyReadsAndAnswersAllTheSame) {
    reader.hang_up();
    rig.dnstap = path;
    rig.start();

    const Octets answer =
        DnsClient::udp(rig.endpoint).ask(DnsBuilder::query("tracker.example", 1).build());

    CHECK(DnsReading(answer).data_of(1) == (Octets{0, 0, 0, 0}));
    rig.stop();
    LONGS_EQUAL(2, rig.counted(Count::TapLost));
}

TEST(Tap, AnswersAtOnceUnderAReaderThatHangs) {
    start();
    DnsClient client = DnsClient::udp(rig.endpoint);
    const Octets query = DnsBuilder::query("tracker.example", 1).edns().build();
    constexpr unsigned kMany = 5'000;  // more than ring and socket hold

    unsigned answered = 0;
    for (unsigned asked = 0; asked < kMany; ++asked) {
        answered += client.ask(query).empty() ? 0U : 1U;
    }

    LONGS_EQUAL(kMany, answered);
    rig.stop();
    CHECK(rig.counted(Count::TapLost) > 0);
}
