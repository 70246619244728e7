#include "capture/flow.h"

#include "capture/frame.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::Endpoint;
using sporvakt::Timestamp;
using std::chrono::seconds;

namespace {

Endpoint endpoint(std::string_view text) {
    return *Endpoint::from_text(text);
}

}  // namespace

TEST_GROUP(Flow) {
    NamePool names;
    Flow flow;
    Endpoint client = endpoint("192.168.1.20:40000");
    Endpoint server = endpoint("203.0.113.80:443");
};

TEST(Flow, HasAKeyThatIsTheSameFromBothEndsAndTellsThem) {
    const std::vector<std::pair<std::string_view, std::string_view>> pairs{
        {"192.168.1.20:40000", "203.0.113.80:443"},
        {"[fd00::20]:1", "[2001:db8::1]:2"},
        {"10.0.0.1:5", "10.0.0.1:6"},
        {"10.0.0.1:5", "10.0.0.1:5"}};
    for (const auto& [left, right] : pairs) {
        const auto key = FlowKey::of(kProtocolTcp, endpoint(left), endpoint(right));

        CHECK(key == FlowKey::of(kProtocolTcp, endpoint(right), endpoint(left)));
        const bool in_order = key.first() == endpoint(left) && key.second() == endpoint(right);
        const bool turned = key.first() == endpoint(right) && key.second() == endpoint(left);
        CHECK(in_order || turned);
    }
}

TEST(Flow, TakesNoIpv6AddressForAnIpv4AddressOfTheSameBytes) {
    const auto v4 = FlowKey::of(kProtocolTcp, endpoint("32.1.13.184:1"), server);
    const auto v6 = FlowKey::of(kProtocolTcp, endpoint("[2001:db8::]:1"), server);

    CHECK_FALSE(v4 == v6);
}

TEST(Flow, WaitsAsLongAsItsKindDeserves) {
    const auto is_over_after = [&](seconds silence) { return flow.is_over(Timestamp(silence)); };

    CHECK_TRUE(is_over_after(seconds(301)));
    flow.has_opening = true;  // a SYN and no more
    CHECK_TRUE(is_over_after(seconds(11)));
    flow.has_sent = true;
    CHECK_FALSE(is_over_after(seconds(299)));
    flow.judgement = Judgement::Recorded;
    CHECK_FALSE(is_over_after(seconds(7000)));
    flow.is_closed = true;
    CHECK_TRUE(is_over_after(seconds(6)));

    Flow datagrams;
    datagrams.transport = FlowTransport::Udp;
    CHECK_TRUE(datagrams.is_over(Timestamp(seconds(61))));
    datagrams.transport = FlowTransport::Quic;
    CHECK_FALSE(datagrams.is_over(Timestamp(seconds(119))));
}

TEST(Flow, IsJudgedByItsClaimUnlessThatIsAFront) {
    flow.attribute().claimed = names.take("front.example");
    flow.attribute().inferred = names.take("behind.example");
    CHECK(flow.name() == "front.example");

    flow.has_encrypted_hello = true;
    CHECK(flow.name() == "front.example");
    flow.is_name_front = true;
    CHECK(flow.name() == "behind.example");
}

TEST(Flow, SummarisesWhatIsKnown) {
    flow.key = FlowKey::of(kProtocolTcp, client, server);
    flow.is_client_first = FlowKey::is_first(client, server);
    flow.attribute().inferred = names.take("resolved.example");
    const auto silent = flow.summary();
    CHECK(silent.client == client);
    CHECK(silent.server == server);
    CHECK(silent.origin == NameOrigin::Dns);
    CHECK(silent.name == "resolved.example");

    flow.origin = NameOrigin::Tls;
    flow.attribute().claimed = names.take("claimed.example");
    const auto talkative = flow.summary();
    CHECK(talkative.origin == NameOrigin::Tls);
    CHECK(talkative.name == "claimed.example");
    CHECK(talkative.inferred.name == "resolved.example");

    flow.origin = NameOrigin::Ambiguous;
    flow.attribute().claimed = {};
    CHECK(flow.summary().origin == NameOrigin::Ambiguous);
    CHECK(flow.summary().name.empty());
}
