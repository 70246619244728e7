#include "dns/worker.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_client.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_worker_rig.h"

#include <memory>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsReading;
using sporvakt::test::DnsWorkerRig;

TEST_GROUP(Worker) {
    DnsWorkerRig rig;

    static Waiter waiter(std::size_t worker) {
        return {worker, *Query::parse(DnsBuilder::query("shop.example", 1).build()), {}, {}, {}};
    }
};

TEST(Worker, HandsOverTheOutcomeForAnothersClient) {
    rig.start();
    rig.stop();

    rig.worker->deliver(waiter(1), UpstreamOutcome{});

    LONGS_EQUAL(1, rig.handed_over.at(0));
}

TEST(Worker, AnswersItsClientWithAnOutcomeFromAnother) {
    rig.start();
    DnsClient client = DnsClient::tcp(rig.endpoint);
    client.send(DnsClient::framed(DnsBuilder::query("shop.example", 1).build()));
    rig.wait_for(Count::Asked, 1);
    Waiter waiting = waiter(0);
    waiting.client.transport = Transport::Tcp;
    waiting.client.connection = 1;
    auto answer = std::make_shared<StoredAnswer>();
    answer->plain = *stored_message(
        DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 9}).build());

    rig.worker->take(waiting, UpstreamOutcome{answer});

    CHECK(DnsReading(client.receive_framed()).data_of(1) ==
          (std::vector<std::uint8_t>{192, 0, 2, 9}));
}

TEST(Worker, GivesUpWaitingWhenTimeIsOver) {
    rig.start();
    DnsClient client = DnsClient::udp(rig.endpoint);
    client.send(DnsBuilder::query("shop.example", 1).build());
    rig.wait_for(Count::Asked, 1);
    rig.house.clock.turn(std::chrono::seconds(4));

    LONGS_EQUAL(2, DnsReading(client.receive()).rcode());
}
