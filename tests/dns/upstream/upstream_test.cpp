#include "dns/upstream/upstream.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/fake_name_server.h"

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
        UpstreamSettings settings;
        settings.forwarders = {{internet.endpoint(), {}}};
        return *open_upstream(*loop, settings);
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

TEST(Upstream, RefusesForwardersWithAndWithoutTlsInOneZone) {
    UpstreamSettings settings;
    settings.forwarders = {*Forwarder::from_text("192.0.2.1#dns.example"),
                           *Forwarder::from_text("192.0.2.2")};
    STRCMP_CONTAINS("[dns] upstream mixes DNS over TLS and plain DNS",
                    open_upstream(*loop, settings).error().message.c_str());

    settings.zones = {{*zone_from_text("lan.example"), settings.forwarders}};
    settings.forwarders.clear();
    STRCMP_CONTAINS("[[dns.forward]] of lan.example mixes",
                    open_upstream(*loop, settings).error().message.c_str());
}

TEST(Upstream, NeedsCertificatesOnlyForWhatIsAskedOverTls) {
    UpstreamSettings settings;
    settings.certificates = "/nowhere/house.pem";
    settings.forwarders = {*Forwarder::from_text("192.0.2.1")};
    CHECK(open_upstream(*loop, settings).has_value());

    settings.forwarders = {*Forwarder::from_text("192.0.2.1#dns.example")};
    STRCMP_CONTAINS("/nowhere/house.pem", open_upstream(*loop, settings).error().message.c_str());
}

TEST(Upstream, AsksAZoneOfTheForwardersOfThatZone) {
    FakeNameServer office;
    office.tell(
        "pc.office.example", 1,
        DnsBuilder::reply("pc.office.example", 1).a("pc.office.example", {10, 0, 0, 7}).build());
    UpstreamSettings settings;
    settings.forwarders = {{internet.endpoint(), {}}};
    settings.zones = {{*zone_from_text("office.example"), {{office.endpoint(), {}}}}};
    const auto upstream = *open_upstream(*loop, settings);

    upstream->ask({"pc.office.example.", sporvakt::RecordType::A}, 1, listener);
    loop->run();

    CHECK(DnsReading(listener.message).data_of(1) == (std::vector<std::uint8_t>{10, 0, 0, 7}));
    LONGS_EQUAL(0, internet.asked("pc.office.example"));
}

TEST(Upstream, ForwardsEvenNamesThatLibunboundHasAnswersFor) {
    UpstreamSettings settings;
    for (const char* zone : {"home.arpa", "test", "127.in-addr.arpa", "168.192.in-addr.arpa"}) {
        settings.zones.push_back({*zone_from_text(zone), {{internet.endpoint(), {}}}});
    }

    for (const char* name :
         {"nas.home.arpa", "a.test", "1.0.0.127.in-addr.arpa", "1.1.168.192.in-addr.arpa"}) {
        internet.tell(name, 1, DnsBuilder::reply(name, 1).a(name, {192, 168, 1, 9}).build());
        const auto own_loop = *EventLoop::create();
        Listener heard{*own_loop};
        const auto upstream = *open_upstream(*own_loop, settings);
        upstream->ask({std::string(name) + ".", sporvakt::RecordType::A}, 1, heard);
        own_loop->run();
        CHECK(DnsReading(heard.message).data_of(1) == (std::vector<std::uint8_t>{192, 168, 1, 9}));
    }
}
