#include "capture/dns_answers.h"

#include "core/base/byte_writer.h"
#include "tests/support/packets/lan_messages.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::Bytes;
using sporvakt::ByteWriter;
using sporvakt::IpAddress;
using sporvakt::ParseError;
using sporvakt::RecordType;
using sporvakt::Timestamp;
using sporvakt::devices::DeviceId;

namespace {

constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kCname = 5;
constexpr std::uint16_t kAaaa = 28;
constexpr std::uint16_t kHttps = 65;
constexpr std::uint16_t kReply = 0x8180;

IpAddress ip(std::string_view text) {
    return *IpAddress::from_text(text);
}

Octets question(std::string_view name, std::uint16_t type) {
    ByteWriter out;
    out.bytes(dns_host(name)).u16(type).u16(1);
    return out.result();
}

Octets address_record(std::string_view name, std::string_view address) {
    return dns_record(dns_host(name), ip(address).family() == sporvakt::IpFamily::V4 ? kA : kAaaa,
                      60, address_octets(address));
}

Octets message(std::uint16_t flags, std::vector<Octets> questions,
               std::vector<Octets> answers = {}) {
    DnsSections sections;
    sections.flags = flags;
    sections.questions = std::move(questions);
    sections.answers = std::move(answers);
    return dns_message(sections);
}

Octets reply(std::string_view name, std::vector<Octets> answers, std::uint16_t flags = kReply) {
    return message(flags, {question(name, kA)}, std::move(answers));
}

Octets vector16(const Octets& content) {
    ByteWriter out;
    out.u16(static_cast<std::uint16_t>(content.size())).bytes(content);
    return out.result();
}

/// An HTTPS record's parameter (RFC 9460 §2.2).
Octets parameter(std::uint16_t key, const Octets& value) {
    ByteWriter out;
    out.u16(key).bytes(vector16(value));
    return out.result();
}

/// An ECHConfigList with one configuration for this front (RFC 9849 §4).
Octets ech_list(std::string_view public_name) {
    ByteWriter content;
    content.u8(7).u16(0x20).bytes(vector16(Octets(32, 9))).bytes(vector16({0, 1, 0, 1}));
    content.u8(0).u8(static_cast<std::uint8_t>(public_name.size())).text(public_name).u16(0);
    return vector16(Octets{0xfe, 0x0d} + vector16(content.result()));
}

Octets https_record(std::string_view name, const Octets& parameters) {
    return dns_record(dns_host(name), kHttps, 60, Octets{0, 1, 0} + parameters);
}

}  // namespace

TEST_GROUP(DnsAnswers) {
    NamePool names;
    DnsAnswers answers{names};
    DeviceId phone{*sporvakt::MacAddress::from_text("3c:22:fb:12:34:01")};
    DeviceId television{*sporvakt::MacAddress::from_text("3c:22:fb:12:34:02")};
    Timestamp start{std::chrono::hours(1000)};

    void learn(const DeviceId& device, const Octets& bytes) {
        const auto parsed = parse_dns_reply(bytes);
        CHECK_TRUE(parsed.has_value());
        answers.learn(device, *parsed, start);
    }
    void check_name(std::string_view expected, const DeviceId& device, std::string_view address) {
        const auto known = answers.name_of(device, ip(address), start);
        STRCMP_EQUAL(std::string(expected).c_str(),
                     known ? std::string(known->name.text()).c_str() : "nothing");
    }
    Certainty certainty_after(std::chrono::seconds time, std::string_view address) {
        return answers.name_of(phone, ip(address), start + time)->certainty;
    }
};

TEST(DnsAnswers, GiveTheNameAskedForThroughAliases) {
    learn(phone, reply("www.shop.example", {dns_record(dns_host("www.shop.example"), kCname, 60,
                                                       dns_host("edge.cdn.example")),
                                            address_record("edge.cdn.example", "203.0.113.7"),
                                            address_record("edge.cdn.example", "2001:db8::7")}));

    check_name("www.shop.example", phone, "203.0.113.7");
    check_name("www.shop.example", phone, "2001:db8::7");
    check_name("nothing", phone, "203.0.113.8");
}

TEST(DnsAnswers, AreEachDevicesOwn) {
    learn(phone, reply("a.example", {address_record("a.example", "203.0.113.7")}));
    learn(television, reply("b.example", {address_record("b.example", "203.0.113.7")}));

    check_name("a.example", phone, "203.0.113.7");
    check_name("b.example", television, "203.0.113.7");
}

TEST(DnsAnswers, GiveTheNameResolvedLast) {
    learn(phone, reply("a.example", {address_record("a.example", "203.0.113.7")}));
    learn(phone, reply("b.example", {address_record("b.example", "203.0.113.7")}));

    check_name("b.example", phone, "203.0.113.7");
}

TEST(DnsAnswers, AreUncertainOnceTheirTimeHasRunOut) {
    learn(phone, reply("a.example", {address_record("a.example", "203.0.113.7")}));  // 60 s
    const auto good = std::chrono::seconds(60) + DnsAnswers::kGrace;

    CHECK(certainty_after(good, "203.0.113.7") == Certainty::Likely);
    CHECK(certainty_after(good + std::chrono::seconds(1), "203.0.113.7") == Certainty::Uncertain);
}

TEST(DnsAnswers, TakeTheShortestTimeOnTheWayToAnAddress) {
    learn(phone, reply("www.shop.example", {dns_record(dns_host("www.shop.example"), kCname, 5,
                                                       dns_host("edge.cdn.example")),
                                            address_record("edge.cdn.example", "203.0.113.7")}));

    CHECK(certainty_after(std::chrono::seconds(6) + DnsAnswers::kGrace, "203.0.113.7") ==
          Certainty::Uncertain);
}

TEST(DnsAnswers, AreUncertainWhereNamesShareAnAddress) {
    learn(phone, reply("a.example", {address_record("a.example", "203.0.113.7")}));
    start += std::chrono::seconds(30);
    learn(phone, reply("b.example", {address_record("b.example", "203.0.113.7")}));
    CHECK(certainty_after(std::chrono::seconds(0), "203.0.113.7") == Certainty::Uncertain);

    // The first one's time runs out before the second's.
    const auto first_gone = std::chrono::seconds(31) + DnsAnswers::kGrace;
    CHECK(certainty_after(first_gone, "203.0.113.7") == Certainty::Likely);
    check_name("b.example", phone, "203.0.113.7");

    learn(phone, reply("b.example", {address_record("b.example", "203.0.113.9")}));
    learn(phone, reply("b.example", {address_record("b.example", "203.0.113.9")}));
    CHECK(certainty_after(std::chrono::seconds(0), "203.0.113.9") == Certainty::Likely);
}

TEST(DnsAnswers, OfOneDeviceDoNotCrowdOutOthers) {
    learn(television, reply("b.example", {address_record("b.example", "203.0.113.7")}));
    for (std::size_t i = 0; i < DnsAnswers::kAnswersMax; ++i) {
        const auto address = "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250);
        learn(phone, reply("a.example", {address_record("a.example", address)}));
    }

    check_name("b.example", television, "203.0.113.7");
    check_name("nothing", phone, "10.0.0.0");
    check_name("a.example", phone, "10.0.32.100");
}

TEST(DnsAnswers, AreForgottenAfterADay) {
    learn(phone, reply("a.example", {address_record("a.example", "203.0.113.7")}));

    CHECK_FALSE(
        answers.name_of(phone, ip("203.0.113.7"), start + std::chrono::hours(25)).has_value());
}

TEST(DnsAnswers, StayWithinTheirBoundAndKeepWhatIsUsed) {
    learn(phone, reply("kept.example", {address_record("kept.example", "203.0.113.7")}));
    for (std::size_t i = 0; i < DnsAnswers::kAnswersMax - 1; ++i) {
        const DeviceId device(
            ip("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)));
        answers.learn(
            device,
            *parse_dns_reply(reply("f.example", {address_record("f.example", "203.0.113.9")})),
            start);
    }
    check_name("kept.example", phone, "203.0.113.7");
    learn(television, reply("new.example", {address_record("new.example", "203.0.113.7")}));

    check_name("kept.example", phone, "203.0.113.7");
    CHECK_FALSE(answers.name_of(DeviceId(ip("10.0.0.0")), ip("203.0.113.9"), start).has_value());
}

TEST(DnsAnswers, KnowTheFrontsThatHttpsRecordsName) {
    learn(phone,
          reply("secret.example",
                {https_record("secret.example", parameter(4, address_octets("203.0.113.7")) +
                                                    parameter(5, ech_list("front.example")))}));

    CHECK_TRUE(answers.is_public_name("front.example"));
    CHECK_TRUE(answers.is_public_name("cloudflare-ech.com"));
    CHECK_FALSE(answers.is_public_name("secret.example"));
    check_name("secret.example", phone, "203.0.113.7");
}

TEST(DnsAnswers, TellARefusalFromAnAnswer) {
    const auto null = reply("ads.example", {address_record("ads.example", "0.0.0.0")});
    const auto null6 = reply("ads.example", {address_record("ads.example", "::")});
    const auto no_such_name = reply("ads.example", {}, kReply | 3U);
    const auto address = reply("ads.example", {address_record("ads.example", "203.0.113.7")});
    const auto nothing = reply("ads.example", {});

    CHECK_TRUE(parse_dns_reply(null)->is_refusal);
    CHECK_TRUE(parse_dns_reply(null6)->is_refusal);
    CHECK_TRUE(parse_dns_reply(no_such_name)->is_refusal);
    CHECK_FALSE(parse_dns_reply(address)->is_refusal);
    CHECK_FALSE(parse_dns_reply(nothing)->is_refusal);
}

TEST(DnsAnswers, FollowCompressedNames) {
    const Octets pointer{0xc0, 12};  // to the question's name
    const auto compressed =
        reply("a.example", {dns_record(pointer, kA, 60, address_octets("203.0.113.7"))});

    LONGS_EQUAL(1, parse_dns_reply(compressed)->addresses.size());
}

TEST(DnsAnswers, EndOnPointersThatGoInCircles) {
    const Octets itself{0xc0, 12};
    ByteWriter looping;
    looping.bytes(itself).u16(kA).u16(1);

    CHECK(parse_dns_reply(message(kReply, {looping.result()})).error() == ParseError::Malformed);
}

TEST(DnsAnswers, AreNotLearntFromQuestionsOrOtherMessages) {
    const auto query = message(0x0100, {question("a.example", kA)});
    const auto two = message(kReply, {question("a.example", kA), question("b.example", kA)});
    const auto odd = reply("two words.example", {});

    CHECK(parse_dns_reply(query).error() == ParseError::Malformed);
    CHECK(parse_dns_reply(two).error() == ParseError::Malformed);
    CHECK(parse_dns_reply(odd).error() == ParseError::Malformed);
}

TEST(DnsAnswers, TakeFromAReplyCutShortWhatCameBefore) {
    const auto whole = reply("a.example", {address_record("a.example", "203.0.113.7"),
                                           address_record("a.example", "203.0.113.8")});
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        const auto parsed = parse_dns_reply(Bytes(whole).first(length));
        const bool has_question = length >= 12 + 11 + 4;
        CHECK_EQUAL(has_question, parsed.has_value());
    }
    LONGS_EQUAL(1, parse_dns_reply(Bytes(whole).first(whole.size() - 1))->addresses.size());
}
