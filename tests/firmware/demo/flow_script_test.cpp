#include "firmware/demo/flow_script.h"

#include "capture/frame.h"
#include "capture/packet.h"

#include <algorithm>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace std::chrono_literals;
using firmware::demo::Direction;
using firmware::demo::FlowScript;
using firmware::demo::RecordedPacket;

TEST_GROUP(FlowScript) {
    std::vector<RecordedPacket> packets_;
    FlowScript script_{
        {"da:5e:10:3a:41:07", "192.168.10.21", "dc:a6:32:de:30:01", "203.0.113.10", 50000, 443},
        1s,
        packets_};

    [[nodiscard]] capture::Frame frame(std::size_t index) const {
        const RecordedPacket& recorded = packets_.at(index);
        const auto decoded = capture::decode_frame(
            {Timestamp{}, capture::LinkType::Ethernet, recorded.bytes, recorded.wire_length});
        CHECK(decoded.has_value());
        return *decoded;
    }
};

TEST(FlowScript, OpensAndClosesAConnection) {
    script_.open_tcp();
    script_.close_tcp();

    CHECK_EQUAL(6, packets_.size());
    CHECK_EQUAL(capture::kTcpSyn, frame(0).tcp_flags);
    CHECK_EQUAL(capture::kTcpSyn | capture::kTcpAck, frame(1).tcp_flags);
    CHECK_EQUAL(capture::kTcpAck, frame(2).tcp_flags);
    CHECK_TRUE(frame(3).has_flags(capture::kTcpFin | capture::kTcpAck));
    CHECK_TRUE(frame(4).has_flags(capture::kTcpFin | capture::kTcpAck));
    CHECK_EQUAL(frame(0).tcp_sequence + 1, frame(2).tcp_sequence);
    CHECK_EQUAL(frame(3).tcp_sequence + 1, frame(5).tcp_sequence);
}

TEST(FlowScript, NamesBothEndsInEachDirection) {
    script_.open_tcp();

    CHECK(frame(0).source == *IpAddress::from_text("192.168.10.21"));
    CHECK(frame(0).source_mac == *MacAddress::from_text("da:5e:10:3a:41:07"));
    CHECK_EQUAL(443, frame(0).destination_port);
    CHECK(frame(1).source == *IpAddress::from_text("203.0.113.10"));
    CHECK(frame(1).source_mac == *MacAddress::from_text("dc:a6:32:de:30:01"));
    CHECK_EQUAL(50000, frame(1).destination_port);
}

TEST(FlowScript, CutsPayloadIntoSegmentsThatFollowEachOther) {
    std::vector<std::uint8_t> payload(3000);
    for (std::size_t i = 0; i < payload.size(); ++i) {
        payload[i] = static_cast<std::uint8_t>(i % 251);
    }
    script_.send(Direction::Up, payload);

    std::vector<std::uint8_t> received;
    std::uint32_t next = frame(0).tcp_sequence;
    for (std::size_t i = 0; i < packets_.size(); ++i) {
        const capture::Frame seen = frame(i);
        if (seen.destination_port == 443) {
            CHECK_EQUAL(next, seen.tcp_sequence);
            received.insert(received.end(), seen.payload.begin(), seen.payload.end());
            next += seen.payload_length;
        }
    }
    CHECK(received == payload);
}

TEST(FlowScript, KeepsTheHeadersAloneOfWhatNobodyReads) {
    script_.send_sealed(Direction::Down, 1000);

    CHECK_EQUAL(1000, frame(0).payload_length);
    CHECK_EQUAL(14 + 20 + 20 + 1000, packets_[0].wire_length);
    CHECK_TRUE(packets_[0].bytes.size() <= 80);
}

TEST(FlowScript, SendsNothingWhenThereIsNothing) {
    script_.send_sealed(Direction::Up, 0);
    script_.sealed_datagrams(Direction::Up, 0);
    CHECK(packets_.empty());
}

TEST(FlowScript, SendsDatagrams) {
    script_.datagram(Direction::Up, {1, 2, 3});
    script_.sealed_datagrams(Direction::Down, 2500);

    CHECK_TRUE(frame(0).is_udp());
    CHECK_EQUAL(3, frame(0).payload_length);
    CHECK_EQUAL(4, packets_.size());
    CHECK_EQUAL(1200, frame(1).payload_length);
    CHECK_EQUAL(100, frame(3).payload_length);
}

TEST(FlowScript, LetsTimePass) {
    script_.open_tcp();
    script_.wait(1s);
    script_.send(Direction::Up, {1});

    const bool is_ordered = std::is_sorted(
        packets_.begin(), packets_.end(),
        [](const RecordedPacket& left, const RecordedPacket& right) { return left.at < right.at; });
    CHECK_TRUE(is_ordered);
    CHECK(packets_.front().at == 1s);
    CHECK(packets_[3].at - packets_[2].at >= 1s);
}
