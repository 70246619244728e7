#include "dns/message/query.h"

#include "tests/support/dns/dns_builder.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::RecordType;
using sporvakt::test::DnsBuilder;

namespace {

std::string name_of(std::string_view asked) {
    const auto query = Query::parse(DnsBuilder::query(asked, 1).build());
    return query ? std::string(query->name()) : "(refused)";
}

bool is_refused_as(QueryFault fault, const std::vector<std::uint8_t>& message) {
    const auto query = Query::parse(message);
    return !query && query.error() == fault;
}

}  // namespace

TEST_GROUP(Query){};

TEST(Query, TellsNameAndTypeInTheFormThatRulesUse) {
    const auto query = Query::parse(DnsBuilder::query("Pixel.Tracker.COM", 28).build());

    CHECK(query->name() == "pixel.tracker.com");
    CHECK(query->type() == RecordType::Aaaa);
    CHECK_FALSE(query->has_edns());
}

TEST(Query, KeepsTheQuestionAsItWasSpelt) {
    const auto message = DnsBuilder::query("ShOp.Example", 1).build();
    const auto query = Query::parse(message);

    const Bytes question = query->question();
    CHECK(std::vector<std::uint8_t>(question.begin(), question.end()) ==
          std::vector<std::uint8_t>(message.begin() + 12, message.end()));
}

TEST(Query, IsRefusedAtEveryLengthShortOfTheWhole) {
    const auto whole =
        DnsBuilder::query("pixel.tracker.com", 1).edns(1232, 0, {0, 10, 0, 0}).build();

    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto query = Query::parse(Bytes(whole).first(length));
        CHECK_FALSE(query.has_value());
        CHECK(query.error() == (length < 12 ? QueryFault::TooShort : QueryFault::CutShort));
    }
}

TEST(Query, IsRefusedWithBytesBehindItsEnd) {
    auto message = DnsBuilder::query("a.example", 1).build();
    message.push_back(0);

    CHECK_TRUE(is_refused_as(QueryFault::TrailingBytes, message));
}

TEST(Query, IsNoReplyAndNoOtherOpcode) {
    CHECK_TRUE(is_refused_as(QueryFault::IsReply, DnsBuilder::reply("a.example", 1).build()));
    CHECK_TRUE(
        is_refused_as(QueryFault::Opcode, DnsBuilder::query("a.example", 1).flags(0x2800).build()));
}

TEST(Query, AsksExactlyOneQuestion) {
    CHECK_TRUE(is_refused_as(QueryFault::QuestionCount, DnsBuilder(0x0100).build()));
    CHECK_TRUE(is_refused_as(QueryFault::QuestionCount,
                             DnsBuilder::query("a.example", 1).question("b.example", 1).build()));
}

TEST(Query, CarriesNoAnswers) {
    CHECK_TRUE(
        is_refused_as(QueryFault::ExtraRecords,
                      DnsBuilder::query("a.example", 1).a("a.example", {1, 2, 3, 4}).build()));
}

TEST(Query, MayNotPointElsewhereForItsName) {
    auto message = DnsBuilder::query("a.example", 1).build();
    message[12] = 0xc0;

    CHECK_TRUE(is_refused_as(QueryFault::BadName, message));
}

TEST(Query, TakesNamesUpTo255BytesOnTheWire) {
    const std::string label(63, 'x');
    const std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'y');

    STRCMP_EQUAL(longest.c_str(), name_of(longest).c_str());
    CHECK_TRUE(is_refused_as(QueryFault::BadName, DnsBuilder::query(longest + "y", 1).build()));
}

TEST(Query, MayAskForTheRoot) {
    const auto query = Query::parse(DnsBuilder::query("", 2).build());

    CHECK_TRUE(query->name().empty());
    STRCMP_EQUAL(".", query->escaped_name().c_str());
}

TEST(Query, NeverTakesADotInsideALabelForTwoLabels) {
    auto message = DnsBuilder::query("axb.example", 1).build();
    message[14] = '.';
    const auto query = Query::parse(message);

    CHECK_TRUE(query->has_odd_label());
    CHECK(query->name() == "example");
    STRCMP_EQUAL("a\\046b.example.", query->escaped_name().c_str());
}

TEST(Query, EscapesWhatTextGivesAMeaning) {
    const auto query = Query::parse(DnsBuilder::query("My Printer;1._ipp.example", 12).build());

    STRCMP_EQUAL("my\\032printer\\0591._ipp.example.", query->escaped_name().c_str());
}

TEST(Query, UnderstandsEdns) {
    const auto query = Query::parse(DnsBuilder::query("a.example", 1).edns(4096, 0x8000).build());

    CHECK_TRUE(query->has_edns());
    CHECK_TRUE(query->dnssec_ok());
    LONGS_EQUAL(0, query->edns_version());
    LONGS_EQUAL(1232, query->udp_answer_max());
}

TEST(Query, NeverTakesLessThan512BytesForTheClientsLimit) {
    const auto query = Query::parse(DnsBuilder::query("a.example", 1).edns(100).build());

    LONGS_EQUAL(512, query->udp_answer_max());
}

TEST(Query, HasOneOptRecordAtMostAndAWholeOne) {
    CHECK_TRUE(is_refused_as(QueryFault::BadEdns,
                             DnsBuilder::query("a.example", 1).edns().edns().build()));
    CHECK_TRUE(
        is_refused_as(QueryFault::BadEdns,
                      DnsBuilder::query("a.example", 1).edns(1232, 0, {0, 10, 0, 9, 1}).build()));
    CHECK_TRUE(is_refused_as(QueryFault::BadEdns,
                             DnsBuilder::query("a.example", 1).additional("x", 41, {}).build()));
}

TEST(Query, IsFoundAgainWhateverItsLetterCase) {
    const auto one = Query::parse(DnsBuilder::query("Shop.Example", 1).build());
    const auto other = Query::parse(DnsBuilder::query("sHOP.eXAMPLE", 1).edns().build());
    const auto type = Query::parse(DnsBuilder::query("shop.example", 28).build());
    const auto unchecked = Query::parse(DnsBuilder::query("shop.example", 1).flags(0x0110).build());

    CHECK(one->key().text() == other->key().text());
    CHECK(one->key().text() != type->key().text());
    CHECK(one->key().text() != unchecked->key().text());
}

TEST(Query, CanBeAboutAnotherName) {
    const Query query =
        *Query::parse(DnsBuilder::query("Long.Name.example", 28).edns(4096, 0x8000).build());

    const Query other = query.about(WireName("b.example"));

    STRCMP_EQUAL("b.example", std::string(other.name()).c_str());
    STRCMP_EQUAL("b.example.", other.escaped_name().c_str());
    CHECK(other.type() == query.type());
    LONGS_EQUAL(query.id(), other.id());
    CHECK_TRUE(other.dnssec_ok());
    const Query same = *Query::parse(DnsBuilder::query("b.example", 28).build());
    CHECK(other.key().text() == same.key().text());
}
