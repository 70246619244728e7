#include "dns/serving/tcp_server.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_client.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_worker_rig.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <sys/resource.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::IpAddress;
using sporvakt::IpPrefix;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsReading;
using sporvakt::test::DnsWorkerRig;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(TcpServer) {
    DnsWorkerRig rig;

    void setup() override {
        rig.at_once["shop.example."] =
            DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build();
        rig.admission_settings.allow_from = {*IpPrefix::from_text("127.0.0.0/16")};
        rig.admission_settings.rate_limit = 50;
        rig.admission_settings.rate_limit_exempt = {*IpPrefix::from_text("127.0.0.1")};
        rig.start();
    }
    DnsClient connected_from(const std::string& address) {
        return DnsClient::tcp(rig.endpoint, *IpAddress::from_text(address));
    }
    DnsClient connected() {
        return DnsClient::tcp(rig.endpoint);
    }
    static Octets blocked_query(std::uint16_t id) {
        return DnsClient::framed(DnsBuilder::query("tracker.example", 1).id(id).build());
    }
};

TEST(TcpServer, AnswersManyQuestionsOnOneConnection) {
    DnsClient client = connected();
    Octets all;
    std::set<unsigned> expected;
    for (std::uint16_t id = 0; id < 300; ++id) {
        const Octets query = blocked_query(id);
        all.insert(all.end(), query.begin(), query.end());
        expected.insert(id);
    }
    client.send(all);

    for (std::uint16_t id = 0; id < 300; ++id) {
        expected.erase(DnsReading(client.receive_framed()).id());
    }
    CHECK_TRUE(expected.empty());
}

TEST(TcpServer, AnswersAQuestionThatComesByteByByte) {
    DnsClient client = connected();
    for (const std::uint8_t byte : blocked_query(9)) {
        client.send({byte});
    }

    LONGS_EQUAL(9, DnsReading(client.receive_framed()).id());
}

TEST(TcpServer, AnswersWhatTheInternetSays) {
    DnsClient client = connected();
    client.send(DnsClient::framed(DnsBuilder::query("shop.example", 1).build()));

    CHECK(DnsReading(client.receive_framed()).data_of(1) == (Octets{192, 0, 2, 1}));
}

TEST(TcpServer, AnswersAClientThatHasEndedItsSide) {
    DnsClient client = connected();
    client.send(blocked_query(3));
    client.end_sending();

    LONGS_EQUAL(3, DnsReading(client.receive_framed()).id());
    CHECK_TRUE(client.is_closed_by_server());
}

TEST(TcpServer, ClosesOnWhoDoesNotSpeakDns) {
    DnsClient scrap = connected();
    scrap.send({0, 3, 1, 2, 3});
    CHECK_TRUE(scrap.is_closed_by_server());

    DnsClient giant = connected();
    giant.send({0xff, 0xff, 1, 2, 3});
    CHECK_TRUE(giant.is_closed_by_server());
    LONGS_EQUAL(2, rig.counted(Count::TcpClosed));
}

TEST(TcpServer, ClosesOnTheSilent) {
    DnsClient silent = connected();
    rig.wait_for(Count::TcpConnections, 1);
    rig.house.clock.turn(kConnectionIdleMax + std::chrono::seconds(1));

    CHECK_TRUE(silent.is_closed_by_server());
}

TEST(TcpServer, LetsNoClientTakeAllConnections) {
    std::vector<DnsClient> clients;
    for (std::size_t count = 0; count <= TcpServer::kConnectionsOfClientMax; ++count) {
        clients.push_back(connected());
        rig.wait_for(Count::TcpConnections, count + 1);
        rig.house.clock.turn(std::chrono::milliseconds(1));
    }

    CHECK_TRUE(clients[0].is_closed_by_server());
    clients.back().send(blocked_query(4));
    LONGS_EQUAL(4, DnsReading(clients.back().receive_framed()).id());
}

TEST(TcpServer, MakesAClientOverItsLimitWaitAndOthersNot) {
    DnsClient hasty = connected_from("127.0.0.66");
    for (std::uint16_t id = 0; id < 300; ++id) {
        hasty.send(blocked_query(id));
    }
    for (std::uint16_t id = 0; id < 200; ++id) {
        LONGS_EQUAL(id, DnsReading(hasty.receive_framed()).id());
    }
    rig.wait_for(Count::OverLimit, 1);
    DnsClient calm = connected_from("127.0.0.9");
    calm.send(blocked_query(7));
    LONGS_EQUAL(7, DnsReading(calm.receive_framed()).id());
    LONGS_EQUAL(201, rig.counted(Count::Blocked));

    rig.house.clock.turn(std::chrono::seconds(2));  // a hundred more
    for (std::uint16_t id = 200; id < 300; ++id) {
        LONGS_EQUAL(id, DnsReading(hasty.receive_framed()).id());
    }
}

TEST(TcpServer, AnswersAllToAClientThatWaitsAndHasEndedItsSide) {
    DnsClient hasty = connected_from("127.0.0.66");
    for (std::uint16_t id = 0; id < 210; ++id) {
        hasty.send(blocked_query(id));
    }
    hasty.end_sending();
    rig.wait_for(Count::OverLimit, 1);
    rig.house.clock.turn(std::chrono::seconds(1));

    for (std::uint16_t id = 0; id < 210; ++id) {
        LONGS_EQUAL(id, DnsReading(hasty.receive_framed()).id());
    }
    CHECK_TRUE(hasty.is_closed_by_server());
}

TEST(TcpServer, RefusesWhoIsOutsideAndLetsThemTakeFewConnections) {
    DnsClient inside = connected_from("127.0.0.9");
    rig.wait_for(Count::TcpConnections, 1);
    std::vector<DnsClient> outside;
    for (std::size_t count = 0; count <= TcpServer::kConnectionsFromOutsideMax; ++count) {
        outside.push_back(connected_from("127.7.0." + std::to_string(count + 1)));
        rig.wait_for(Count::TcpConnections, count + 2);
        rig.house.clock.turn(std::chrono::milliseconds(1));
    }
    outside.back().send(blocked_query(4));
    LONGS_EQUAL(5, DnsReading(outside.back().receive_framed()).rcode());
    CHECK_TRUE(outside[0].is_closed_by_server());
    LONGS_EQUAL(1, rig.counted(Count::TcpClosed));
    inside.send(blocked_query(5));
    LONGS_EQUAL(5, DnsReading(inside.receive_framed()).id());
}

TEST(TcpServer, DoesNotReadFromWhoDoesNotTakeItsAnswers) {
    // More answers than all buffers between hold; the client reads only once all is sent.
    DnsClient client = connected();
    constexpr std::uint16_t kQuestions = 6000;
    std::thread sender([&] {
        for (std::uint16_t id = 0; id < kQuestions; ++id) {
            client.send(blocked_query(id));
        }
    });
    std::size_t answers = 0;
    while (answers < kQuestions && !client.receive_framed().empty()) {
        ++answers;
    }
    sender.join();

    LONGS_EQUAL(kQuestions, answers);
}

TEST(TcpServer, AnswersOutOfOrder) {
    DnsClient client = connected();
    client.send(DnsClient::framed(DnsBuilder::query("slow.example", 1).id(1).build()));
    rig.wait_for(Count::Asked, 1);
    client.send(blocked_query(2));

    LONGS_EQUAL(2, DnsReading(client.receive_framed()).id());
    rig.house.clock.turn(std::chrono::seconds(4));
    const DnsReading late(client.receive_framed());
    LONGS_EQUAL(1, late.id());
    LONGS_EQUAL(2, late.rcode());
}

TEST(TcpServer, ClosesOnWhoNeverFinishesAQuestion) {
    DnsClient endless = connected();
    endless.send({0, 40, 1, 2, 3});
    rig.wait_for(Count::TcpConnections, 1);
    rig.house.clock.turn(kConnectionIdleMax / 2);
    endless.send({4});  // a byte is no question
    rig.house.clock.turn(kConnectionIdleMax / 2 + std::chrono::seconds(1));

    CHECK_TRUE(endless.is_closed_by_server());
}

TEST(TcpServer, ServesOthersBesideAThousandIdleConnections) {
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = std::min<rlim_t>(4096, files.rlim_max);
    setrlimit(RLIMIT_NOFILE, &files);
    DnsClient busy = connected();
    std::vector<DnsClient> idle;
    for (std::uint16_t count = 1; count <= 1000; ++count) {
        idle.push_back(connected_from("127.0." + std::to_string(1 + count / 250) + "." +
                                      std::to_string(1 + count % 250)));
        CHECK_TRUE(idle.back().is_connected());
        if (count % 50 == 0) {
            rig.wait_for(Count::TcpConnections, 1U + count);
            rig.house.clock.turn(std::chrono::milliseconds(10));
            busy.send(blocked_query(count));
            LONGS_EQUAL(count, DnsReading(busy.receive_framed()).id());
        }
    }
    DnsClient fresh = connected();
    fresh.send(blocked_query(7));

    LONGS_EQUAL(7, DnsReading(fresh.receive_framed()).id());
    LONGS_EQUAL(1002 - TcpServer::kConnectionCountMax, rig.counted(Count::TcpClosed));
}

TEST(TcpServer, ServesOthersBesideSlowReaders) {
    std::vector<DnsClient> slow;
    for (int count = 0; count < 8; ++count) {
        slow.push_back(connected());
        for (std::uint16_t id = 0; id < 5000; ++id) {
            slow.back().send_some(blocked_query(id));
        }
    }
    DnsClient good = connected();
    good.send(blocked_query(7));
    LONGS_EQUAL(7, DnsReading(good.receive_framed()).id());
}
