#include "capture/devices/ssdp_message.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using capture::parse_ssdp;

namespace {

std::string notify(const std::string& fields) {
    return "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n" + fields + "\r\n";
}

constexpr const char* kRenderer = "NT: urn:schemas-upnp-org:device:MediaRenderer:1\r\n";
constexpr const char* kAlive = "NTS: ssdp:alive\r\n";
constexpr const char* kServer = "SERVER: Linux/4.14 UPnP/1.0 Sonos/57.3 (ZPS9)\r\n";

auto parsed(const std::string& text) {
    return parse_ssdp(as_bytes(text));
}

}  // namespace

TEST_GROUP(SsdpMessage){};

TEST(SsdpMessage, SaysWhatTheSenderIsAndOffers) {
    const auto announcement = parsed(notify(std::string(kRenderer) + kAlive + kServer));

    STRCMP_EQUAL("Sonos/57.3 (ZPS9)", announcement->product.c_str());
    STRCMP_EQUAL("MediaRenderer", announcement->type.c_str());
}

TEST(SsdpMessage, ReadsAnswersToASearch) {
    const auto answer = parsed(
        "HTTP/1.1 200 OK\nst:urn:schemas-upnp-org:device:InternetGatewayDevice:2\n"
        "server:FRITZ!Box UPnP/1.0 AVM FRITZ!Box 7590 154.07.57\n\n");

    STRCMP_EQUAL("AVM FRITZ!Box 7590 154.07.57", answer->product.c_str());
    STRCMP_EQUAL("InternetGatewayDevice", answer->type.c_str());
}

TEST(SsdpMessage, ReadsAProductBehindAComma) {
    const auto announcement =
        parsed(notify("NTS: ssdp:alive\r\nSERVER: SHP, UPnP/1.0, Samsung UPnP SDK/1.0\r\n"));

    STRCMP_EQUAL("Samsung UPnP SDK/1.0", announcement->product.c_str());
}

TEST(SsdpMessage, KnowsNoTypeOfARootDeviceOrABareIdentifier) {
    STRCMP_EQUAL("", parsed(notify("NT: upnp:rootdevice\r\n"))->type.c_str());
    STRCMP_EQUAL("",
                 parsed(notify("NT: uuid:2fac1234-31f8-11b4-a222-08002b34c003\r\n"))->type.c_str());
    STRCMP_EQUAL("", parsed(notify("NT: urn:\r\n"))->type.c_str());
    STRCMP_EQUAL("", parsed(notify("SERVER: nginx\r\n"))->product.c_str());
    STRCMP_EQUAL("", parsed(notify("SERVER: x UPnP/1.0\r\n"))->product.c_str());
    STRCMP_EQUAL("", parsed(notify("SERVER: x UPnP/1.0, \r\n"))->product.c_str());
}

TEST(SsdpMessage, TakesNothingFromGoodbyesAndSearches) {
    CHECK_FALSE(parsed(notify(std::string(kRenderer) + "NTS: ssdp:byebye\r\n")).has_value());
    CHECK_FALSE(parsed("M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\n\r\n").has_value());
    CHECK_FALSE(parsed("HTTP/1.1 404 Not Found\r\n\r\n").has_value());
    CHECK_FALSE(parsed("").has_value());
}

TEST(SsdpMessage, CleansWhatItSays) {
    const auto announcement =
        parsed(notify("NT: urn:x:device:\x1b[31mRed:1\r\nSERVER: a UPnP/1.0 b\x07" +
                      std::string(200, 'c') + "\r\n"));

    STRCMP_EQUAL("[31mRed", announcement->type.c_str());
    STRCMP_EQUAL(("b" + std::string(62, 'c')).c_str(), announcement->product.c_str());
}

TEST(SsdpMessage, ReadsNoLineWithoutAnEnd) {
    STRCMP_EQUAL("", parsed("HTTP/1.1 200 OK\r\nSERVER: a UPnP/1.0 b")->product.c_str());
}

TEST(SsdpMessage, ReadsABoundedNumberOfLines) {
    std::string fields;
    for (std::size_t line = 0; line < capture::kSsdpLineCountMax; ++line) {
        fields += "X: y\r\n";
    }
    STRCMP_EQUAL("", parsed(notify(fields + kServer))->product.c_str());
}
