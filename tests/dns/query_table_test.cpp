// "What a query gets", row by row, from the whole resolver on loopback with a name server of our
// own for the Internet.  docs/architecture.md has the way of a query; these rows have their tests
// where their parts are: upstream down and stale, DNSSEC bogus (dns/upstream/), private addresses
// for public names (dns/answers/), clients over their limit (dns/serving/admission_test.cpp).

#include "dns/resolver.h"
#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_client.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_rig.h"
#include "tests/support/dns/encrypted_hello_record.h"
#include "tests/support/dns/fake_name_server.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::IpAddress;
using sporvakt::MacAddress;
using sporvakt::devices::Device;
using sporvakt::devices::DeviceId;
using sporvakt::devices::DeviceTable;
using sporvakt::policy::HouseholdRule;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsHouse;
using sporvakt::test::DnsReading;
using sporvakt::test::FakeNameServer;
using sporvakt::test::start_resolver;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(QueryTable) {
    DnsHouse house;
    FakeNameServer internet;
    ResolverSettings settings;
    std::unique_ptr<Resolver> resolver;

    void start() {
        settings.upstream.forwarders = {{internet.endpoint(), {}}};
        resolver = start_resolver(settings, house);
    }
    [[nodiscard]] DnsClient client() {
        if (!resolver) {
            start();
        }
        return DnsClient::udp(resolver->endpoints()[0]);
    }
    DnsReading send(const Octets& message) {
        return DnsReading(client().ask(message));
    }
    DnsReading ask(const DnsBuilder& query) {
        return send(query.build());
    }
    DnsReading ask(const std::string& name, std::uint16_t type) {
        return ask(DnsBuilder::query(name, type).edns());
    }
    void tell(const std::string& name, std::uint16_t type, const DnsBuilder& reply) {
        internet.tell(name, type, reply.build());
    }
    void tell_a(const std::string& name) {
        tell(name, 1, DnsBuilder::reply(name, 1).a(name, {192, 0, 2, 1}));
    }
    static void check_blocked(const DnsReading& answer) {
        CHECK(answer.data_of(1) == Octets(4));
        LONGS_EQUAL(15, answer.extended_error());
    }
    std::uint64_t counted(Count kind) const {
        return resolver->counts()[kind];
    }
};

// | blocked, A / AAAA |

TEST(QueryTable, BlockedAddressIsTheNullAddressWithListAndCompany) {
    const DnsReading v4 = ask("x.tracker.example", 1);
    const DnsReading v6 = ask("x.tracker.example", 28);

    check_blocked(v4);
    LONGS_EQUAL(10, v4.ttl_of(1));
    STRCMP_EQUAL(
        "The rule ||tracker.example^ of the list House list blocks it; tracker of Meta Platforms",
        v4.extended_text().c_str());
    CHECK(v6.data_of(28) == Octets(16));
    LONGS_EQUAL(15, v6.extended_error());
}

TEST(QueryTable, BlockedInModeNxdomain) {
    settings.answers.blocking.answer = BlockingMode::Answer::NoSuchName;

    const DnsReading answer = ask("x.tracker.example", 1);

    LONGS_EQUAL(3, answer.rcode());
    LONGS_EQUAL(10, answer.ttl_of(6));
    LONGS_EQUAL(15, answer.extended_error());
}

TEST(QueryTable, BlockedInModeNodata) {
    settings.answers.blocking.answer = BlockingMode::Answer::NoData;

    const DnsReading answer = ask("x.tracker.example", 1);

    LONGS_EQUAL(0, answer.rcode());
    LONGS_EQUAL(0, answer.answers());
    LONGS_EQUAL(15, answer.extended_error());
}

TEST(QueryTable, BlockedInModeRefused) {
    settings.answers.blocking.answer = BlockingMode::Answer::Refused;

    LONGS_EQUAL(5, ask("x.tracker.example", 1).rcode());
}

TEST(QueryTable, BlockedInModeOwnAddress) {
    settings.answers.blocking.answer = BlockingMode::Answer::OwnAddress;
    settings.answers.blocking.ipv4 = *IpAddress::from_text("192.168.1.1");

    CHECK(ask("x.tracker.example", 1).data_of(1) == (Octets{192, 168, 1, 1}));
    LONGS_EQUAL(0, ask("x.tracker.example", 28).answers());
}

// | blocked, any other type |

TEST(QueryTable, BlockedOtherTypesHaveNoDataAndNothingGoesUpstream) {
    for (const std::uint16_t type : {DnsBuilder::kHttps, DnsBuilder::kTxt}) {
        const DnsReading answer = ask("x.tracker.example", type);
        LONGS_EQUAL(0, answer.rcode());
        LONGS_EQUAL(0, answer.answers());
        LONGS_EQUAL(1, answer.authorities());
        LONGS_EQUAL(15, answer.extended_error());
    }
    LONGS_EQUAL(0, internet.asked("x.tracker.example"));
}

// | reply whose CNAME or SVCB target, or hint address, is judged blocked |

TEST(QueryTable, ReplyWithABlockedAliasIsBlockedAndTheDisguiseNamed) {
    tell("shop.example", 1,
         DnsBuilder::reply("shop.example", 1).cname("shop.example", "x.tracker.example"));
    tell_a("x.tracker.example");

    const DnsReading answer = ask("shop.example", 1);

    check_blocked(answer);
    STRCMP_CONTAINS("disguised: x.tracker.example", answer.extended_text().c_str());
}

TEST(QueryTable, ReplyWithABlockedServiceTargetIsBlocked) {
    tell("shop.example", 65,
         DnsBuilder::reply("shop.example", 65)
             .https("shop.example", "x.tracker.example", 4, {192, 0, 2, 1}));

    const DnsReading answer = ask("shop.example", 65);

    LONGS_EQUAL(0, answer.answers());
    LONGS_EQUAL(15, answer.extended_error());
}

TEST(QueryTable, ReplyWithABlockedHintAddressIsBlocked) {
    tell("shop.example", 65,
         DnsBuilder::reply("shop.example", 65).https("shop.example", "", 4, {192, 0, 2, 66}));

    LONGS_EQUAL(15, ask("shop.example", 65).extended_error());
}

TEST(QueryTable, ReplyFromTheCacheIsJudgedToo) {
    tell("shop.example", 1,
         DnsBuilder::reply("shop.example", 1).cname("shop.example", "www.other.example"));
    tell_a("www.other.example");
    LONGS_EQUAL(2, ask("shop.example", 1).answers());
    house.rule("other.example", HouseholdRule::Block);

    check_blocked(ask("shop.example", 1));
    LONGS_EQUAL(1, internet.asked("shop.example"));
}

TEST(QueryTable, AnAllowOnTheNameAskedForBeatsADisguise) {
    tell("shop.example", 1,
         DnsBuilder::reply("shop.example", 1).cname("shop.example", "x.tracker.example"));
    tell_a("x.tracker.example");
    house.rule("shop.example", HouseholdRule::Allow);

    LONGS_EQUAL(2, ask("shop.example", 1).answers());
}

// | allowed |

TEST(QueryTable, AllowedIsUpstreamsAnswerInTheLetterCaseAskedWithAgedTtl) {
    tell_a("shop.example");
    const auto query = DnsBuilder::query("ShOp.example", 1).edns();
    CHECK(ask(query).question() == DnsReading(query.build()).question());
    house.clock.turn(std::chrono::seconds(100));

    const DnsReading answer = ask(query);

    CHECK(answer.data_of(1) == (Octets{192, 0, 2, 1}));
    LONGS_EQUAL(200, answer.ttl_of(1));
    CHECK(answer.question() == DnsReading(query.build()).question());
    LONGS_EQUAL(0, answer.extended_error());
}

TEST(QueryTable, AllowedHasSignaturesOnlyWhenAskedFor) {
    Octets signature(18 + 1 + 64);
    signature[1] = 1;  // covers A
    signature[2] = 8;
    signature[3] = 2;
    const auto reply = DnsBuilder::reply("shop.example", 1)
                           .a("shop.example", {192, 0, 2, 1})
                           .answer("shop.example", DnsBuilder::kRrsig, signature);
    tell("shop.example", 1, reply);

    LONGS_EQUAL(2, ask(DnsBuilder::query("shop.example", 1).edns(1232, 0x8000)).answers());
    LONGS_EQUAL(1, ask(DnsBuilder::query("shop.example", 1).edns()).answers());
}

// | ANY |

TEST(QueryTable, AnyIsMinimal) {
    const DnsReading answer = ask("shop.example", DnsBuilder::kAny);

    LONGS_EQUAL(1, answer.answers());
    CHECK_TRUE(answer.first(13).has_value());
    LONGS_EQUAL(0, internet.asked("shop.example"));
}

// | QDCOUNT ≠ 1, broken names, trailing junk |

TEST(QueryTable, NotExactlyOneQuestionIsAFormatError) {
    LONGS_EQUAL(1, ask(DnsBuilder(0x0100)).rcode());
    LONGS_EQUAL(1, ask(DnsBuilder::query("a.example", 1).question("b.example", 1)).rcode());
    LONGS_EQUAL(2, counted(Count::QuestionCount));
}

TEST(QueryTable, ABrokenNameIsAFormatError) {
    Octets message = DnsBuilder::query("shop.example", 1).build();
    message[12] = 0xc0;

    LONGS_EQUAL(1, send(message).rcode());
    LONGS_EQUAL(1, counted(Count::BadName));
}

TEST(QueryTable, TrailingBytesAreAFormatError) {
    Octets message = DnsBuilder::query("shop.example", 1).build();
    message.push_back(0);

    LONGS_EQUAL(1, send(message).rcode());
    LONGS_EQUAL(1, counted(Count::TrailingBytes));
}

// | QR=1 dropped; opcode ≠ QUERY: NOTIMP; class ≠ IN: REFUSED |

TEST(QueryTable, AReplyIsDropped) {
    DnsClient asking = client();
    asking.send(DnsBuilder::reply("a.example", 1).build());

    // What is answered next is the question behind it.
    LONGS_EQUAL(77, DnsReading(asking.ask(DnsBuilder::query("localhost", 1).id(77).build())).id());
    LONGS_EQUAL(1, counted(Count::IsReply));
}

TEST(QueryTable, AnotherOpcodeIsNotImplemented) {
    LONGS_EQUAL(4, ask(DnsBuilder::query("a.example", 1).flags(0x2900)).rcode());
}

TEST(QueryTable, AnotherClassIsRefused) {
    LONGS_EQUAL(5, ask(DnsBuilder(0x0100).question("version.bind", DnsBuilder::kTxt, 3)).rcode());
}

// | EDNS version > 0: BADVERS; our UDP size is 1232; larger answers set TC; TCP |

TEST(QueryTable, ANewerEdnsIsABadVersionAndOurSizeIs1232) {
    const DnsReading answer = ask(DnsBuilder::query("a.example", 1).edns(1232, 0x00010000));

    const auto options = *answer.first(DnsBuilder::kOpt);
    LONGS_EQUAL(0, answer.rcode());
    LONGS_EQUAL(1, answer.ttl_of(DnsBuilder::kOpt) >> 24U);  // the upper half of 16
    LONGS_EQUAL(1232, options.record_class);
}

TEST(QueryTable, AnAnswerOver1232BytesIsTruncatedAndWholeOverTcp) {
    auto reply = DnsBuilder::reply("big.example", DnsBuilder::kTxt);
    for (std::uint8_t record = 0; record < 8; ++record) {
        Octets text(201, 'x');
        text[0] = 200;
        text[1] = static_cast<std::uint8_t>('a' + record);
        reply.answer("big.example", DnsBuilder::kTxt, text);
    }
    tell("big.example", DnsBuilder::kTxt, reply);
    const auto query = DnsBuilder::query("big.example", DnsBuilder::kTxt).edns(4096);

    const DnsReading over_udp = ask(query);

    CHECK_TRUE(over_udp.is_truncated());
    CHECK_TRUE(over_udp.size() <= 1232);
    DnsClient tcp = DnsClient::tcp(resolver->endpoints()[0]);
    tcp.send(DnsClient::framed(query.build()));
    const DnsReading over_tcp(tcp.receive_framed());
    LONGS_EQUAL(8, over_tcp.answers());
    CHECK_FALSE(over_tcp.is_truncated());
}

TEST(QueryTable, TcpAnswersOutOfOrder) {
    tell_a("slow.example");
    internet.hold();
    start();
    DnsClient tcp = DnsClient::tcp(resolver->endpoints()[0]);
    tcp.send(DnsClient::framed(DnsBuilder::query("slow.example", 1).id(1).build()));
    tcp.send(DnsClient::framed(DnsBuilder::query("localhost", 1).id(2).build()));

    LONGS_EQUAL(2, DnsReading(tcp.receive_framed()).id());
    internet.release();
    LONGS_EQUAL(1, DnsReading(tcp.receive_framed()).id());
}

// | use-application-dns.net, mask.icloud.com, mask-h2.icloud.com |

TEST(QueryTable, CanaryNamesAreAnsweredAsTheirMakersAsk) {
    LONGS_EQUAL(3, ask("use-application-dns.net", 1).rcode());
    for (const char* name : {"mask.icloud.com", "mask-h2.icloud.com"}) {
        LONGS_EQUAL(0, ask(name, 1).rcode());
        LONGS_EQUAL(0, ask(name, 1).answers());
    }
}

TEST(QueryTable, CanaryNamesThatAreTurnedOffAreOrdinary) {
    settings.answers.canary_names.answered.fill(false);
    for (const auto name : kCanaryNames) {
        tell_a(std::string(name));
        LONGS_EQUAL(1, ask(std::string(name), 1).answers());
    }
}

// | _dns.resolver.arpa, resolver.arpa |

TEST(QueryTable, ResolverArpaIsAnsweredHereAndNeverForwarded) {
    LONGS_EQUAL(0, ask("_dns.resolver.arpa", 64).rcode());
    LONGS_EQUAL(0, ask("resolver.arpa", 64).answers());
    LONGS_EQUAL(0, internet.asked("_dns.resolver.arpa") + internet.asked("resolver.arpa"));
}

// | special-use names, private PTR |

TEST(QueryTable, SpecialUseNamesNeverReachTheInternet) {
    CHECK(ask("localhost", 1).data_of(1) == (Octets{127, 0, 0, 1}));
    CHECK(ask("ipv4only.arpa", 1).data_of(1) == (Octets{192, 0, 0, 170}));
    for (const char* name : {"a.test", "a.invalid", "a.onion", "a.local", "a.home.arpa"}) {
        LONGS_EQUAL(3, ask(name, 1).rcode());
        LONGS_EQUAL(0, internet.asked(name));
    }
}

TEST(QueryTable, PrivateAddressesOfNobodyAreNotTurnedIntoNamesByTheInternet) {
    LONGS_EQUAL(3, ask("9.1.168.192.in-addr.arpa", 12).rcode());
    LONGS_EQUAL(0, internet.asked("9.1.168.192.in-addr.arpa"));
}

// | names of local devices |

TEST(QueryTable, NamesOfLocalDevicesBothWays) {
    Device phone;
    phone.id = DeviceId(*MacAddress::from_text("02:00:00:00:00:01"));
    phone.given_name = "Kari sin telefon";
    phone.addresses = {*IpAddress::from_text("192.168.1.20"), *IpAddress::from_text("fd00::20")};
    house.local_names.publish(std::make_shared<const LocalNames>(
        LocalDomain{}, std::vector{*IpAddress::from_text("192.168.1.1")},
        std::make_shared<const DeviceTable>(std::vector{phone})));

    CHECK(ask("kari-sin-telefon.home.arpa", 1).data_of(1) == (Octets{192, 168, 1, 20}));
    CHECK(ask("kari-sin-telefon", 1).data_of(1) == (Octets{192, 168, 1, 20}));
    LONGS_EQUAL(0x20, ask("kari-sin-telefon.home.arpa", 28).data_of(28).at(15));
    CHECK(ask("20.1.168.192.in-addr.arpa", 12).data_of(12) ==
          DnsBuilder::wire_name("kari-sin-telefon.home.arpa"));
    CHECK(ask("sporvakt.home.arpa", 1).data_of(1) == (Octets{192, 168, 1, 1}));
    LONGS_EQUAL(0, ask("kari-sin-telefon.home.arpa", 16).rcode());
    LONGS_EQUAL(3, ask("unknown.home.arpa", 1).rcode());
    LONGS_EQUAL(0, internet.asked("kari-sin-telefon.home.arpa"));
}

// | ECH in HTTPS records |

TEST(QueryTable, EncryptedClientHelloIsPassedOn) {
    using sporvakt::test::Ech;
    using sporvakt::test::service_data;
    tell("shop.example", 65,
         DnsBuilder::reply("shop.example", 65)
             .answer("shop.example", 65, service_data(Ech::Present)));

    CHECK(ask("shop.example", 65).data_of(65) == service_data(Ech::Present));
}

TEST(QueryTable, EncryptedClientHelloIsStrippedWhereTheHouseholdWantsThat) {
    using sporvakt::test::Ech;
    using sporvakt::test::service_data;
    settings.answers.encrypted_hello = EncryptedHello::Stripped;
    tell("shop.example", 65,
         DnsBuilder::reply("shop.example", 65)
             .answer("shop.example", 65, service_data(Ech::Present)));

    CHECK(ask("shop.example", 65).data_of(65) == service_data(Ech::Absent));
    CHECK(ask("shop.example", 65).data_of(65) == service_data(Ech::Absent));  // from the cache
    LONGS_EQUAL(1, internet.asked("shop.example"));
}

TEST(QueryTable, EncryptedClientHelloIsStrippedForTheGroupThatWantsThat) {
    using sporvakt::test::Ech;
    using sporvakt::test::service_data;
    sporvakt::policy::Group pupils{"school-class", "School class"};
    pupils.members = {{sporvakt::policy::Membership::By::Network, "127.0.0.0/8"}};
    pupils.answers.strip_ech = sporvakt::policy::AnswerWishes::Wish::Yes;
    house.group(pupils);
    tell("shop.example", 65,
         DnsBuilder::reply("shop.example", 65)
             .answer("shop.example", 65, service_data(Ech::Present)));

    CHECK(ask("shop.example", 65).data_of(65) == service_data(Ech::Absent));
    pupils.answers.strip_ech = sporvakt::policy::AnswerWishes::Wish::No;
    house.group(pupils);
    CHECK(ask("shop.example", 65).data_of(65) == service_data(Ech::Present));
    LONGS_EQUAL(1, internet.asked("shop.example"));
}

// | 100 equal questions at once |

TEST(QueryTable, AHundredEqualQuestionsMakeOneUpstream) {
    tell_a("shop.example");
    internet.hold();
    DnsClient asking = client();
    for (std::uint16_t id = 0; id < 100; ++id) {
        asking.send(DnsBuilder::query("shop.example", 1).id(id).build());
    }
    while (counted(Count::Joined) < 99) {
        std::this_thread::yield();
    }
    internet.release();

    for (int answered = 0; answered < 100; ++answered) {
        CHECK(DnsReading(asking.receive()).data_of(1) == (Octets{192, 0, 2, 1}));
    }
    LONGS_EQUAL(1, internet.asked("shop.example"));
}
