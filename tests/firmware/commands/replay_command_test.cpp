#include "firmware/commands/replay_command.h"

#include "firmware/commands/commands.h"
#include "tests/support/conversation.h"
#include "tests/support/packets/capture_writer.h"
#include "tests/support/packets/lan_messages.h"
#include "tests/support/temporary_folder.h"

#include <sstream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::firmware;
using namespace sporvakt::test;
using sporvakt::Timestamp;

TEST_GROUP(ReplayCommand) {
    TemporaryFolder folder;
    std::string path = folder.file("house.pcap");
    ReplayRequest request{{path}, ReplayTable::Flows, ReplayFormat::Table, "none.mdb", "none.tsv"};
    std::ostringstream out;
    std::ostringstream errors;

    void setup() override {
        Conversation talk;
        const Timestamp at(std::chrono::seconds(1'795'296'845));
        DhcpFields lease;
        CaptureWriter writer(path);
        writer.add(
            ethernet(0x0800,
                     ipv4({.source = "0.0.0.0", .destination = "255.255.255.255", .protocol = 17},
                          udp({68, 67},
                              dhcp(lease, dhcp_option(53, {3}) + dhcp_option(12, octets("Ola"))))),
                     {"3c:22:fb:12:34:01", "ff:ff:ff:ff:ff:ff"}),
            at);
        for (const auto& packet :
             {talk.syn(), talk.syn_ack(), talk.say(tls_hello("shop.example"))}) {
            writer.add(packet, at);
        }
    }
    std::vector<std::string> lines() const {
        std::vector<std::string> found;
        std::istringstream text(out.str());
        for (std::string line; std::getline(text, line);) {
            found.push_back(line);
        }
        return found;
    }
};

TEST(ReplayCommand, PrintsARowForEachFlowUnderItsHeader) {
    LONGS_EQUAL(0, replay(request, out, errors));

    LONGS_EQUAL(2, lines().size());
    STRCMP_EQUAL(
        "transport\tsrc\tsrc_port\tdst\tdst_port\tname\tname_from\tech\tdevice\tcompany\t"
        "purpose\tverdict\tbytes_up\tbytes_down\tfirst_seen\tlast_seen\tpkts_up\tpkts_down\t"
        "inferred\tbypass",
        lines()[0].c_str());
    STRCMP_EQUAL(
        "tcp\t192.168.1.20\t40000\t203.0.113.80\t443\tshop.example\ttls\t-\t"
        "3c:22:fb:12:34:01\t-\t-\tallow\t153\t40\t2026-11-21T21:34:05.000Z\t"
        "2026-11-21T21:34:05.000Z\t2\t1\t-\t-",
        lines()[1].c_str());
}

TEST(ReplayCommand, PrintsTheSameAsJsonLines) {
    request.format = ReplayFormat::JsonLines;
    LONGS_EQUAL(0, replay(request, out, errors));

    LONGS_EQUAL(1, lines().size());
    const auto row = nlohmann::json::parse(lines()[0]);
    LONGS_EQUAL(20, row.size());
    STRCMP_EQUAL("shop.example", row["name"].get<std::string>().c_str());
    LONGS_EQUAL(443, row["dst_port"].get<int>());
    CHECK_TRUE(row["company"].is_null());
}

TEST(ReplayCommand, PrintsARowForEachDevice) {
    request.table = ReplayTable::Devices;
    LONGS_EQUAL(0, replay(request, out, errors));

    STRCMP_EQUAL("mac\taddresses\thostname\tvendor", lines().at(0).c_str());
    STRCMP_EQUAL("3c:22:fb:12:34:01\t192.168.1.20\tOla\t-", lines().at(1).c_str());
}

TEST(ReplayCommand, SaysThatADeviceMadeItsAddressUp) {
    constexpr std::string_view kPhone = "da:5e:10:3a:41:07";
    ArpFields question;
    question.sender = kPhone;
    CaptureWriter(path).add(ethernet(0x0806, arp(question), {kPhone, "ff:ff:ff:ff:ff:ff"}),
                            Timestamp(std::chrono::seconds(1'795'296'845)));
    request.table = ReplayTable::Devices;
    LONGS_EQUAL(0, replay(request, out, errors));

    STRCMP_EQUAL("da:5e:10:3a:41:07\t192.168.1.20\t-\trandomised address", lines().at(1).c_str());
}

TEST(ReplayCommand, KeepsTheFlowsOfFilesApart) {
    request.files = {path, path};
    LONGS_EQUAL(0, replay(request, out, errors));

    LONGS_EQUAL(3, lines().size());
    STRCMP_EQUAL(lines()[1].c_str(), lines()[2].c_str());
}

TEST(ReplayCommand, SaysThatAFileIsCutShortAfterTheRowsThatCouldBeRead) {
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 5);
    LONGS_EQUAL(1, replay(request, out, errors));

    LONGS_EQUAL(2, lines().size());
    STRCMP_CONTAINS("house.pcap", errors.str().c_str());
    STRCMP_CONTAINS("cut short", errors.str().c_str());
}

TEST(ReplayCommand, GoesOnAfterAFileThatIsNoCapture) {
    const auto text = folder.file("letter.txt");
    std::ofstream(text) << "Dear Sporvakt, this is no capture.";
    request.files = {text, path};
    LONGS_EQUAL(1, replay(request, out, errors));

    LONGS_EQUAL(2, lines().size());
    STRCMP_CONTAINS("letter.txt", errors.str().c_str());
}

TEST(ReplayCommand, WantsExactlyOneTable) {
    CLI::App app;
    int exit_code = 0;
    add_replay_command(app, exit_code);

    CHECK_THROWS(CLI::ParseError, app.parse("replay some.pcap"));
    CHECK_THROWS(CLI::ParseError, app.parse("replay some.pcap --flows --devices"));
    CHECK_THROWS(CLI::ParseError, app.parse("replay --flows"));
}
