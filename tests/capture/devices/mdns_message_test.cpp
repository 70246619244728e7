#include "capture/devices/mdns_message.h"

#include "core/base/byte_writer.h"
#include "tests/support/packets/lan_messages.h"

#include <string>
#include <string_view>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::test;
using capture::MdnsAnnouncement;
using capture::parse_mdns;

namespace {

constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kPtr = 12;
constexpr std::uint16_t kTxt = 16;
constexpr std::uint16_t kAaaa = 28;
constexpr std::uint16_t kSrv = 33;
constexpr std::uint32_t kTtl = 4500;

Octets instance(std::string_view name, std::string_view service) {
    return dns_name({name, service, "_tcp", "local"});
}

/// PTR of a service to its instance.
Octets pointer(std::string_view name, std::string_view service, std::uint32_t ttl = kTtl) {
    return dns_record(dns_name({service, "_tcp", "local"}), kPtr, ttl, instance(name, service));
}

Octets host(std::string_view name, std::string_view address) {
    const bool is_v6 = address.find(':') != std::string_view::npos;
    return dns_record(dns_name({name, "local"}), is_v6 ? kAaaa : kA, kTtl, address_octets(address));
}

Octets txt(const Octets& owner, std::string_view text) {
    return dns_record(owner, kTxt, kTtl,
                      ByteWriter().u8(static_cast<std::uint8_t>(text.size())).text(text).result());
}

Octets announcement(const std::vector<Octets>& answers) {
    DnsSections sections;
    sections.answers = answers;
    return dns_message(sections);
}

std::string name_in(const std::vector<Octets>& answers) {
    return parse_mdns(announcement(answers))->name;
}

void check_name(const std::string& expected, const std::vector<Octets>& answers) {
    STRCMP_EQUAL(expected.c_str(), name_in(answers).c_str());
}

}  // namespace

TEST_GROUP(MdnsMessage){};

TEST(MdnsMessage, NamesTheDeviceAsPeopleDid) {
    check_name("Kitchen Plug", {pointer("Kitchen Plug", "_hap")});
    check_name("Noras høyttaler (2)", {pointer("Noras høyttaler (2)", "_airplay")});
    check_name("Dr. Stue 2.0", {pointer("Dr. Stue 2.0", "_airplay")});  // dots in one label
}

TEST(MdnsMessage, SaysWhatTheDeviceIsAndOffers) {
    const auto read = parse_mdns(announcement(
        {pointer("Stua", "_airplay"), pointer("0123456789AB@Stua", "_raop"),
         pointer("Stua", "_airplay"), txt(instance("Stua", "_device-info"), "model=AppleTV11,1"),
         txt(instance("Stua", "_other"), "md=Another")}));

    STRCMP_EQUAL("AppleTV11,1", read->model.c_str());
    CHECK(read->services ==
          (std::vector<std::string>{"_airplay", "_raop", "_device-info", "_other"}));
}

TEST(MdnsMessage, GivesABoundedNumberOfServices) {
    std::vector<Octets> answers;
    for (std::size_t number = 0; number < 2 * capture::kMdnsServiceCountMax; ++number) {
        answers.push_back(pointer("Stua", "_service" + std::to_string(number)));
    }
    CHECK_EQUAL(capture::kMdnsServiceCountMax, parse_mdns(announcement(answers))->services.size());
}

TEST(MdnsMessage, FindsTheNameAtRecordsOfTheInstanceToo) {
    check_name("Printer", {dns_record(instance("Printer", "_ipp"), kSrv, kTtl,
                                      Octets{0, 0, 0, 0, 2, 0x77} + dns_host("p.local"))});
    check_name("Printer", {txt(instance("Printer", "_ipp"), "txtvers=1")});
}

TEST(MdnsMessage, PrefersAFriendlyNameToAnInstanceAndThatToAHostName) {
    const Octets host_record = host("Chromecast-HD", "192.168.1.30");
    const Octets other = pointer("A thing", "_unheard-of");
    const Octets named = pointer("Stua", "_airplay");
    const Octets friendly =
        txt(instance("Chromecast-0123456789abcdef", "_googlecast"), "fn=Stue-TV");
    check_name("Chromecast-HD", {host_record});
    check_name("A thing", {host_record, other});
    check_name("Stua", {named, other, host_record});
    check_name("Stue-TV", {host_record, friendly, named, other});
}

TEST(MdnsMessage, CutsWhatMachinesAddToAName) {
    check_name("Stua", {pointer("BEEF0123CAFE@Stua", "_raop")});
    check_name("server", {pointer("server [3c:22:fb:12:34:01]", "_workstation")});
}

TEST(MdnsMessage, TakesNoNameThatAMachineMadeUp) {
    check_name("", {host("b3c9f2e1-5d1c-4a2b-9c11-0a1b2c3d4e5f", "192.168.1.30")});  // WebRTC
    check_name("", {pointer("0123456789ABCDEF-00000000000000AA", "_matter")});
    check_name("", {pointer("70-35-60-63.1 Stua", "_sleep-proxy")});
    check_name("", {pointer("aa:bb:cc:dd:ee:ff@fe80::1", "_apple-mobdev2")});
    check_name("deadbeefs", {host("deadbeefs", "192.168.1.30")});  // a word, for want of a number
}

TEST(MdnsMessage, IsNotMistakenByListsOfServices) {
    check_name("", {dns_record(dns_name({"_services", "_dns-sd", "_udp", "local"}), kPtr, kTtl,
                               dns_name({"_hap", "_tcp", "local"}))});
    check_name("", {dns_record(dns_name({"_printer", "_sub", "_http", "_tcp", "local"}), kPtr, kTtl,
                               dns_name({"_http", "_tcp", "local"}))});
}

TEST(MdnsMessage, GivesTheAddressesOfItsHosts) {
    const auto parsed = parse_mdns(
        announcement({host("tv", "192.168.1.30"), host("tv", "fe80::1"),
                      dns_record(dns_name({"tv", "local"}), kA, kTtl, Octets{1, 2, 3}),
                      dns_record(dns_host("www.example.org"), kA, kTtl, Octets{1, 2, 3, 4})}));
    CHECK(parsed->addresses == (std::vector<IpAddress>{*IpAddress::from_text("192.168.1.30"),
                                                       *IpAddress::from_text("fe80::1")}));
}

TEST(MdnsMessage, IgnoresGoodbyes) {
    check_name("", {pointer("Kitchen Plug", "_hap", 0)});
}

TEST(MdnsMessage, IgnoresQuestionsAndTheAnswersThatTheAskerKnows) {
    DnsSections question;
    question.flags = 0;
    question.questions = {dns_name({"_hap", "_tcp", "local"}) + Octets{0, 12, 0, 1}};
    question.answers = {pointer("Somebody else", "_hap")};
    question.additionals = {pointer("Somebody else", "_hap")};
    STRCMP_EQUAL("", parse_mdns(dns_message(question))->name.c_str());
}

TEST(MdnsMessage, BelievesAProbeAboutItsSender) {
    DnsSections probe;
    probe.flags = 0;
    probe.questions = {dns_name({"tv", "local"}) + Octets{0, 255, 0, 1}};
    probe.authorities = {host("tv", "192.168.1.30")};
    STRCMP_EQUAL("tv", parse_mdns(dns_message(probe))->name.c_str());
}

TEST(MdnsMessage, ReadsAdditionalRecordsAndTheCacheFlushBit) {
    DnsSections sections;
    Octets flushed = pointer("Kitchen Plug", "_hap");
    flushed[dns_name({"_hap", "_tcp", "local"}).size() + 2] |= 0x80U;
    sections.additionals = {flushed};
    STRCMP_EQUAL("Kitchen Plug", parse_mdns(dns_message(sections))->name.c_str());
}

TEST(MdnsMessage, FollowsCompressedNames) {
    // Answer at offset 12: "_hap._tcp.local", PTR, whose target is "Plug" and a pointer to 12.
    const Octets target = Octets{4} + octets("Plug") + Octets{0xc0, 12};
    check_name("Plug", {dns_record(dns_name({"_hap", "_tcp", "local"}), kPtr, kTtl, target)});
}

TEST(MdnsMessage, RefusesPointersThatLeadForwardOrToThemselves) {
    for (const int low : {12, 13, 40, 255}) {
        const Octets owner{0xc0, static_cast<std::uint8_t>(low)};
        const auto parsed = parse_mdns(announcement({dns_record(owner, kA, kTtl, Octets(4))}));
        CHECK(parsed.error() == ParseError::Malformed);
    }
}

TEST(MdnsMessage, RefusesChainsOfPointers) {
    // A question section of one name whose bytes are pointers to each other, backwards.
    Octets chain{0};
    for (int i = 0; i < 20; ++i) {
        const auto to = static_cast<std::uint8_t>(i == 0 ? 12 : 13 + 2 * (i - 1));
        chain = chain + Octets{0xc0, to};
    }
    // Record one hides the chain in its data; record two starts at the end of it.
    DnsSections sections;
    const Octets head = dns_record(Octets{0}, 99, kTtl, chain);
    const std::size_t data_at = 12 + head.size() - chain.size();
    for (std::size_t i = 2; i < chain.size(); i += 2) {
        chain[i] = static_cast<std::uint8_t>(chain[i] + data_at - 12);
    }
    sections.answers = {
        dns_record(Octets{0}, 99, kTtl, chain),
        dns_record(Octets{0xc0, static_cast<std::uint8_t>(data_at + 39)}, kA, kTtl, Octets(4))};
    CHECK(parse_mdns(dns_message(sections)).error() == ParseError::Malformed);

    sections.answers[1] =
        dns_record(Octets{0xc0, static_cast<std::uint8_t>(data_at + 9)}, kA, kTtl, Octets(4));
    CHECK(parse_mdns(dns_message(sections)).has_value());
}

TEST(MdnsMessage, RefusesNamesOfMoreThan255Bytes) {
    const std::string label(63, 'a');
    const Octets name = dns_name({label, label, label, label});
    CHECK(parse_mdns(announcement({dns_record(name, kA, kTtl, Octets(4))})).error() ==
          ParseError::Malformed);
}

TEST(MdnsMessage, RefusesUnknownKindsOfLabels) {
    CHECK(parse_mdns(announcement({dns_record(Octets{0x41, 0}, kA, kTtl, Octets(4))})).error() ==
          ParseError::Malformed);
}

TEST(MdnsMessage, IsTruncatedAtEveryLengthShortOfTheWhole) {
    const Octets whole = announcement({pointer("Kitchen Plug", "_hap"), host("tv", "192.168.1.30"),
                                       txt(instance("Kitchen Plug", "_hap"), "md=S1")});
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK(parse_mdns(Bytes(whole).first(length)).error() == ParseError::Truncated);
    }
    STRCMP_EQUAL("Kitchen Plug", parse_mdns(whole)->name.c_str());
}

TEST(MdnsMessage, ReadsSoManyRecordsAndNoMore) {
    std::vector<Octets> answers(capture::kMdnsRecordCountMax, host("tv", "192.168.1.30"));
    answers.push_back(pointer("Too late", "_hap"));
    check_name("tv", answers);

    DnsSections flood;
    flood.questions.assign(capture::kMdnsRecordCountMax + 1, Octets{0, 0, 1, 0, 1});
    CHECK(parse_mdns(dns_message(flood)).error() == ParseError::LimitExceeded);
}

TEST(MdnsMessage, HasItsNameCleaned) {
    check_name("Kitchen Plug", {pointer("\x1bKitchen\n Plug\xff ", "_hap")});
    check_name("", {pointer("\x01\x02", "_hap")});
}
