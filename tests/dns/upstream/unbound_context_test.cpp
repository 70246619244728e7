#include "dns/upstream/unbound_context.h"

#include "dns/serving/event_loop.h"
#include "tests/support/temporary_folder.h"

#include <fstream>
#include <memory>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::test::TemporaryFolder;

TEST_GROUP(UnboundContext) {
    std::unique_ptr<EventLoop> loop{*EventLoop::create()};
    TemporaryFolder folder;
    UpstreamSettings settings;

    std::string fault() const {
        const auto context = make_unbound_context(loop->base(), settings);
        return context ? "none" : context.error().message;
    }
};

TEST(UnboundContext, TakesEverythingAtOnce) {
    settings.forwarders = {*Forwarder::from_text("192.0.2.1"),
                           *Forwarder::from_text("2001:db8::1")};
    settings.zones = {{*zone_from_text("lan.example"), {*Forwarder::from_text("192.0.2.2")}},
                      {*zone_from_text("home.arpa"), {*Forwarder::from_text("192.0.2.2@5353")}}};
    settings.trust_anchors = "/usr/share/dns/root.key";

    STRCMP_EQUAL("none", fault().c_str());
}

TEST(UnboundContext, SaysWhichKeysAreMissing) {
    settings.trust_anchors = folder.file("root.key");
    STRCMP_CONTAINS("cannot read DNSSEC's root keys in", fault().c_str());
    STRCMP_CONTAINS("root.key", fault().c_str());
}

TEST(UnboundContext, RefusesKeysThatAreNone) {
    std::ofstream(folder.file("nonsense")) << "nonsense\n";
    settings.trust_anchors = folder.file("nonsense");
    STRCMP_CONTAINS("libunbound cannot start", fault().c_str());
}
