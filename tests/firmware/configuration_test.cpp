#include "firmware/configuration.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include <CppUTest/TestHarness.h>

using sporvakt::Endpoint;
using sporvakt::Errc;
using sporvakt::IpPrefix;
using sporvakt::dns::Forwarder;
using sporvakt::firmware::parse_configuration;
using sporvakt::firmware::read_configuration;

namespace {

std::string fault_of(const std::string& text) {
    const auto configuration = parse_configuration(text, "sporvakt.toml");
    CHECK_FALSE(configuration.has_value());
    CHECK(configuration.error().code == Errc::InvalidInput);
    return configuration.error().message;
}

std::vector<IpPrefix> networks(std::initializer_list<std::string_view> texts) {
    std::vector<IpPrefix> prefixes;
    for (const std::string_view text : texts) {
        prefixes.push_back(*IpPrefix::from_text(text));
    }
    return prefixes;
}

}  // namespace

TEST_GROUP(Configuration){};

TEST(Configuration, ReadsEveryKey) {
    const auto read = parse_configuration(R"(
[dns]
listen = ["127.0.0.1:5300", "[::1]:5300"]
upstream = ["127.0.0.1@5301", "192.0.2.1"]
listen_tls = ["127.0.0.1:8530"]
tls_certificate = "/etc/c.pem"
tls_key = "/etc/k.pem"
allow_from = ["192.168.7.0/24", "fd07::/64"]
rate_limit = 250
rate_limit_exempt = ["192.168.7.9"]
rate_limit_action = "refuse"
upstream_certificates = "/etc/house-ca.pem"
dnssec = false
rebinding_allowed = ["plex.direct"]
dnstap = "/run/sporvakt/dnstap.sock"
[capture]
interfaces = ["br-lan", "eth0.2"]
speed = 2
promiscuous = "never"
ring_mb = 8
bytes = false
[web]
listen = ["127.0.0.1:8080"]
[storage]
dir = "/tmp/house"
[lists]
files = ["a.txt", "b.mdb"]
subscriptions = ["adaway", "https://lists.example/own.txt"]
update_hours = 6
)",
                                          "sporvakt.toml");

    CHECK(read.has_value());
    CHECK(read->dns.listen == (std::vector{*Endpoint::from_text("127.0.0.1:5300"),
                                           *Endpoint::from_text("[::1]:5300")}));
    CHECK(read->dns.listen_tls == std::vector{*Endpoint::from_text("127.0.0.1:8530")});
    STRCMP_EQUAL("/etc/c.pem", read->dns.tls_certificate.c_str());
    STRCMP_EQUAL("/etc/k.pem", read->dns.tls_key.c_str());
    STRCMP_EQUAL("/run/sporvakt/dnstap.sock", read->dns.dnstap.c_str());
    const auto& admission = read->dns.admission;
    CHECK(admission.allow_from == networks({"192.168.7.0/24", "fd07::/64", "127.0.0.0/8", "::1"}));
    CHECK(admission.rate_limit == 250U);
    CHECK(admission.rate_limit_exempt == networks({"192.168.7.9"}));
    CHECK(admission.over_limit == sporvakt::dns::OverLimitAnswer::Refuse);
    CHECK(read->dns.upstream.forwarders == (std::vector{*Forwarder::from_text("127.0.0.1@5301"),
                                                        *Forwarder::from_text("192.0.2.1@53")}));
    STRCMP_EQUAL("/etc/house-ca.pem", read->dns.upstream.certificates.c_str());
    STRCMP_EQUAL("", read->dns.upstream.trust_anchors.c_str());
    CHECK_TRUE(read->dns.answers.zones.may_lead_inside.contains("tv.plex.direct"));
    CHECK(read->capture.interfaces == (std::vector<std::string>{"br-lan", "eth0.2"}));
    DOUBLES_EQUAL(2.0, read->capture.speed, 0.0);
    CHECK(read->capture.reach == sporvakt::capture::Reach::OwnFrames);
    LONGS_EQUAL(8 * 1024 * 1024, *read->capture.ring_bytes);
    CHECK(read->capture.wanted == sporvakt::capture::Wanted::Handshakes);
    CHECK(read->web.listen == std::vector{*Endpoint::from_text("127.0.0.1:8080")});
    STRCMP_EQUAL("/tmp/house", read->storage_dir.c_str());
    CHECK(read->list_files == (std::vector<std::string>{"a.txt", "b.mdb"}));
    CHECK((read->subscribed.entries ==
           std::vector<std::string>{"adaway", "https://lists.example/own.txt"}));
    CHECK(read->subscribed.update_every == std::chrono::hours(6));
    CHECK(read->subscribed.reach == sporvakt::firmware::Reach::Https);
}

TEST(Configuration, ForwardsAZoneToForwardersOfItsOwn) {
    const auto read = parse_configuration(R"(
[dns]
upstream = ["9.9.9.9@853#dns.quad9.net"]
[[dns.forward]]
zone = "lan.example"
upstream = ["10.0.0.1", "fd00::1@53"]
[[dns.forward]]
zone = "168.192.in-addr.arpa"
upstream = ["10.0.0.1"]
)",
                                          "sporvakt.toml");

    CHECK(read.has_value());
    const auto& zones = read->dns.upstream.zones;
    LONGS_EQUAL(2, zones.size());
    STRCMP_EQUAL("lan.example", zones[0].zone.text().c_str());
    CHECK(zones[0].forwarders ==
          (std::vector{*Forwarder::from_text("10.0.0.1@53"), *Forwarder::from_text("fd00::1@53")}));
    STRCMP_EQUAL("168.192.in-addr.arpa", zones[1].zone.text().c_str());
}

TEST(Configuration, ListensOnThisMachineAloneWhenNothingIsSaid) {
    const auto read = parse_configuration("", "sporvakt.toml");

    CHECK(read.has_value());
    CHECK(read->dns.listen == std::vector{*Endpoint::from_text("127.0.0.1:53")});
    CHECK(read->dns.upstream.forwarders.empty());
    CHECK(read->dns.upstream.zones.empty());
    STRCMP_EQUAL("/usr/share/dns/root.key", read->dns.upstream.trust_anchors.c_str());
    STRCMP_EQUAL("/etc/ssl/certs/ca-certificates.crt", read->dns.upstream.certificates.c_str());
    CHECK(read->web.listen == std::vector{*Endpoint::from_text("127.0.0.1:8080")});
    CHECK(read->capture.interfaces.empty());
    CHECK_FALSE(read->capture.reach.has_value());
    CHECK_FALSE(read->capture.ring_bytes.has_value());
    CHECK(read->capture.wanted == sporvakt::capture::Wanted::Bytes);
    STRCMP_EQUAL("/var/lib/sporvakt", read->storage_dir.c_str());
}

TEST(Configuration, ServesTheHouseAloneWhenNothingIsSaid) {
    const auto read = parse_configuration("", "sporvakt.toml");

    CHECK(read->dns.admission == sporvakt::dns::AdmissionSettings{});
    CHECK(read->dns.admission.allow_from == sporvakt::dns::home_networks());
}

TEST(Configuration, TakesNoughtForNoLimit) {
    const auto read = parse_configuration("[dns]\nrate_limit = 0\n", "sporvakt.toml");

    CHECK_FALSE(read->dns.admission.rate_limit.has_value());
}

TEST(Configuration, NamesTheLineAndTheRemedyOfEveryFault) {
    struct Fault {
        const char* text;
        const char* said;
    };
    constexpr std::array kFaults{
        Fault{"[dsn]\n",
              "sporvakt.toml:1: unknown section 'dsn'; known are dns, capture, gate, web"},
        Fault{"\nlisten = 1\n", "sporvakt.toml:2: unknown section 'listen'"},
        Fault{"[dns]\nlisen = []\n",
              "sporvakt.toml:2: unknown key 'lisen' in [dns]; known are "
              "listen, upstream, listen_tls, tls_certificate, tls_key, upstream_certificates"},
        Fault{"[dns]\ndnstap = \"dnstap.sock\"\n",
              "sporvakt.toml:2: dns.dnstap must be the whole path of a Unix socket"},
        Fault{"[dns]\ndnstap = true\n", "sporvakt.toml:2: dns.dnstap must be a text in quotes"},
        Fault{"dns = 1\n", "sporvakt.toml:1: 'dns' must be a section; write [dns]"},
        Fault{"[dns]\nlisten = \"127.0.0.1:53\"\n", "sporvakt.toml:2: dns.listen must be a list"},
        Fault{"[dns]\nlisten = []\n", "sporvakt.toml:2: dns.listen is empty"},
        Fault{"[dns]\nlisten = [\n53]\n", "sporvakt.toml:3: dns.listen: every entry must be"},
        Fault{"[dns]\nlisten = [\"127.0.0.1\"]\n",
              "sporvakt.toml:2: dns.listen: '127.0.0.1' is "
              "not an address with a port; write"},
        Fault{"[dns]\nlisten = [\"127.0.0.1:0\"]\n", "is not an address with a port"},
        Fault{"[dns]\nlisten = [\"127.0.0.1:65536\"]\n", "is not an address with a port"},
        Fault{"[dns]\nlisten = [\"[::1]:53\", \"[::1]:53\"]\n", "stands there twice"},
        Fault{"[dns]\nlisten = [\"::1:53\"]\n", "is not an address with a port"},
        Fault{"[dns]\ntls_key = \"/etc/k.pem\"\n",
              "sporvakt.toml:1: dns.tls_certificate and dns.tls_key belong together"},
        Fault{"[dns]\nlisten_tls = [\"192.168.1.1\"]\n",
              "sporvakt.toml:2: dns.listen_tls: '192.168.1.1' is not an address with a port"},
        Fault{"[dns]\nallow_from = [\n\"10.0.0.0/8\",\n\"192.168.1.7/24\"]\n",
              "sporvakt.toml:4: dns.allow_from: '192.168.1.7/24' is not a network"},
        Fault{"[dns]\nallow_from = \"10.0.0.0/8\"\n", "dns.allow_from must be a list of texts"},
        Fault{"[dns]\nrate_limit_exempt = [\"the TV\"]\n",
              "sporvakt.toml:2: dns.rate_limit_exempt: 'the TV' is not a network"},
        Fault{"[dns]\nrate_limit = -1\n", "sporvakt.toml:2: dns.rate_limit must be a whole number"},
        Fault{"[dns]\nrate_limit = 100001\n", "dns.rate_limit must be a whole number"},
        Fault{"[dns]\nrate_limit = 0.5\n", "dns.rate_limit must be a whole number"},
        Fault{"[dns]\nrate_limit_action = \"drop\"\n",
              "dns.rate_limit_action must be \"truncate\" or \"refuse\""},
        Fault{"[dns]\nupstream = [\"dns.example\"]\n",
              "sporvakt.toml:2: dns.upstream: "
              "'dns.example' is not an address"},
        Fault{"[dns]\nupstream = [\"192.0.2.1@0\"]\n", "is not an address of a resolver"},
        Fault{"[dns]\nupstream = [\n\"9.9.9.9@853\"]\n",
              "sporvakt.toml:3: dns.upstream: '9.9.9.9@853' is DNS over TLS without the name that "
              "the certificate must be for; write \"9.9.9.9@853#NAME\""},
        Fault{"[dns]\nupstream = [\"9.9.9.9#dns.quad9.net\",\n\"192.0.2.1\"]\n",
              "sporvakt.toml:3: dns.upstream: '192.0.2.1' differs from those before it"},
        Fault{"[dns]\nupstream_certificates = 1\n", "dns.upstream_certificates must be a text"},
        Fault{"[dns]\ndnssec = \"no\"\n", "sporvakt.toml:2: dns.dnssec must be true or false"},
        Fault{"[dns]\nrebinding_allowed = [\"a b\"]\n",
              "dns.rebinding_allowed: 'a b' is not a domain name"},
        Fault{"[dns]\nforward = \"lan.example\"\n",
              "sporvakt.toml:2: dns.forward must be written as [[dns.forward]]"},
        Fault{"[[dns.forward]]\nzone = \"lan\"\n", "sporvakt.toml:1: [[dns.forward]] needs both"},
        Fault{"[[dns.forward]]\nupstream = [\"10.0.0.1\"]\n",
              "sporvakt.toml:1: [[dns.forward]] needs both"},
        Fault{"[[dns.forward]]\nzone = \"la\\\"n\"\n",
              "sporvakt.toml:2: dns.forward.zone must be a domain name"},
        Fault{"[[dns.forward]]\nzone = \"lan\"\nupstream = [\"name\"]\n",
              "sporvakt.toml:3: dns.forward.upstream: 'name' is not an address"},
        Fault{"[[dns.forward]]\nzone = \"lan\"\nvia = 1\n",
              "sporvakt.toml:3: unknown key 'via' in [[dns.forward]]; known are zone, upstream"},
        Fault{"[[dns.forward]]\nzone = \"lan\"\nupstream = [\"10.0.0.1\"]\n"
              "[[dns.forward]]\nzone = \"LAN.\"\nupstream = [\"10.0.0.2\"]\n",
              "sporvakt.toml:4: dns.forward: zone 'lan' stands there twice"},
        Fault{"[capture]\ninterfaces = [\"a name of no card\"]\n", "cannot be a network interface"},
        Fault{"[capture]\ninterfaces = [\"abcdefghijklmnop\"]\n", "cannot be a network interface"},
        Fault{"[capture]\ninterfaces = [\"\"]\n", "cannot be a network interface"},
        Fault{"[capture]\ninterfaces = [\"eth0\", \"eth0\"]\n", "'eth0' stands there twice"},
        Fault{"[capture]\ninterfaces = "
              "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"a\",\"b\","
              "\"c\",\"d\",\"e\",\"f\",\"g\",\"h\"]\n",
              "17 are too many; at most 16"},
        Fault{"[capture]\npromiscuous = true\n", "must be \"auto\", \"always\" or \"never\""},
        Fault{"[capture]\nring_mb = 0\n", "megabytes from 1 to 512"},
        Fault{"[capture]\nbytes = \"no\"\n", "capture.bytes must be true or false"},
        Fault{"[capture]\nfile = 3\n", "sporvakt.toml:2: capture.file must be a text"},
        Fault{"[capture]\nspeed = 0\n", "sporvakt.toml:2: capture.speed must be a number over 0"},
        Fault{"[capture]\nspeed = nan\n", "capture.speed must be a number"},
        Fault{"[capture]\nspeed = \"fast\"\n", "capture.speed must be a number"},
        Fault{"[capture]\nfile = \"a\"\ninterfaces = [\"b\"]\n", "exclude each other"},
        Fault{"[web]\nlisten = [\"localhost:80\"]\n",
              "sporvakt.toml:2: web.listen: 'localhost:80'"},
        Fault{"[storage]\ndir = \"\"\n", "sporvakt.toml:2: storage.dir must be a text"},
        Fault{"[ledger]\nkeeps = \"all\"\n", "sporvakt.toml:2: ledger.keeps must be \"full\""},
        Fault{"[ledger]\nkeeps = 1\n", "sporvakt.toml:2: ledger.keeps must be a text"},
        Fault{"[lists]\nfiles = [\"\"]\n", "sporvakt.toml:2: lists.files: an entry is empty"},
        Fault{"[lists]\nsubscriptions = \"adaway\"\n", "must be a list of texts"},
        Fault{"[lists]\nsubscriptions = [\"a\", \"a\"]\n", "'a' stands there twice"},
        Fault{"[lists]\nupdate_hours = 0\n", "whole number of hours from 1 to 720"},
        Fault{"[lists]\nupdate_hours = 0.5\n", "whole number of hours from 1 to 720"},
        Fault{"[dns\n", "sporvakt.toml:1: "},
        Fault{"[dns]\nlisten = [\"127.0.0.1:53\"]\nlisten = []\n", "sporvakt.toml:3: "},
    };

    for (const Fault& fault : kFaults) {
        STRCMP_CONTAINS(fault.said, fault_of(fault.text).c_str());
    }
}

TEST(Configuration, ReportsAllFaultsAtOnceALineEach) {
    const std::string faults = fault_of("[dns]\nlisten = 1\n[web]\nlisten = 2\n");

    STRCMP_CONTAINS("sporvakt.toml:2: dns.listen", faults.c_str());
    STRCMP_CONTAINS("\nsporvakt.toml:4: web.listen", faults.c_str());
}

TEST(Configuration, SaysWhichFileCannotBeRead) {
    const auto missing = read_configuration("/nowhere/sporvakt.toml");

    CHECK_FALSE(missing.has_value());
    STRCMP_CONTAINS("/nowhere/sporvakt.toml: cannot be read", missing.error().message.c_str());
    CHECK_FALSE(read_configuration("/").has_value());
}

TEST(Configuration, ReadsAFileFromDisk) {
    std::array<char, 32> path{"/tmp/sporvakt-toml-XXXXXX"};
    const int descriptor = ::mkstemp(path.data());
    ::close(descriptor);
    std::ofstream(path.data()) << "[storage]\ndir = \"here\"\n";

    const auto read = read_configuration(path.data());
    ::unlink(path.data());

    CHECK(read.has_value());
    STRCMP_EQUAL("here", read->storage_dir.c_str());
}

TEST(Configuration, TellsNobodyWhoLookedUpWhatUnlessAsked) {
    CHECK(parse_configuration("", "sporvakt.toml")->dns.dnstap.empty());
}

TEST(Configuration, RefusesASocketThatTheKernelCouldNotMake) {
    const auto read = parse_configuration("[dns]\ndnstap = \"/" + std::string(107, 'x') + "\"\n",
                                          "sporvakt.toml");

    STRCMP_CONTAINS("at most 107 characters", read.error().message.c_str());
}
