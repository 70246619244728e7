#include "dns/message/common_reply.h"

#include "core/base/big_endian.h"
#include "dns/message/inspection.h"
#include "dns/message/wire.h"
#include "tests/support/dns/dns_builder.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::load16;
using sporvakt::RecordType;
using sporvakt::store16;
using sporvakt::store32;
using sporvakt::test::DnsBuilder;

using Octets = std::vector<std::uint8_t>;
using Texts = std::vector<std::string>;

namespace {

// Where the question's name begins, "shop.example", and its second label.
constexpr std::uint8_t kShopAt = 12;
constexpr std::uint8_t kExampleAt = 17;

Octets pointer_to(std::size_t at) {
    return {static_cast<std::uint8_t>(0xc0U | (at >> 8U)), static_cast<std::uint8_t>(at)};
}

Octets joined(Octets first, const Octets& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

/// A reply about shop.example with one answer that has `owner` as its name, byte for byte.
Octets reply_with(const Octets& owner, std::uint16_t type, const Octets& data) {
    Octets reply = DnsBuilder::reply("shop.example", 1).build();
    store16(reply, 6, 1);
    Octets fixed(10);
    store16(fixed, 0, type);
    store16(fixed, 2, 1);
    store32(fixed, 4, 300);
    store16(fixed, 8, static_cast<std::uint16_t>(data.size()));
    return joined(joined(joined(reply, owner), fixed), data);
}

bool is_left(const Octets& reply, RecordType type = RecordType::A) {
    return !read_common_reply(reply, type).has_value();
}

/// Both readers agree on everything, and on what the kept message says.
void check_agreement(const Octets& reply, RecordType type) {
    const auto common = read_common_reply(reply, type);
    const auto any = inspect_any_reply(reply, type);
    CHECK_TRUE(common.has_value());
    CHECK_TRUE(any.has_value());
    CHECK(common->targets == any->targets);
    CHECK(common->lifetime == any->lifetime);
    CHECK(common->leads_inside == any->leads_inside);
    LONGS_EQUAL(any->plain.ttls_at.size(), common->plain.ttls_at.size());
    CHECK(inspect_any_reply(common->plain.bytes, type)->plain.bytes == any->plain.bytes);
}

}  // namespace

TEST_GROUP(CommonReply){};

TEST(CommonReply, ReadsAliasesAndAddresses) {
    const auto reply = DnsBuilder::reply("shop.example", 1)
                           .ttl(60)
                           .cname("shop.example", "X.Tracker.example")
                           .ttl(300)
                           .cname("x.tracker.example", "y.cdn.example")
                           .a("y.cdn.example", {192, 168, 2, 1})
                           .additional("y.cdn.example", DnsBuilder::kAaaa, Octets(16, 0x20))
                           .edns()
                           .build();

    const auto answer = read_common_reply(reply, RecordType::A);

    CHECK(answer->targets == (Texts{"x.tracker.example", "y.cdn.example", "192.168.2.1",
                                    "2020:2020:2020:2020:2020:2020:2020:2020"}));
    LONGS_EQUAL(60, answer->lifetime.count());
    CHECK_TRUE(answer->leads_inside);
    check_agreement(reply, RecordType::A);
}

TEST(CommonReply, ReadsThatThereIsNone) {
    for (const unsigned rcode : {0U, 2U, 3U, 5U}) {
        const auto reply = DnsBuilder::reply("shop.example", 28)
                               .rcode(static_cast<std::uint16_t>(rcode))
                               .ttl(900)
                               .soa("example", 600)
                               .build();

        LONGS_EQUAL(rcode == 0 || rcode == 3 ? 600 : 0,
                    read_common_reply(reply, RecordType::Aaaa)->lifetime.count());
        check_agreement(reply, RecordType::Aaaa);
    }
}

TEST(CommonReply, TakesOffTheUpstreamsEdns) {
    const auto with = DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1});
    const auto answer = read_common_reply(DnsBuilder(with).edns(4096).build(), RecordType::A);
    const auto bare = read_common_reply(with.build(), RecordType::A);

    CHECK(answer->plain.bytes == bare->plain.bytes);
    LONGS_EQUAL(0, load16(answer->plain.bytes, 10));
}

TEST(CommonReply, FollowsPointersToNamesBeforeThem) {
    const Octets target = joined({3, 'c', 'd', 'n'}, pointer_to(kExampleAt));
    const auto reply = reply_with(pointer_to(kShopAt), DnsBuilder::kCname, target);

    CHECK(read_common_reply(reply, RecordType::A)->targets == (Texts{"cdn.example"}));
    check_agreement(reply, RecordType::A);
}

TEST(CommonReply, LeavesPointersToAnythingElse) {
    const Octets address{192, 0, 2, 1};
    const std::size_t owner_at = DnsBuilder::reply("shop.example", 1).build().size();
    const std::size_t ttl_at = owner_at + 2 + 4;
    for (const std::size_t target : {std::size_t{0}, std::size_t{kShopAt} + 1, owner_at - 5,
                                     owner_at, ttl_at, owner_at + 12}) {
        CHECK_TRUE(is_left(reply_with(pointer_to(target), DnsBuilder::kA, address)));
    }
    CHECK_FALSE(is_left(reply_with(pointer_to(kShopAt), DnsBuilder::kA, address)));
}

TEST(CommonReply, LeavesATargetThatReachesPastItsData) {
    Octets reply = reply_with(pointer_to(kShopAt), DnsBuilder::kCname, {3, 'c', 'd'});
    reply.insert(reply.end(), {'n', 0});

    CHECK_TRUE(is_left(reply));
}

TEST(CommonReply, LeavesNamesThatAreTooLong) {
    const std::string label(63, 'x');
    const auto long_name = label + "." + label + "." + label + "." + std::string(59, 'y');
    CHECK_FALSE(is_left(DnsBuilder::reply("a.example", 1).cname("a.example", long_name).build()));

    const auto owner = joined(Octets{2, 'z', 'z'}, pointer_to(kHeaderLength));
    Octets reply = DnsBuilder::reply(long_name, 1).build();
    store16(reply, 6, 1);
    const Octets rest{0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 1};

    CHECK_FALSE(is_left(joined(joined(reply, pointer_to(kHeaderLength)), rest)));
    CHECK_TRUE(is_left(joined(joined(reply, owner), rest)));
}

TEST(CommonReply, LeavesTargetsThatNoHostIsCalled) {
    for (const char* target : {"a b.example", "a\\b.example", "\xc3\xa6.example"}) {
        CHECK_TRUE(
            is_left(DnsBuilder::reply("shop.example", 1).cname("shop.example", target).build()));
    }
    const Octets dot_inside{3, 'a', '.', 'b', 0};
    CHECK_TRUE(is_left(reply_with(pointer_to(kShopAt), DnsBuilder::kCname, dot_inside)));
}

TEST(CommonReply, LeavesOtherRecordsToTheGeneralReader) {
    const auto reply = DnsBuilder::reply("shop.example", 1);
    CHECK_TRUE(
        is_left(DnsBuilder(reply).answer("shop.example", DnsBuilder::kTxt, {1, 'x'}).build()));
    CHECK_TRUE(is_left(DnsBuilder(reply).https("shop.example", "", 4, {192, 0, 2, 1}).build()));
    CHECK_TRUE(
        is_left(DnsBuilder(reply).answer("shop.example", DnsBuilder::kRrsig, Octets(20)).build()));
    CHECK_TRUE(is_left(DnsBuilder(reply).a("shop.example", {192, 0, 2}).build()));
    CHECK_TRUE(is_left(DnsBuilder(reply).edns().edns().build()));
    CHECK_TRUE(is_left(
        DnsBuilder(reply).edns().additional("x.example", DnsBuilder::kA, {1, 2, 3, 4}).build()));
}

TEST(CommonReply, LeavesMoreTargetsThanAreJudged) {
    DnsBuilder reply = DnsBuilder::reply("shop.example", 1);
    for (std::size_t count = 0; count <= kTargetsMax; ++count) {
        reply.a("", {192, 0, 2, 1});
    }

    CHECK_TRUE(is_left(reply.build()));
}

TEST(CommonReply, LeavesWhatIsShortOfTheWholeOrLonger) {
    const auto whole = DnsBuilder::reply("shop.example", 1)
                           .cname("shop.example", "y.cdn.example")
                           .a("y.cdn.example", {192, 0, 2, 1})
                           .soa("example", 600)
                           .edns()
                           .build();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK_TRUE(
            is_left(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))));
    }
    CHECK_TRUE(is_left(joined(whole, {0})));
    CHECK_FALSE(is_left(whole));
}
