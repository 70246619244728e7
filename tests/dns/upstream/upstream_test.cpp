#include "dns/upstream/upstream.h"

#include "tests/support/dns_builder.h"
#include "tests/support/dns_reading.h"
#include "tests/support/fake_name_server.h"

#include <memory>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;
using sporvakt::test::FakeNameServer;

namespace {

class Listener final : public UpstreamListener {
public:
    explicit Listener(EventLoop& loop) : loop_(loop) {}
    void on_reply(std::uint64_t exchange, const UpstreamReply& reply) override {
        exchanges.push_back(exchange);
        message.assign(reply.message.begin(), reply.message.end());
        loop_.stop();
    }

    std::vector<std::uint64_t> exchanges;
    std::vector<std::uint8_t> message;

private:
    EventLoop& loop_;
};

}  // namespace

TEST_GROUP(Upstream) {
    FakeNameServer internet;
    std::unique_ptr<EventLoop> loop{*EventLoop::create()};
    Listener listener{*loop};

    std::unique_ptr<Upstream> opened() {
        const std::vector forwarders{internet.endpoint()};
        return *open_upstream(*loop, forwarders);
    }
};

TEST(Upstream, AsksTheForwarder) {
    internet.tell("shop.example", 1,
                  DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build());
    const auto upstream = opened();

    upstream->ask({"shop.example.", sporvakt::RecordType::A}, 7, listener);
    loop->run();

    LONGS_EQUAL(7, listener.exchanges.at(0));
    CHECK(DnsReading(listener.message).data_of(1) == (std::vector<std::uint8_t>{192, 0, 2, 1}));
    LONGS_EQUAL(1, internet.asked("shop.example"));
}

TEST(Upstream, TellsThatThereIsNoSuchName) {
    const auto upstream = opened();

    upstream->ask({"no.example.", sporvakt::RecordType::A}, 1, listener);
    loop->run();

    LONGS_EQUAL(3, DnsReading(listener.message).rcode());
}

TEST(Upstream, CallsNobodyOnceItHasGone) {
    internet.hold();
    auto upstream = opened();
    upstream->ask({"shop.example.", sporvakt::RecordType::A}, 1, listener);

    upstream.reset();

    CHECK_TRUE(listener.exchanges.empty());
}
