#include "dns/serving/client.h"

#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
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
