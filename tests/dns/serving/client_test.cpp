#include "dns/serving/client.h"

#include <cstring>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Endpoint;
using sporvakt::IpAddress;
using sporvakt::ParseError;

TEST_GROUP(Client){};

TEST(Client, HasAnAddressOfEitherFamily) {
    sockaddr_storage storage{};
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    inet_pton(AF_INET, "192.0.2.1", &v4.sin_addr);
    std::memcpy(&storage, &v4, sizeof(v4));
    STRCMP_EQUAL("192.0.2.1", address_of(storage)->text().c_str());

    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr);
    std::memcpy(&storage, &v6, sizeof(v6));
    STRCMP_EQUAL("2001:db8::1", address_of(storage)->text().c_str());
}

TEST(Client, IsNobodyOfAnotherFamily) {
    sockaddr_storage storage{};
    storage.ss_family = AF_UNIX;

    CHECK(address_of(storage).error() == ParseError::Malformed);
}

TEST(Client, AskedTheAddressThatTheKernelTellsOrElseItsSockets) {
    const std::vector listening{*Endpoint::from_text("192.0.2.1:53"),
                                *Endpoint::from_text("0.0.0.0:53")};
    sporvakt::dns::Client client;
    STRCMP_EQUAL("192.0.2.1", asked_address(client, listening).text().c_str());

    in_pktinfo info{};
    inet_pton(AF_INET, "192.168.7.1", &info.ipi_addr);
    auto* part = static_cast<cmsghdr*>(static_cast<void*>(client.peer.control.data()));
    part->cmsg_level = IPPROTO_IP;
    part->cmsg_type = IP_PKTINFO;
    part->cmsg_len = CMSG_LEN(sizeof(info));
    std::memcpy(CMSG_DATA(part), &info, sizeof(info));
    client.peer.control_length = CMSG_SPACE(sizeof(info));
    STRCMP_EQUAL("192.168.7.1", asked_address(client, listening).text().c_str());

    client.transport = Transport::Tcp;
    client.own_address = *IpAddress::from_text("fd00::1");
    STRCMP_EQUAL("fd00::1", asked_address(client, listening).text().c_str());
}
