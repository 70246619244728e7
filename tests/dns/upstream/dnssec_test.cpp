// What a client is told of DNSSEC: the whole resolver, with a signed root of our own.
#include "dns/resolver.h"
#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_client.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_rig.h"
#include "tests/support/dns/fake_name_server.h"
#include "tests/support/dns/signed_root.h"
#include "tests/support/temporary_folder.h"

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsHouse;
using sporvakt::test::DnsReading;
using sporvakt::test::FakeNameServer;
using sporvakt::test::SignedRoot;
using sporvakt::test::start_resolver;
using sporvakt::test::TemporaryFolder;
using Signature = sporvakt::test::SignedRoot::Signature;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(Dnssec) {
    static constexpr unsigned kAuthentic = 0x0020;

    DnsHouse house;
    FakeNameServer internet;
    SignedRoot root;
    TemporaryFolder folder;
    ResolverSettings settings;
    std::unique_ptr<Resolver> resolver;

    void setup() override {
        std::ofstream(folder.file("root.key")) << root.anchor();
        settings.upstream.forwarders = {{internet.endpoint(), {}}};
        settings.upstream.trust_anchors = folder.file("root.key");
    }
    DnsReading ask(const DnsBuilder& query) {
        if (!resolver) {
            resolver = start_resolver(settings, house);
        }
        return DnsReading(DnsClient::udp(resolver->endpoints()[0]).ask(query.build()));
    }
    DnsReading ask_for(Signature signature) {
        root.publish_keys(internet);
        internet.tell("shop.example", 1, root.address_reply("shop.example", signature));
        return ask(DnsBuilder::query("shop.example", 1).edns());
    }
};

TEST(Dnssec, VouchesForAnAnswerThatIsSigned) {
    root.publish_keys(internet);
    internet.tell("shop.example", 1, root.address_reply("shop.example", Signature::Good));

    const DnsReading answer = ask(DnsBuilder::query("shop.example", 1).edns(1232, 0x8000));

    CHECK(answer.data_of(1) == (Octets{192, 0, 2, 1}));
    CHECK((answer.flags() & kAuthentic) != 0);
    CHECK(answer.first(DnsBuilder::kRrsig).has_value());
}

TEST(Dnssec, RefusesAnAnswerThatSomebodyChanged) {
    const DnsReading answer = ask_for(Signature::OfAnotherAddress);

    LONGS_EQUAL(2, answer.rcode());
    LONGS_EQUAL(6, answer.extended_error());
}

TEST(Dnssec, RefusesAnAnswerWhoseSignatureHasExpired) {
    const DnsReading answer = ask_for(Signature::Expired);

    LONGS_EQUAL(2, answer.rcode());
    LONGS_EQUAL(7, answer.extended_error());
}

TEST(Dnssec, RefusesAnAnswerWhoseSignatureIsNotYetValid) {
    const DnsReading answer = ask_for(Signature::NotYetValid);

    LONGS_EQUAL(2, answer.rcode());
    LONGS_EQUAL(8, answer.extended_error());
}

TEST(Dnssec, RefusesAnAnswerWithoutASignature) {
    const DnsReading answer = ask_for(Signature::Missing);

    LONGS_EQUAL(2, answer.rcode());
    LONGS_EQUAL(10, answer.extended_error());
}

TEST(Dnssec, RefusesADenialWithoutProof) {
    root.publish_keys(internet);
    internet.tell("no.example", 1, root.unproven_denial("no.example"));

    const DnsReading answer = ask(DnsBuilder::query("no.example", 1).edns());

    LONGS_EQUAL(2, answer.rcode());
    LONGS_EQUAL(12, answer.extended_error());
}

TEST(Dnssec, FailsWithAReasonWhenAnUpstreamStripsDnssec) {
    internet.tell("shop.example", 1, root.address_reply("shop.example", Signature::Missing));

    const DnsReading answer = ask(DnsBuilder::query("shop.example", 1).edns());

    LONGS_EQUAL(2, answer.rcode());
    LONGS_EQUAL(9, answer.extended_error());
}

TEST(Dnssec, ValidatesNothingInAZoneThatIsForwardedElsewhere) {
    settings.upstream.zones = {{*zone_from_text("example"), {{internet.endpoint(), {}}}}};

    CHECK(ask_for(Signature::Expired).data_of(1) == (Octets{192, 0, 2, 1}));
}

TEST(Dnssec, GivesABogusAnswerToAClientThatChecksItself) {
    root.publish_keys(internet);
    internet.tell("shop.example", 1, root.address_reply("shop.example", Signature::Expired));

    auto query = DnsBuilder::query("shop.example", 1).flags(0x0110).edns(1232, 0x8000);
    const DnsReading unchecked = ask(query);
    const DnsReading checked = ask(DnsBuilder::query("shop.example", 1).edns());

    CHECK(unchecked.data_of(1) == (Octets{192, 0, 2, 1}));
    LONGS_EQUAL(0, unchecked.flags() & kAuthentic);
    LONGS_EQUAL(2, checked.rcode());
}

TEST(Dnssec, BelievesEverythingWhenItIsOff) {
    settings.upstream.trust_anchors.clear();
    internet.tell("shop.example", 1, root.address_reply("shop.example", Signature::Expired));

    const DnsReading answer = ask(DnsBuilder::query("shop.example", 1).edns());

    CHECK(answer.data_of(1) == (Octets{192, 0, 2, 1}));
    LONGS_EQUAL(0, answer.flags() & kAuthentic);
}
