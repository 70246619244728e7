#include "capture/sources/packet_source.h"

#include "tests/support/packets/capture_writer.h"
#include "tests/support/temporary_folder.h"

#include <array>
#include <cstring>
#include <fstream>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::Errc;
using sporvakt::Timestamp;
using std::chrono::milliseconds;

TEST_GROUP(PacketSource) {
    TemporaryFolder folder;
    std::string path = folder.file("test.pcap");
};

TEST(PacketSource, GivesThePacketsOfAFileThenItsEnd) {
    CaptureWriter(path).add(octets("first"), Timestamp(milliseconds(1500))).add(octets("second"));
    const auto source = *open_capture_file(path);

    const auto first = source->next();
    CHECK(first->arrival == Arrival::Packet);
    CHECK(first->packet.at == Timestamp(milliseconds(1500)));
    CHECK(first->packet.link == LinkType::Ethernet);
    LONGS_EQUAL(5, first->packet.wire_length);
    STRCMP_EQUAL("first", std::string(sporvakt::as_text(first->packet.bytes)).c_str());
    LONGS_EQUAL(6, source->next()->packet.bytes.size());
    CHECK(source->next()->arrival == Arrival::End);
}

TEST(PacketSource, SaysThatAFileIsCutShortAfterThePacketsThatAreWhole) {
    CaptureWriter(path).add(octets("first")).add(octets("second"));
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
    const auto source = *open_capture_file(path);

    CHECK(source->next()->arrival == Arrival::Packet);
    const auto second = source->next();
    CHECK(second.error().code == Errc::InvalidInput);
    STRCMP_CONTAINS("cut short", second.error().message.c_str());
    STRCMP_CONTAINS(path.c_str(), second.error().message.c_str());
}

TEST(PacketSource, SaysWhatToDoWithInterfacesOfDifferentLinkTypes) {
    std::ofstream file(path, std::ios::binary);
    const auto numbers = [&](std::initializer_list<std::uint32_t> values) {
        for (const std::uint32_t value : values) {
            std::array<char, sizeof value> bytes{};
            std::memcpy(bytes.data(), &value, sizeof value);
            file.write(bytes.data(), bytes.size());
        }
    };
    numbers({0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28});  // pcapng's section
    numbers({1, 20, 1, 0, 20});                                            // Ethernet
    numbers({1, 20, 113, 0, 20});                                          // cooked
    numbers({6, 36, 1, 0, 0, 4, 4, 0, 36});                                // a packet of that
    file.close();
    const auto source = *open_capture_file(path);
    const auto packet = source->next();

    STRCMP_CONTAINS("file of their own", packet.error().message.c_str());
    STRCMP_CONTAINS(path.c_str(), packet.error().message.c_str());
}

TEST(PacketSource, RefusesWhatIsNoCaptureOrNotThere) {
    CaptureWriter(path).add(octets("x"));
    std::filesystem::resize_file(path, 10);

    CHECK(open_capture_file(path).error().code == Errc::InvalidInput);
    STRCMP_CONTAINS("missing.pcap",
                    open_capture_file(folder.file("missing.pcap")).error().message.c_str());
}

TEST(PacketSource, KnowsTheLinkTypesThatCarryIp) {
    CHECK(link_type_of(0) == LinkType::Null);
    CHECK(link_type_of(1) == LinkType::Ethernet);
    CHECK(link_type_of(9) == LinkType::Ppp);
    CHECK(link_type_of(12) == LinkType::RawIp);
    CHECK(link_type_of(108) == LinkType::Loop);
    CHECK(link_type_of(113) == LinkType::LinuxSll);
    CHECK(link_type_of(239) == LinkType::Nflog);
    CHECK(link_type_of(276) == LinkType::LinuxSll2);
    CHECK(link_type_of(105) == LinkType::Unknown);  // Wi-Fi in monitor mode
}
