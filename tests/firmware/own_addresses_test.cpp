#include "firmware/own_addresses.h"

#include <algorithm>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Endpoint;
using sporvakt::IpAddress;
using sporvakt::firmware::interface_networks;
using sporvakt::firmware::kOwnAddressesMax;
using sporvakt::firmware::own_addresses;

TEST_GROUP(OwnAddresses){
    static std::string of(const std::vector<std::string>& listen){std::vector<Endpoint> endpoints;
for (const std::string& text : listen) {
    endpoints.push_back(*Endpoint::from_text(text));
}
std::string all;
for (const IpAddress& address : own_addresses(endpoints)) {
    all += (all.empty() ? "" : " ") + address.text();
}
return all;
}
}
;

TEST(OwnAddresses, AreThoseThatAreListenedOn) {
    STRCMP_EQUAL("192.168.1.1 fd00::1", of({"192.168.1.1:53", "[fd00::1]:53"}).c_str());
    STRCMP_EQUAL("192.168.1.1", of({"192.168.1.1:53", "192.168.1.1:5300"}).c_str());
    STRCMP_EQUAL("", of({}).c_str());
}

TEST(OwnAddresses, AreLoopbackOnlyWhereNothingElseIs) {
    STRCMP_EQUAL("127.0.0.1", of({"127.0.0.1:53"}).c_str());
    STRCMP_EQUAL("192.168.1.1", of({"127.0.0.1:53", "192.168.1.1:53"}).c_str());
}

TEST(OwnAddresses, AreTheMachinesOwnWhereItListensOnAll) {
    const auto found = own_addresses({*Endpoint::from_text("0.0.0.0:53")});

    CHECK_FALSE(found.empty());  // every machine has 127.0.0.1 at least
    CHECK_TRUE(std::none_of(found.begin(), found.end(),
                            [](const IpAddress& address) { return address.is_unspecified(); }));
}

TEST(OwnAddresses, AreBounded) {
    std::vector<std::string> many;
    for (int last = 1; last <= 20; ++last) {
        many.push_back("192.168.1." + std::to_string(last) + ":53");
    }
    std::vector<Endpoint> endpoints;
    for (const std::string& text : many) {
        endpoints.push_back(*Endpoint::from_text(text));
    }

    LONGS_EQUAL(kOwnAddressesMax, own_addresses(endpoints).size());
}

TEST(OwnAddresses, NetworksOfCardsAreNeitherLoopbackNorOfOneLink) {
    for (const auto& network : interface_networks()) {
        CHECK_FALSE(network.interface.empty());
        CHECK_FALSE(network.network.contains(*IpAddress::from_text("127.0.0.1")));
        CHECK_FALSE(network.network.text().starts_with("fe80"));
    }
}
